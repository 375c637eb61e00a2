import { Errno } from "../../files/filesystem.ts";
import type { WaitStatus } from "./calls.ts";
import { afterExec } from "./credentials.ts";
import type { Executable } from "./executable.ts";
import type { Kernel } from "./kernel.ts";
import type { PidNamespace } from "./namespaces.ts";
import { Process, Thread } from "./process.ts";
import type { AsyncProcess } from "./syscalls.ts";
import { isOrphaned, postSignal, signalGroup } from "./signal-delivery.ts";
import type { Program } from "./program.ts";

/** Bytes that any process holds for its own tables and stack. */
export const processMemory = 384 * 1024;

/** Makes a child that is a copy of `parent`, without a thread yet. EAGAIN when pids.max or RLIMIT_NPROC forbid it. */
export function fork(kernel: Kernel, parent: Process): Process {
  const full = parent.cgroup.pidsExhausted();
  if (full) {
    full.pidsEventsMax++;
    throw new Errno("EAGAIN");
  }
  const limit = parent.rlimits.get("nproc");
  if (limit && parent.credentials.uid !== 0 && kernel.processesOf(parent.credentials.uid) >= limit.soft)
    throw new Errno("EAGAIN");
  const child = new Process(numbersIn(parent.namespaces.pidForChildren), {
    parent,
    group: parent.group,
    root: parent.root,
    cwd: parent.cwd,
    credentials: parent.credentials,
    namespaces: { ...parent.namespaces, pid: parent.namespaces.pidForChildren },
    cgroup: parent.cgroup,
    startTime: kernel.time.elapsed,
  });
  parent.children.add(child);
  child.descriptors = parent.descriptors.copy();
  child.umask = parent.umask;
  child.actions = new Map(parent.actions);
  child.blocked = new Set(parent.blocked);
  child.rlimits = new Map(parent.rlimits);
  child.nice = parent.nice;
  child.oomScoreAdj = parent.oomScoreAdj;
  child.argv = parent.argv;
  child.env = parent.env;
  child.comm = parent.comm;
  child.exe = parent.exe;
  child.identity = parent.identity;
  joinCgroup(child, child.cgroup);
  setMemory(kernel, child, processMemory);
  kernel.observe({ kind: "fork", pid: child.pid, parent: parent.pid });
  return child;
}

/** A number in the namespace and in each above it, outermost first. ENOMEM when the namespace's process 1 is gone. */
export function numbersIn(namespace: PidNamespace): { namespace: PidNamespace; pid: number }[] {
  if (namespace.parent && namespace.last > 0 && !namespace.init?.alive) throw new Errno("ENOMEM");
  const numbers: { namespace: PidNamespace; pid: number }[] = [];
  for (let at: PidNamespace | undefined = namespace; at; at = at.parent)
    numbers.unshift({ namespace: at, pid: at.take() });
  return numbers;
}

export function joinCgroup(process: Process, cgroup: Process["cgroup"]): void {
  process.cgroup.chargeMemory(-process.memory);
  process.cgroup.processes.delete(process);
  process.cgroup = cgroup;
  cgroup.processes.add(process);
  cgroup.chargeMemory(process.memory);
  for (const group of cgroup.ancestors()) group.pidsPeak = Math.max(group.pidsPeak, group.population);
}

/** Lets a process run `program` as its first thread. */
export function startProgram(kernel: Kernel, process: Process, program: Program): void {
  const view: AsyncProcess = {
    argv: process.argv,
    env: process.env,
    identity: process.identity,
    getenv: (name) => process.env.find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1),
    onExit: (listener) => void process.exitListeners.push(listener),
    thread: (call) =>
      new Promise((resolve, reject) => {
        if (!process.alive) return;
        const thread = new Thread(process, kernel.scheduler.enqueue, resolve, reject);
        thread.push(
          (function* () {
            return yield call;
          })(),
        );
        process.threads.push(thread);
        kernel.scheduler.enqueue(thread);
      }),
  };
  for (const thread of process.threads) endThread(thread);
  const main = new Thread(
    process,
    kernel.scheduler.enqueue,
    (value) => terminate(kernel, process, { kind: "exited", code: Number(value) & 255 }),
    (error) => {
      if (!(error instanceof Errno)) kernel.crashed(process, error);
      terminate(kernel, process, {
        kind: "signaled",
        signal: error instanceof Errno ? "SIGABRT" : "SIGSEGV",
        core: false,
      });
    },
  );
  process.threads = [main];
  main.push(program(view));
  kernel.scheduler.enqueue(main);
}

/** execve: the process becomes another program. */
export function become(
  kernel: Kernel,
  process: Process,
  executable: Executable,
  env: readonly string[],
): void {
  process.exe = executable.location;
  process.identity = executable.identity;
  process.argv = executable.argv;
  process.env = env;
  process.comm = (executable.argv[0] ?? "").split("/").pop()!.slice(0, 15) || executable.identity.program;
  const file = {
    mode: executable.mode,
    uid: executable.uid,
    gid: executable.gid,
    nosuid: executable.location.mount.flags.nosuid,
  };
  process.credentials = afterExec(process.credentials, file);
  for (const [signal, action] of process.actions)
    if (typeof action === "object") process.actions.delete(signal);
  process.descriptors.closeOnExec();
  setMemory(kernel, process, processMemory);
  kernel.observe({
    kind: "exec",
    pid: process.pid,
    argv: [...executable.argv],
    program: executable.identity.program,
  });
  startProgram(kernel, process, executable.program);
}

