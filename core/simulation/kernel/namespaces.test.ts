import { expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import { text } from "../../platform/bytes.ts";
import { O } from "./calls.ts";
import { TestHost } from "./host.testing.ts";
import { exists, print, readTextFile, readToEnd, writeFile } from "./io.ts";
import { sys } from "./syscalls.ts";

test("a pid namespace counts anew; its processes end with its first", async () => {
  const host = new TestHost();
  const { output } = await host.run(function* () {
    const pipe = yield* sys.pipe();
    const child = yield* sys.clone(
      function* () {
        const orphan = yield* sys.clone(function* () {
          return yield* sys.pause();
        });
        yield* print(pipe.write, `${yield* sys.getpid()} ${orphan} `);
        return 0;
      },
      { namespaces: ["pid"] },
    );
    yield* sys.waitpid(child);
    yield* sys.close(pipe.write);
    yield* print(1, text(yield* readToEnd(pipe.read)));
    const numbers = (yield* sys.readdir("/proc")).filter(({ name }) => /^\d+$/.test(name));
    yield* print(1, numbers.map(({ name }) => name).join(","));
    return 0;
  });
  expect(output).toBe("1 2 1,2");
});

test("mounts in a namespace of one's own stay there", async () => {
  const host = new TestHost();
  const { output } = await host.run(function* () {
    yield* writeFile("/tmp/below", "x");
    const child = yield* sys.clone(
      function* () {
        yield* sys.mount("tmpfs", "/tmp", "tmpfs", ["size=4k"]);
        yield* print(1, `${yield* exists("/tmp/below")} `);
        try {
          yield* writeFile("/tmp/big", "y".repeat(10000));
        } catch (error) {
          yield* print(1, `${(error as Errno).code} `);
        }
        yield* sys.mount("/etc", "/tmp", "", ["bind", "ro"]);
        try {
          yield* writeFile("/tmp/new", "");
        } catch (error) {
          yield* print(1, `${(error as Errno).code} `);
        }
        return 0;
      },
      { namespaces: ["mnt"] },
    );
    yield* sys.waitpid(child);
    yield* print(1, `${yield* exists("/tmp/below")}`);
    return 0;
  });
  expect(output).toBe("false ENOSPC EROFS true");
});

test("chroot shuts in; /proc/PID/ns tells namespaces apart, setns joins them", async () => {
  const host = new TestHost();
  host.file("/root/jail/inside", "deep");
  const { output } = await host.run(function* () {
    const own = yield* sys.readlink("/proc/self/ns/uts");
    const child = yield* sys.clone(
      function* () {
        yield* sys.sethostname("inner");
        return yield* sys.pause();
      },
      { namespaces: ["uts"] },
    );
    yield* sys.nanosleep(1e6);
    yield* print(
      1,
      `${own !== (yield* sys.readlink(`/proc/${child}/ns/uts`))} ${(yield* sys.uname()).nodename} `,
    );
    yield* sys.setns(yield* sys.open(`/proc/${child}/ns/uts`, O.RDONLY), "uts");
    yield* print(1, `${(yield* sys.uname()).nodename} `);
    yield* sys.kill(child, "SIGKILL");
    yield* sys.chroot("/root/jail");
    yield* sys.chdir("/");
    yield* print(1, `${yield* readTextFile("/../../inside")} ${yield* sys.getcwd()}`);
    return 0;
  });
  expect(output).toBe("true host inner deep /");
});

test("cgroup files act: limits, freezing, counting", async () => {
  const host = new TestHost();
  const { output } = await host.run(function* () {
    yield* sys.mkdir("/sys/fs/cgroup/a");
    const own = yield* sys.getpid();
    const busy = yield* sys.clone(function* () {
      for (;;) yield* sys.compute();
    });
    yield* writeFile("/sys/fs/cgroup/a/cgroup.procs", String(busy));
    yield* writeFile("/sys/fs/cgroup/a/cpu.max", "20000 100000");
    yield* sys.nanosleep(1e9);
    const usage = () => readTextFile("/sys/fs/cgroup/a/cpu.stat");
    const used = Number(/usage_usec (\d+)/.exec(yield* usage())![1]);
    yield* print(1, `${used > 180000 && used < 230000} `);
    yield* writeFile("/sys/fs/cgroup/a/cgroup.freeze", "1");
    const frozen = yield* usage();
    yield* sys.nanosleep(1e9);
    yield* print(
      1,
      `${frozen === (yield* usage())} ${(yield* readTextFile("/sys/fs/cgroup/a/cgroup.events")).replaceAll("\n", ",")} `,
    );
    yield* writeFile("/sys/fs/cgroup/a/cgroup.freeze", "0");
    yield* writeFile("/sys/fs/cgroup/a/pids.max", "1");
    yield* writeFile("/sys/fs/cgroup/a/cgroup.procs", String(own));
    try {
      yield* sys.clone(() => sys.pause());
    } catch (error) {
      yield* print(1, `${(error as Errno).code} `);
    }
    for (const [file, value] of [
      ["memory.max", "many"],
      ["cpuset.cpus", "0-9"],
      ["cgroup.procs", "4000"],
    ] as const) {
      try {
        yield* writeFile(`/sys/fs/cgroup/a/${file}`, value);
      } catch (error) {
        yield* print(1, `${(error as Errno).code} `);
      }
    }
    try {
      yield* sys.rmdir("/sys/fs/cgroup/a");
    } catch (error) {
      yield* print(1, (error as Errno).code);
    }
    yield* sys.kill(busy, "SIGKILL");
    return 0;
  });
  expect(output).toBe("true true populated 1,frozen 1, EAGAIN EINVAL EINVAL ESRCH EBUSY");
});

test("/proc tells of processes and of the machine", async () => {
  const host = new TestHost();
  const { output } = await host.run(function* () {
    const status = yield* readTextFile("/proc/self/status");
    const line = (name: string) => status.split("\n").find((each) => each.startsWith(`${name}:`));
    yield* print(1, `${line("Name")} ${line("Pid")} ${line("CapEff")}\n`);
    yield* print(
      1,
      `${yield* sys.readlink("/proc/self/exe")} ${(yield* sys.readlink("/proc/self/fd/1")).replace(/\d+/, "N")}\n`,
    );
    yield* print(1, (yield* readTextFile("/proc/self/cmdline")).replaceAll("\0", "|"));
    yield* print(1, `\n${yield* readTextFile("/proc/sys/kernel/hostname")}`);
    yield* print(1, (yield* readTextFile("/proc/mounts")).split("\n")[0]!);
    return 0;
  });
  expect(output).toBe(
    "Name:\tanonymous1 Pid:\t2 CapEff:\t000001ffffffffff\n/bin/anonymous1 pipe:[N]\nanonymous1|\nhost\n/dev/sda1 / ext4 rw,relatime 0 0",
  );
});
