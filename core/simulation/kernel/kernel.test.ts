import { expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import { O } from "./calls.ts";
import { TestHost } from "./host.testing.ts";
import { print, readTextFile, readToEnd, run, writeFile } from "./io.ts";
import type { Program } from "./program.ts";
import { asyncProgram, sys } from "./syscalls.ts";

const codeOf = (error: unknown) => (error instanceof Errno ? error.code : String(error));

test("a program writes, and its status is what it returns", async () => {
  const host = new TestHost();
  const result = await host.run(function* (process) {
    yield* print(1, `I am ${process.argv[0]}, number ${yield* sys.getpid()} of ${yield* sys.getppid()}\n`);
    return 7;
  });
  expect(result).toEqual({ status: 7, output: "I am anonymous1, number 2 of 1\n" });
});

test("files: what is written can be read; errors are Linux's", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    yield* writeFile("/tmp/a", "hello");
    yield* sys.mkdir("/tmp/d", 0o777);
    yield* sys.symlink("../a", "/tmp/d/link");
    yield* print(
      1,
      `${yield* readTextFile("/tmp/d/link")} ${(yield* sys.stat("/tmp/d")).mode.toString(8)}\n`,
    );
    for (const attempt of [
      () => sys.open("/tmp/none", O.RDONLY),
      () => sys.open("/tmp/a/b", O.RDONLY),
      () => sys.open("/tmp/a", O.WRONLY | O.CREAT | O.EXCL),
      () => sys.open("/tmp", O.WRONLY),
      () => sys.rmdir("/tmp/d"),
      () => sys.mkdir("/tmp"),
      () => sys.unlink("/tmp"),
      () => sys.chdir("/tmp/a"),
      () => sys.read(9, 1),
      () => sys.spawn("/tmp/a"),
      () => sys.waitpid(-1),
    ]) {
      try {
        yield* attempt() as Generator<any, unknown, any>;
        yield* print(1, "fine ");
      } catch (error) {
        yield* print(1, `${codeOf(error)} `);
      }
    }
    return 0;
  });
  expect(result.output).toBe(
    "hello 755\nENOENT ENOTDIR EEXIST EISDIR ENOTEMPTY EEXIST EISDIR ENOTDIR EBADF EACCES ECHILD ",
  );
});

test("a pipe blocks its writer when it is full and its reader when it is empty, and ends with its last writer", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const pipe = yield* sys.pipe();
    const writer = yield* sys.clone(function* () {
      yield* sys.close(pipe.read);
      const written = yield* sys.write(pipe.write, new Uint8Array(200_000));
      return written === 200_000 ? 0 : 1;
    });
    yield* sys.close(pipe.write);
    const bytes = yield* readToEnd(pipe.read);
    const ended = yield* sys.waitpid(writer);
    yield* print(1, `${bytes.length} ${JSON.stringify(ended!.status)}`);
    return 0;
  });
  expect(result.output).toBe('200000 {"kind":"exited","code":0}');
});

test("writing to a pipe that nobody reads kills with SIGPIPE", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const pipe = yield* sys.pipe();
    yield* sys.close(pipe.read);
    yield* sys.write(pipe.write, utf8("x"));
    return 0;
  });
  expect(result.status).toBe(141);
});

test("a handler interrupts a sleep; without restart the call throws EINTR", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const parent = yield* sys.getpid();
    yield* sys.sigaction("SIGUSR1", {
      *handler(signal) {
        yield* print(1, `${signal} `);
      },
    });
    yield* sys.clone(function* () {
      yield* sys.nanosleep(1e6);
      yield* sys.kill(parent, "SIGUSR1");
      return 0;
    });
    try {
      yield* sys.nanosleep(60e9);
    } catch (error) {
      yield* print(1, codeOf(error));
    }
    return 0;
  });
  expect(result.output).toBe("SIGUSR1 EINTR");
  expect(host.kernel.time.elapsed).toBeLessThan(1e9);
});

test("a busy loop takes its turns, and can be killed", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const busy = yield* sys.clone(function* () {
      for (;;) yield* sys.compute();
    });
    yield* sys.nanosleep(50e6);
    yield* sys.kill(busy, "SIGTERM");
    const ended = (yield* sys.waitpid(busy))!;
    yield* print(1, `${JSON.stringify(ended.status)} ${Math.round(ended.userTime / 1e6)}`);
    return 0;
  });
  expect(result.output).toMatch(/^\{"kind":"signaled","signal":"SIGTERM","core":false\} (3\d|4\d|50)$/);
});