/** Says how many bytes a process holds; beyond its cgroup's limit the OOM killer chooses a victim (which may be this one). */
export function setMemory(kernel: Kernel, process: Process, bytes: number): void {
  const more = bytes - process.memory;
  if (more > 0) {
    for (let over = process.cgroup.overLimit(more); over; over = process.cgroup.overLimit(more)) {
      over.memoryEvents.max++;
      over.memoryEvents.oom++;
      const victim = outOfMemory(kernel, over, process, bytes);
      if (victim === process) return;
    }
  }
  process.memory = bytes;
  process.maxMemory = Math.max(process.maxMemory, bytes);
  process.cgroup.chargeMemory(more);
}

/** Kills the process that holds most, with its oom_score_adj (thousandths of the limit) added. */
function outOfMemory(kernel: Kernel, cgroup: Process["cgroup"], asking: Process, wanted: number): Process {
  const limit = cgroup.memoryMax ?? kernel.memory;
  const badness = (each: Process) =>
    (each === asking ? wanted : each.memory) + (each.oomScoreAdj / 1000) * limit;
  let victim = asking;
  for (const each of cgroup.allProcesses()) if (each.alive && badness(each) > badness(victim)) victim = each;
  cgroup.memoryEvents.oom_kill++;
  if (victim.cgroup !== cgroup) victim.cgroup.memoryEvents.oom_kill++;
  victim.oomKilled = true;
  kernel.observe({
    kind: "oom",
    pid: victim.pid,
    cgroup: cgroup.path,
    memory: victim === asking ? wanted : victim.memory,
    limit,
  });
  terminate(kernel, victim, { kind: "signaled", signal: "SIGKILL", core: false });
  return victim;
}

function endThread(thread: Thread): void {
  thread.stopWaiting();
  thread.state = "dead";
  thread.frames = [];
}

/** Ends a process: what it holds is let go, its children go to their new parent, its own parent is told. */
export function terminate(kernel: Kernel, process: Process, status: WaitStatus): void {
  if (!process.alive) return;
  process.status = status;
  process.stopped = false;
  for (const thread of process.threads) endThread(thread);
  if (process.alarm) kernel.time.cancel(process.alarm);
  process.descriptors.closeAll();
  for (const listener of process.exitListeners.splice(0)) listener();
  process.cgroup.chargeMemory(-process.memory);
  process.memory = 0;
  process.cgroup.processes.delete(process);
  if (process.isInit) {
    for (const [pid, other] of process.pidNamespace.processes) {
      if (pid !== 1) terminate(kernel, other, { kind: "signaled", signal: "SIGKILL", core: false });
    }
  }
  disbandSession(kernel, process);
  bequeathChildren(kernel, process);
  kernel.observe({ kind: "exit", pid: process.pid, status });
  process.ended.wake();
  const { parent } = process;
  if (!parent || !parent.alive || parent.actions.get("SIGCHLD") === "ignore") {
    reap(process);
    parent?.childChanged.wake();
    return;
  }
  postSignal(kernel, parent, "SIGCHLD", process);
  parent.childChanged.wake();
}

function disbandSession(kernel: Kernel, process: Process): void {
  const { session } = process;
  if (session.leader !== process || !session.tty) return;
  const { tty } = session;
  session.tty = undefined;
  if (tty.session !== session) return;
  tty.session = undefined;
  if (tty.foreground) signalGroup(kernel, tty.foreground, "SIGHUP");
  tty.foreground = undefined;
}

function bequeathChildren(kernel: Kernel, process: Process): void {
  if (process.children.size === 0) return;
  const heir = heirOf(process);
  const groups = new Set([...process.children].map((child) => child.group));
  for (const child of process.children) {
    child.parent = heir;
    heir?.children.add(child);
    if (child.parentDeathSignal) postSignal(kernel, child, child.parentDeathSignal, process);
    if (!child.alive) {
      if (!heir || heir.actions.get("SIGCHLD") === "ignore") reap(child);
      else postSignal(kernel, heir, "SIGCHLD", child);
    }
  }
  process.children.clear();
  heir?.childChanged.wake();
  for (const group of groups) {
    if (group === process.group || !isOrphaned(group)) continue;
    if (![...group.members].some((member) => member.stopped)) continue;
    signalGroup(kernel, group, "SIGHUP");
    signalGroup(kernel, group, "SIGCONT");
  }
}

/** The nearest ancestor that adopts, else process 1 of the namespace. */
function heirOf(process: Process): Process | undefined {
  for (let at = process.parent; at; at = at.parent) {
    if (at.pidNamespace !== process.pidNamespace) break;
    if (at.childSubreaper && at.alive) return at;
  }
  const { init } = process.pidNamespace;
  if (init && init !== process && init.alive) return init;
  // Process 1 of a container ended: what it leaves is dead already.
  return undefined;
}

/** Its parent has taken note: the number is free again. */
export function reap(process: Process): void {
  const { parent } = process;
  if (parent) {
    parent.children.delete(process);
    parent.childrenUserTime += process.userTime + process.childrenUserTime;
    parent.childrenSystemTime += process.systemTime + process.childrenSystemTime;
  }
  process.group.members.delete(process);
  for (const { namespace, pid } of process.numbers) namespace.processes.delete(pid);
}
