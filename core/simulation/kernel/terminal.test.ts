import { expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import { text, utf8 } from "../../platform/bytes.ts";
import { TestHost } from "./host.testing.ts";
import { print } from "./io.ts";
import { sys } from "./syscalls.ts";

const echoLines = function* () {
  for (;;) {
    const line = yield* sys.read(0, 1000);
    if (line.length === 0) return 0;
    yield* print(1, `<${text(line).trim()}>\n`);
  }
};

test("lines are edited before they are read; ^D is the end", async () => {
  const host = new TestHost({ lines: echoLines });
  const { process, master, screen } = host.terminal("lines");
  master.write(utf8("helo\x7flo\r"));
  await host.pass(1);
  master.write(utf8("some words\x17\x15gone\x15ok\r"));
  await host.pass(1);
  master.write(utf8("\x04"));
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(process.status).toEqual({ kind: "exited", code: 0 });
  const erased = (count: number) => "\b \b".repeat(count);
  expect(screen()).toBe(
    `helo${erased(1)}lo\r\n<hello>\r\n` + `some words${erased(5)}${erased(5)}gone${erased(4)}ok\r\n<ok>\r\n`,
  );
});

test("^C interrupts the foreground; what was typed is forgotten", async () => {
  const host = new TestHost({
    wait: function* () {
      return yield* sys.pause();
    },
  });
  const { process, master, screen } = host.terminal("wait");
  await host.pass(1);
  master.write(utf8("abc\x03"));
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(process.status).toEqual({ kind: "signaled", signal: "SIGINT", core: false });
  expect(screen()).toBe("abc^C");
});

test("raw keys arrive as they are typed, unechoed", async () => {
  const host = new TestHost({
    raw: function* () {
      yield* sys.tcsetattr(0, { canonical: false, echo: false, signals: false, crToNl: false });
      yield* print(1, `${[...(yield* sys.read(0, 10))].join(" ")}\n`);
      return 0;
    },
  });
  const { process, master, screen } = host.terminal("raw");
  await host.pass(1);
  master.write(utf8("\x03\r"));
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(screen()).toBe("3 13\r\n");
});

test("a resize sends SIGWINCH", async () => {
  const host = new TestHost({
    size: function* () {
      yield* sys.sigaction("SIGWINCH", { handler: () => {} });
      try {
        yield* sys.pause();
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
      }
      const { columns, rows } = yield* sys.getWinsize(1);
      yield* print(1, `${columns}x${rows}`);
      return 0;
    },
  });
  const { process, master, screen } = host.terminal("size");
  await host.pass(1);
  master.tty.resize({ columns: 100, rows: 30 });
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(screen()).toBe("100x30");
});

test("job control: a background reader is stopped, and goes on in the foreground", async () => {
  const host = new TestHost({
    shell: function* () {
      yield* sys.sigaction("SIGTTOU", "ignore");
      const own = yield* sys.getpgid();
      const job = yield* sys.clone(function* () {
        yield* sys.sigaction("SIGTTOU", "default");
        yield* sys.setpgid(0, 0);
        yield* print(1, `read ${text(yield* sys.read(0, 100)).trim()}\n`);
        return 0;
      });
      yield* sys.setpgid(job, job);
      const stopped = (yield* sys.waitpid(job, { untraced: true }))!;
      yield* print(
        1,
        `${stopped.status.kind} ${stopped.status.kind === "stopped" ? stopped.status.signal : ""}\n`,
      );
      yield* sys.tcsetpgrp(0, job);
      yield* sys.kill(-job, "SIGCONT");
      const ended = (yield* sys.waitpid(job, { untraced: true }))!;
      yield* sys.tcsetpgrp(0, own);
      yield* print(1, `${ended.status.kind}\n`);
      return 0;
    },
  });
  const { process, master, screen } = host.terminal("shell");
  await host.pass(5);
  expect(screen()).toBe("stopped SIGTTIN\r\n");
  master.write(utf8("now\r"));
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(screen()).toBe("stopped SIGTTIN\r\nnow\r\nread now\r\nexited\r\n");
});

test("when the terminal goes, its programs are hung up", async () => {
  const host = new TestHost({
    wait: function* () {
      return yield* sys.pause();
    },
  });
  const { process, master } = host.terminal("wait");
  await host.pass(1);
  master.tty.hangUp();
  await host.kernel.loop.runUntil(host.kernel.ended(process));
  expect(process.status).toEqual({ kind: "signaled", signal: "SIGHUP", core: false });
});
