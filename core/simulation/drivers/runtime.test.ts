import { describe, expect, test } from "vitest";
import { Errno } from "../../files/filesystem.ts";
import { bytePipe, utf8 } from "../../platform/bytes.ts";
import { StepLog } from "../../steps/trace.ts";
import type { TaskSpec } from "../../tasks/spec.ts";
import { print, readTextFile, readToEnd, writeFile } from "../kernel/io.ts";
import type { Program } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { collectedIo, ContainerHost } from "./container.testing.ts";
import { SimulatedRuntime } from "./runtime.ts";

const programs: Record<string, Program> = {
  true: function* () {
    return 0;
  },
  exit: function* (process) {
    return Number(process.argv[1]);
  },
  sleep: function* (process) {
    yield* sys.nanosleep(Number(process.argv[1]) * 1e9);
    return 0;
  },
  cat: function* (process) {
    if (process.argv.length === 1) yield* sys.write(1, yield* readToEnd(0));
    for (const path of process.argv.slice(1)) yield* print(1, yield* readTextFile(path));
    return 0;
  },
  who: function* () {
    const { uid, gid } = yield* sys.getuid();
    const { nodename } = yield* sys.uname();
    yield* print(
      1,
      `${yield* sys.getpid()} ${yield* sys.getppid()} ${uid}:${gid} ${nodename} ${yield* sys.getcwd()} ${(yield* sys.readdir("/")).map((entry) => entry.name).join(",")}`,
    );
    return 0;
  },
  try: function* () {
    for (const attempt of [
      () => sys.mount("x", "/etc", "tmpfs", []),
      () => sys.sethostname("other"),
      () => writeFile("/proc/sys/kernel/hostname", "x"),
      () => sys.chown("/etc/passwd", 1, 1),
      () => sys.kill(1, "SIGKILL"),
    ]) {
      try {
        yield* attempt() as Generator<any, unknown, any>;
        yield* print(1, "fine ");
      } catch (error) {
        yield* print(1, `${(error as Errno).code} `);
      }
    }
    return 0;
  },
  hog: function* (process) {
    yield* sys.allocate(Number(process.argv[1]));
    return 0;
  },
  spin: function* () {
    for (;;) yield* sys.compute();
  },
  fork: function* () {
    try {
      for (;;) yield* sys.clone(() => sys.pause());
    } catch (error) {
      yield* print(1, (error as Errno).code);
    }
    return 0;
  },
};

async function runContainer(args: string[], change: (spec: TaskSpec) => void = () => {}, terminal = false) {
  const host = new ContainerHost(programs);
  const spec = host.spec(args, { terminal });
  change(spec);
  const io = collectedIo();
  const runtime = new SimulatedRuntime(host.kernel);
  const task = await runtime.create(spec, io);
  await task.start();
  const exit = await host.kernel.loop.runUntil(task.wait());
  const result = {
    status: exit.status,
    oomKilled: exit.oomKilled,
    output: await io.output(),
    errors: await io.errors(),
  };
  await task.delete();
  return { ...result, host };
}

test("a container's process is number 1 of its own world", async () => {
  const { status, output } = await runContainer(["who"]);
  expect({ status, output }).toEqual({ status: 0, output: "1 0 0:0 box / proc,dev,sys,bin,etc" });
});

test("its user, directory and limits are the specification's", async () => {
  const { output } = await runContainer(["who"], (spec) => {
    spec.process.user = { uid: 1000, gid: 1000, additionalGids: [] };
    spec.process.cwd = "/etc";
  });
  expect(output).toMatch(/^1 0 1000:1000 box \/etc /);
});

test("what Docker's default capabilities and read-only paths allow", async () => {
  expect((await runContainer(["try"])).output).toBe("EPERM EPERM EROFS fine fine ");
});

test("exit statuses, and a signal's", async () => {
  expect((await runContainer(["exit", "3"])).status).toBe(3);
  const host = new ContainerHost(programs);
  const task = await new SimulatedRuntime(host.kernel).create(host.spec(["sleep", "100"]), collectedIo());
  await task.start();
  await host.pass(1000);
  await task.kill("SIGTERM");
  await host.pass(1000);
  expect(await task.pids()).toEqual([task.pid]);
  await task.kill("SIGKILL");
  expect(await host.kernel.loop.runUntil(task.wait())).toMatchObject({ status: 137, oomKilled: false });
  await expect(task.kill("SIGTERM")).rejects.toThrow("process already finished");
});