test("orphans go to process 1; zombies wait for their parent", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const pipe = yield* sys.pipe();
    const child = yield* sys.clone(function* () {
      yield* sys.clone(function* () {
        yield* sys.nanosleep(5e6);
        yield* print(pipe.write, `my parent is ${yield* sys.getppid()}`);
        return 0;
      });
      return 3;
    });
    yield* sys.nanosleep(1e6);
    yield* print(1, `${(yield* readTextFile(`/proc/${child}/stat`)).split(" ")[2]} `);
    yield* sys.waitpid(child);
    yield* sys.close(pipe.write);
    yield* print(1, text(yield* readToEnd(pipe.read)));
    return 0;
  });
  expect(result.output).toBe("Z my parent is 1");
});

test("stop and continue are told to a parent that asks", async () => {
  const host = new TestHost();
  const result = await host.run(function* () {
    const child = yield* sys.clone(function* () {
      for (;;) yield* sys.nanosleep(1e6);
    });
    yield* sys.kill(child, "SIGSTOP");
    const stopped = yield* sys.waitpid(child, { untraced: true });
    yield* sys.kill(child, "SIGCONT");
    const continued = yield* sys.waitpid(child, { continued: true });
    yield* sys.kill(child, "SIGKILL");
    const killed = yield* sys.waitpid(child);
    yield* print(1, [stopped, continued, killed].map((each) => each!.status.kind).join(" "));
    return 0;
  });
  expect(result.output).toBe("stopped continued signaled");
});

test("scripts run by their interpreter, copies of a program are that program, an unknown ELF is ENOEXEC", async () => {
  const host = new TestHost({
    show: function* (process) {
      yield* print(1, `${process.argv.join(" ")}\n`);
      return 0;
    },
  });
  host.file("/bin/script", "#!/bin/show -x\n", 0o755);
  host.file("/bin/alien", "\x7fELF\x02 what is this", 0o755);
  host.file("/bin/text", "no magic", 0o755);
  const result = await host.run(function* () {
    yield* run("/bin/script", ["script", "a"]);
    yield* writeFile(
      "/tmp/copy",
      yield* (function* () {
        const fd = yield* sys.open("/bin/show", O.RDONLY);
        return yield* readToEnd(fd);
      })(),
      0o755,
    );
    yield* run("/tmp/copy", ["any", "name"]);
    for (const path of ["/bin/alien", "/bin/text"]) {
      try {
        yield* run(path, [path]);
      } catch (error) {
        yield* print(1, `${codeOf(error)}\n`);
      }
    }
    return 0;
  });
  expect(result.output).toBe("/bin/show -x /bin/script a\nany name\nENOEXEC\nENOEXEC\n");
});

test("async code waits in the kernel; several of its calls wait at once", async () => {
  const host = new TestHost();
  const result = await host.run(
    asyncProgram(async (calls) => {
      const order: string[] = [];
      const wait = async (milliseconds: number) => {
        await calls.nanosleep(milliseconds * 1e6);
        order.push(String(milliseconds));
      };
      await Promise.all([wait(30), wait(10), wait(20)]);
      await calls.write(1, utf8(order.join(" ")));
      return 5;
    }),
  );
  expect(result).toEqual({ status: 5, output: "10 20 30" });
});

test("a user without rights is refused", async () => {
  const host = new TestHost();
  host.file("/root/secret", "s", 0o600);
  const result = await host.run(function* () {
    yield* sys.setgid(1000);
    yield* sys.setuid(1000);
    for (const attempt of [
      () => sys.open("/root/secret", O.RDONLY),
      () => sys.mkdir("/etc/x"),
      () => sys.chown("/etc", 1000, 1000),
      () => sys.kill(1, "SIGTERM"),
      () => sys.mount("none", "/tmp", "tmpfs", []),
      () => sys.sethostname("x"),
      () => sys.chroot("/tmp"),
    ]) {
      try {
        yield* attempt() as Generator<any, unknown, any>;
        yield* print(1, "fine ");
      } catch (error) {
        yield* print(1, `${codeOf(error)} `);
      }
    }
    return 0;
  });
  expect(result.output).toBe("EACCES EACCES EPERM EPERM EPERM EPERM EPERM ");
});

const counter: Program = function* () {
  for (let index = 0; index < 3; index++) {
    yield* print(1, `${index} ${yield* sys.clock()} `);
    yield* sys.nanosleep(1e9);
  }
  return 0;
};

test("the same inputs give the same outputs, at the same virtual times", async () => {
  const first = await new TestHost().run(counter);
  const second = await new TestHost().run(counter);
  expect(second).toEqual(first);
  expect(first.output).toMatch(/^0 17000000000000\d+ 1 17000000010000\d+ 2 17000000020000\d+ $/);
});

test("starting and ending a small program takes well under 100 µs", async () => {
  const host = new TestHost({
    nothing: function* () {
      return 0;
    },
  });
  const result = host.run(function* () {
    for (let round = 0; round < 2000; round++) {
      const pid = yield* sys.spawn("/bin/nothing", { argv: ["nothing"] });
      yield* sys.waitpid(pid);
    }
    return 0;
  });
  const start = performance.now();
  await result;
  expect((performance.now() - start) / 2000).toBeLessThan(1);
});
