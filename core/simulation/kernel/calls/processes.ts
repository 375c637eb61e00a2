import { Errno } from "../../../files/filesystem.ts";
import type { WaitResult } from "../calls.ts";
import { withUser } from "../credentials.ts";
import { loadExecutable } from "../executable.ts";
import type { Kernel } from "../kernel.ts";
import { become, fork, reap, setMemory, startProgram, terminate } from "../lifecycle.ts";
import { resolve } from "../paths.ts";
import type { CallState, Process, ProcessGroup, Session } from "../process.ts";
import { postSignal } from "../signal-delivery.ts";
import { again, block, blocked, type Handlers } from "./handler.ts";
import { applyUnshare, newNamespaces } from "./namespaces.ts";

/** The process with number `pid` as `viewer` counts them; ESRCH. */
export function processByPid(viewer: Process, pid: number): Process {
  const found = pid === 0 ? viewer : viewer.pidNamespace.processes.get(pid);
  if (!found) throw new Errno("ESRCH");
  return found;
}

const startsAs = (kernel: Kernel) => ({ programs: kernel.programs, executables: kernel.executables });

function changed(child: Process, options: { untraced?: boolean; continued?: boolean }): boolean {
  if (!child.alive) return true;
  if (child.news?.kind === "stopped") return options.untraced === true;
  return child.news?.kind === "continued" && options.continued === true;
}

function waitResult(viewer: Process, child: Process): WaitResult {
  const status = child.status ?? child.news!;
  return {
    pid: viewer.pidNamespace.numberOf(child),
    status,
    userTime: child.userTime + child.childrenUserTime,
    systemTime: child.systemTime + child.childrenSystemTime,
    maxMemory: child.maxMemory,
  };
}

function groupOf(process: Process, number: number): ProcessGroup | undefined {
  for (const member of process.pidNamespace.processes.values()) {
    if (process.pidNamespace.numberOf(member.group.leader) === number) return member.group;
  }
  return undefined;
}

function joinGroup(process: Process, group: ProcessGroup): void {
  process.group.members.delete(process);
  process.group = group;
  group.members.add(process);
}

function setGroup(caller: Process, target: Process, number: number): void {
  const wanted = number === 0 ? caller.pidNamespace.numberOf(target) : number;
  if (target.session.leader === target) throw new Errno("EPERM");
  if (target.session !== caller.session) throw new Errno("EPERM");
  if (caller.pidNamespace.numberOf(target.group.leader) === wanted) return;
  if (wanted === caller.pidNamespace.numberOf(target)) {
    joinGroup(target, { id: target.pid, leader: target, session: target.session, members: new Set() });
    return;
  }
  const group = groupOf(caller, wanted);
  if (!group || group.session !== target.session) throw new Errno("EPERM");
  joinGroup(target, group);
}

/** Whether a process may signal another: its own user's, or with CAP_KILL. */
function maySignal(sender: Process, target: Process, continues: boolean): boolean {
  if (sender.has("CAP_KILL")) return true;
  if (continues && sender.session === target.session) return true;
  const { uid, euid } = sender.credentials;
  const ids = [target.credentials.uid, target.credentials.suid];
  return ids.includes(uid) || ids.includes(euid);
}

export const processCalls: Pick<
  Handlers,
  | "spawn" | "clone" | "exec" | "exit" | "waitpid" | "kill" | "sigaction" | "sigprocmask" | "pause" | "getpid" | "getppid" | "getpgid"
  | "setpgid" | "getsid" | "setsid" | "getuid" | "setuid" | "setgid" | "setgroups" | "capget" | "capset" | "prctl" | "getrlimit" | "setrlimit"
  | "nice" | "times" | "compute" | "allocate" | "await"