describe("programs that cannot be started", () => {
  const failure = async (args: string[], change?: (spec: TaskSpec) => void) => {
    const error = await runContainer(args, change).then(
      () => undefined,
      (reason: Error) => reason,
    );
    return error?.message.replace(/^.*error during container init: /, "… ");
  };
  test("have runc's texts", async () => {
    expect(await failure(["nosuch"])).toBe('… exec: "nosuch": executable file not found in $PATH');
    expect(await failure(["/no/such"])).toBe('… exec: "/no/such": stat /no/such: no such file or directory');
    expect(await failure(["/etc"])).toBe('… exec: "/etc": is a directory: permission denied');
    expect(await failure(["/etc/passwd"])).toBe('… exec: "/etc/passwd": permission denied');
    expect(await failure(["true"], (spec) => void (spec.process.cwd = "/nodir"))).toBe(
      '… chdir to cwd ("/nodir") set in config.json failed: no such file or directory',
    );
  });
  test("an unknown format shows on the program's own output", async () => {
    const host = new ContainerHost(programs);
    const spec = host.spec(["/odd"]);
    host.file(`/var/lib/docker/overlay2/${spec.id}/lower/odd`, "no magic", 0o755);
    const io = collectedIo();
    const task = await new SimulatedRuntime(host.kernel).create(spec, io);
    await task.start();
    expect((await host.kernel.loop.runUntil(task.wait())).status).toBe(255);
    expect(await io.errors()).toBe("exec /odd: exec format error\n");
  });
});

test("what a container writes lands in its upper directory", async () => {
  const { host, output } = await runContainer(["cat", "/proc/self/mounts"]);
  expect(output.split("\n")[0]).toMatch(
    /^overlay \/ overlay rw,relatime,lowerdir=\/var\/lib\/docker\/overlay2\//,
  );
  expect(output).toContain("proc /proc/sys proc ro,nosuid,nodev,noexec,relatime 0 0\n");
  expect(host.kernel.cgroups.find("/docker")!.children.size).toBe(0);
});

test("bind mounts show the host's files; a directory on a file is refused in runc's words", async () => {
  const { output } = await runContainer(["cat", "/data/hello"], (spec) => {
    spec.mounts.push({ destination: "/data", type: "bind", source: "/tmp", options: ["rbind", "ro"] });
  }).catch((error: Error) => ({ output: error.message }));
  expect(output).toBe("");
  await expect(
    runContainer(["true"], (spec) => {
      spec.mounts.push({
        destination: "/etc/passwd",
        type: "bind",
        source: "/tmp",
        options: ["rbind", "rprivate"],
      });
    }),
  ).rejects.toThrow(
    'error during container init: error mounting "/tmp" to rootfs at "/etc/passwd": mount src=/tmp, dst=/etc/passwd, dstFd=/proc/thread-self/fd/14, flags=MS_BIND|MS_REC: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type',
  );
});

test("memory.max kills", async () => {
  const { status, oomKilled } = await runContainer(
    ["hog", "100000000"],
    (spec) => void (spec.resources = { memory: 64 << 20 }),
  );
  expect({ status, oomKilled }).toEqual({ status: 137, oomKilled: true });
});

test("pids.max stops a fork bomb", async () => {
  const { output } = await runContainer(["fork"], (spec) => void (spec.resources = { pidsLimit: 20 }));
  expect(output).toBe("EAGAIN");
});

test("cpu.max slows a busy process in virtual time; pause stops it", async () => {
  const host = new ContainerHost(programs);
  const spec = host.spec(["spin"]);
  spec.resources = { nanoCpus: 5e8 };
  const task = await new SimulatedRuntime(host.kernel).create(spec, collectedIo());
  await task.start();
  await host.pass(1000);
  const { cpu } = await task.stats();
  expect(cpu.total / 1e9).toBeGreaterThan(0.45);
  expect(cpu.total / 1e9).toBeLessThan(0.56);
  await task.pause();
  const before = (await task.stats()).cpu.total;
  await host.pass(1000);
  expect((await task.stats()).cpu.total).toBe(before);
  await task.resume();
  await host.pass(1000);
  expect((await task.stats()).cpu.total).toBeGreaterThan(before);
  await task.delete();
});