> /* prettier-ignore */ =
  {
    spawn(kernel, { process }, path, options = {}) {
      const paths =
        options.cwd === undefined
          ? process.paths
          : { ...contextOf(process), cwd: resolve(process, options.cwd) };
      const executable = loadExecutable(paths, path, options.argv ?? [path], startsAs(kernel));
      const given = Object.entries(options.fds ?? {}).map(
        ([to, from]) => [Number(to), process.descriptors.get(from)] as const,
      );
      const child = fork(kernel, process);
      child.cwd = paths.cwd;
      if (options.processGroup !== undefined) setGroup(process, child, options.processGroup);
      if (options.foreground !== undefined) {
        const file = process.descriptors.get(options.foreground);
        const tty = kernel.ttyOf(file);
        if (tty.session === process.session) tty.foreground = child.group;
      }
      for (const [to, file] of given) child.descriptors.set(to, file);
      for (const signal of options.defaultSignals ?? []) child.actions.delete(signal);
      become(kernel, child, executable, options.env ?? process.env);
      return process.pidNamespace.numberOf(child);
    },
    clone(kernel, { process }, program, options = {}) {
      const kinds = options.namespaces ?? [];
      const namespaces = kinds.length > 0 ? newNamespaces(kernel, process, kinds) : undefined;
      const before = process.namespaces;
      if (namespaces) process.namespaces = namespaces;
      let child: Process;
      try {
        child = fork(kernel, process);
      } finally {
        process.namespaces = before;
      }
      if (namespaces) applyUnshare(child, process.namespaces);
      if (options.comm) child.comm = options.comm.slice(0, 15);
      startProgram(kernel, child, program);
      return process.pidNamespace.numberOf(child);
    },
    exec(kernel, { process }, path, argv, env = process.env) {
      const executable = loadExecutable(process, path, argv, startsAs(kernel));
      become(kernel, process, executable, env);
      return blocked;
    },
    exit(kernel, { process }, status) {
      terminate(kernel, process, { kind: "exited", code: status & 255 });
      return blocked;
    },
    waitpid(kernel, thread, pid, options = {}) {
      const { process } = thread;
      const wanted = (child: Process) => {
        if (pid > 0) return process.pidNamespace.numberOf(child) === pid;
        if (pid === -1) return true;
        const group = process.pidNamespace.numberOf(child.group.leader);
        return pid === 0 ? child.group === process.group : group === -pid;
      };
      let any = false;
      for (const child of process.children) {
        if (!wanted(child)) continue;
        any = true;
        if (!changed(child, options)) continue;
        const result = waitResult(process, child);
        if (child.alive) child.news = undefined;
        else reap(child);
        return result;
      }
      if (!any) throw new Errno("ECHILD");
      if (options.noHang) return undefined;
      return block(kernel, thread, [process.childChanged]);
    },
    kill(kernel, { process }, pid, signal) {
      const all = [...process.pidNamespace.processes.values()];
      const group = pid === 0 ? process.group : undefined;
      const targets =
        pid > 0
          ? [processByPid(process, pid)]
          : pid === -1
            ? all.filter(
                (each) => each !== process && !(each.pidNamespace === process.pidNamespace && each.isInit),
              )
            : all.filter((each) =>
                group ? each.group === group : process.pidNamespace.numberOf(each.group.leader) === -pid,
              );
      if (targets.length === 0) throw new Errno("ESRCH");
      const allowed = targets.filter((target) => maySignal(process, target, signal === "SIGCONT"));
      if (allowed.length === 0) throw new Errno("EPERM");
      if (signal === 0) return;
      for (const target of allowed) postSignal(kernel, target, signal, process);
      kernel.observe({ kind: "signal", from: process.pid, to: allowed.map((target) => target.pid), signal });
      return process.alive ? undefined : blocked;
    },
    sigaction(_kernel, { process }, signal, action) {
      const old = process.actions.get(signal) ?? "default";
      if (action === undefined) return old;
      if (signal === "SIGKILL" || signal === "SIGSTOP") throw new Errno("EINVAL");
      if (action === "default") process.actions.delete(signal);
      else process.actions.set(signal, action);
      if (action === "ignore") process.pending.delete(signal);
      if (signal === "SIGCHLD" && action === "ignore")
        for (const child of [...process.children]) if (!child.alive) reap(child);
      return old;
    },
    sigprocmask(_kernel, { process }, how, signals) {
      const old = [...process.blocked];
      if (how === "set") process.blocked = new Set(signals);
      else
        for (const signal of signals)
          how === "block" ? process.blocked.add(signal) : process.blocked.delete(signal);
      process.blocked.delete("SIGKILL");
      process.blocked.delete("SIGSTOP");
      return old;
    },
    pause(kernel, thread) {
      return block(kernel, thread, []);
    },
    getpid: (_kernel, { process }) => process.ownPid,
    getppid: (_kernel, { process }) => (process.parent ? process.pidNamespace.numberOf(process.parent) : 0),
    getpgid: (_kernel, { process }, pid = 0) =>
      process.pidNamespace.numberOf(processByPid(process, pid).group.leader),
    setpgid(_kernel, { process }, pid, group) {
      const target = processByPid(process, pid);
      if (target !== process && target.parent !== process) throw new Errno("ESRCH");
      setGroup(process, target, group);
    },
    getsid: (_kernel, { process }, pid = 0) =>
      process.pidNamespace.numberOf(processByPid(process, pid).session.leader),
    setsid(_kernel, { process }) {
      if (process.group.leader === process && process.group.members.has(process)) throw new Errno("EPERM");
      startSession(process);
      return process.ownPid;
    },
    getuid(_kernel, { process }) {
      const { uid, euid, gid, egid, groups } = process.credentials;
      return { uid, euid, gid, egid, groups: [...groups] };
    },
    setuid(_kernel, { process }, uid) {
      const { credentials } = process;
      if (process.has("CAP_SETUID"))
        process.credentials = withUser(credentials, { uid, euid: uid, suid: uid });
      else if (uid === credentials.uid || uid === credentials.suid)
        process.credentials = withUser(credentials, { ...credentials, euid: uid });
      else throw new Errno("EPERM");
    },
    setgid(_kernel, { process }, gid) {
      const { credentials } = process;
      if (process.has("CAP_SETGID")) process.credentials = { ...credentials, gid, egid: gid, sgid: gid };
      else if (gid === credentials.gid || gid === credentials.sgid)
        process.credentials = { ...credentials, egid: gid };
      else throw new Errno("EPERM");
    },
    setgroups(_kernel, { process }, groups) {
      if (!process.has("CAP_SETGID")) throw new Errno("EPERM");
      process.credentials = { ...process.credentials, groups: [...groups] };
    },
    capget(_kernel, { process }) {
      const { effective, permitted, inheritable, bounding, ambient } = process.credentials;
      return {
        effective: [...effective],
        permitted: [...permitted],
        inheritable: [...inheritable],
        bounding: [...bounding],
        ambient: [...ambient],
      };
    },
    capset(_kernel, { process }, sets) {
      const { credentials } = process;
      const next = { ...credentials };
      for (const [name, wanted] of Object.entries(sets) as [keyof typeof sets, readonly string[]][]) {
        const limit =
          name === "bounding"
            ? credentials.bounding
            : name === "inheritable"
              ? credentials.bounding
              : credentials.permitted;
        if (wanted.some((capability) => !limit.has(capability))) throw new Errno("EPERM");
        next[name] = new Set(wanted);
      }
      process.credentials = next;
    },
    prctl(_kernel, { process }, options) {
      if (options.comm !== undefined) process.comm = options.comm.slice(0, 15);
      if (options.childSubreaper !== undefined) process.childSubreaper = options.childSubreaper;
      if (options.noNewPrivileges) process.credentials = { ...process.credentials, noNewPrivileges: true };
      if (options.parentDeathSignal !== undefined) process.parentDeathSignal = options.parentDeathSignal;
    },
    getrlimit: (_kernel, { process }, resource) => process.rlimits.get(resource) ?? defaultRlimit(resource),
    setrlimit(_kernel, { process }, resource, limit) {
      const old = process.rlimits.get(resource) ?? defaultRlimit(resource);
      if (limit.soft > limit.hard) throw new Errno("EINVAL");
      if (limit.hard > old.hard && !process.has("CAP_SYS_RESOURCE")) throw new Errno("EPERM");
      process.rlimits.set(resource, { ...limit });
    },
    nice(_kernel, { process }, increment) {
      if (increment < 0 && !process.has("CAP_SYS_NICE")) throw new Errno("EPERM");
      return (process.nice = Math.max(-20, Math.min(19, process.nice + increment)));
    },
    times(_kernel, { process }) {
      const { userTime, systemTime, childrenUserTime, childrenSystemTime } = process;
      return {
        user: userTime,
        system: systemTime,
        childrenUser: childrenUserTime,
        childrenSystem: childrenSystemTime,
      };
    },
    compute(kernel, thread, steps = 1) {
      const { call } = thread;
      const left: number = call.progress ?? steps;
      const now = Math.min(left, 100);
      kernel.scheduler.charge(thread, now * 1000, 0);
      call.progress = left - now;
      return call.progress > 0 ? again : undefined;
    },
    allocate(kernel, { process }, bytes) {
      setMemory(kernel, process, Math.max(bytes, 0));
      return process.alive ? undefined : blocked;
    },
    await(kernel, thread, promise) {
      const { call } = thread;
      if (call.settled) {
        if ("error" in call.settled) throw call.settled.error;
        return call.settled.value;
      }
      if (call.progress === undefined) {
        call.progress = true;
        const settle = (settled: NonNullable<CallState["settled"]>) => {
          call.settled = settled;
          thread.wakeUp();
        };
        promise.then(
          (value) => settle({ value }),
          (error) => settle({ error }),
        );
      }
      return block(kernel, thread, []);
    },
  };

function contextOf(process: Process) {
  return { root: process.root, cwd: process.cwd, credentials: process.credentials };
}

/** Makes a process the leader of a session and group of its own, without a terminal. */
export function startSession(process: Process): void {
  const session: Session = { id: process.pid, leader: process, tty: undefined };
  joinGroup(process, { id: process.pid, leader: process, session, members: new Set() });
}

const unlimited = 18446744073709551615;

/** The limits that Linux gives to its first process. */
export function defaultRlimit(resource: string): { soft: number; hard: number } {
  switch (resource) {
    case "nofile":
      return { soft: 1024, hard: 1048576 };
    case "stack":
      return { soft: 8388608, hard: unlimited };
    case "core":
      return { soft: 0, hard: unlimited };
    case "memlock":
      return { soft: 8388608, hard: 8388608 };
    case "nproc":
    case "sigpending":
      return { soft: 31359, hard: 31359 };
    case "msgqueue":
      return { soft: 819200, hard: 819200 };
    case "nice":
    case "rtprio":
      return { soft: 0, hard: 0 };
    default:
      return { soft: unlimited, hard: unlimited };
  }
}