test("exec joins the container; its streams are its own", async () => {
  const host = new ContainerHost(programs);
  const runtime = new SimulatedRuntime(host.kernel);
  const task = await runtime.create(host.spec(["sleep", "1000"]), collectedIo());
  await task.start();
  const io = collectedIo();
  const stdin = bytePipe();
  const process = { ...host.spec(["cat"]).process };
  const exec = await task.exec("e1", process, { ...io, stdin: stdin.source });
  await exec.start();
  await stdin.sink.write(utf8("through"));
  stdin.sink.close();
  expect(await host.kernel.loop.runUntil(exec.wait())).toMatchObject({ status: 0 });
  expect(await io.output()).toBe("through");
  await expect(task.exec("e2", { ...process, args: ["nosuch"] }, collectedIo())).rejects.toThrow(
    'OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in $PATH',
  );
  expect(await task.pids()).toEqual([task.pid]);
  await task.delete();
});

test("a terminal: CR LF, Ctrl-C, its size", async () => {
  const { output } = await runContainer(["cat", "/proc/self/comm"], () => {}, true);
  expect(output).toBe("cat\r\n");
});

test("--init reaps, forwards signals, and ends as its command", async () => {
  expect((await runContainer(["exit", "4"], (spec) => void (spec.init = true))).status).toBe(4);
  const missing = await runContainer(["nosuch"], (spec) => void (spec.init = true));
  expect(missing).toMatchObject({
    status: 127,
    errors: "[FATAL tini (7)] exec nosuch failed: No such file or directory\n",
  });
  const host = new ContainerHost(programs);
  const spec = host.spec(["sleep", "1000"]);
  spec.init = true;
  const task = await new SimulatedRuntime(host.kernel).create(spec, collectedIo());
  await task.start();
  await host.pass(10);
  await task.kill("SIGTERM");
  expect((await host.kernel.loop.runUntil(task.wait())).status).toBe(143);
});

test("top answers as ps does", async () => {
  const host = new ContainerHost(programs);
  const task = await new SimulatedRuntime(host.kernel).create(host.spec(["sleep", "1000"]), collectedIo());
  await task.start();
  await host.pass(1);
  const { titles, processes } = await task.top("");
  expect(titles).toEqual(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]);
  expect(processes).toEqual([
    ["root", String(task.pid), String(task.pid - 1), "0", "22:13", "?", "00:00:00", "sleep 1000"],
  ]);
  expect((await task.top("-o pid,comm")).processes).toEqual([[String(task.pid), "sleep"]]);
  await expect(task.top("-o comm")).rejects.toThrow("Couldn't find PID field in ps output");
  await expect(task.top("-zz")).rejects.toThrow("ps: error: unsupported SysV option");
  await expect(task.top("-o foo")).rejects.toThrow('ps: error: unknown user-defined format specifier "foo"');
});

test("says what it did, with the actual arguments", async () => {
  const host = new ContainerHost(programs);
  const log = new StepLog(host.kernel.clock);
  const spec = host.spec(["true"]);
  spec.resources = { memory: 64 << 20, nanoCpus: 15e8, pidsLimit: 50 };
  await new SimulatedRuntime(host.kernel).create(spec, collectedIo(), log.root());
  const steps = log.since(0).map(({ actor, what, data }) => ({ actor, what, data }));
  expect(steps).toContainEqual({
    actor: "kernel",
    what: "write cgroup file",
    data: { path: `/sys/fs/cgroup/docker/${spec.id}/cpu.max`, value: "150000 100000" },
  });
  expect(steps).toContainEqual({
    actor: "kernel",
    what: "mount overlay",
    data: { target: `/var/lib/docker/overlay2/${spec.id}/merged`, options: spec.mounts[0]!.options },
  });
  expect(steps.find(({ what }) => what === "make namespaces")!.data).toEqual({
    mnt: 4026532201,
    uts: 4026532202,
    ipc: 4026532203,
    pid: 4026532204,
    net: 4026532205,
    user: 4026531837,
    cgroup: 4026532206,
  });
});
