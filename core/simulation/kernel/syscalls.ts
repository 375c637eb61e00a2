import type { CallName, Syscall, SystemCalls } from "./calls.ts";
import type { Program, ProgramProcess } from "./program.ts";
import type { SignalName } from "./signals.ts";

/** The system calls as a program makes them: `const n = yield* sys.write(1, bytes)`. */
export type Sys = {
  [K in Exclude<CallName, "await">]: (
    ...args: Parameters<SystemCalls[K]>
  ) => Generator<Syscall, ReturnType<SystemCalls[K]>, any>;
} & {
  /** Waits in the kernel until `promise` settles. */
  await<T>(promise: PromiseLike<T>): Generator<Syscall, T, any>;
};

/** The system calls as async code makes them; several may wait at once, each like a thread of the process. */
export type AsyncCalls = {
  [K in Exclude<CallName, "await" | "exec" | "compute">]: (
    ...args: Parameters<SystemCalls[K]>
  ) => Promise<ReturnType<SystemCalls[K]>>;
} & {
  /** The process, as a generator program is told of it. */
  readonly process: ProgramProcess;
  /** Calls `listener` at each `signal` (which then does nothing else) until the returned function is called. */
  onSignal(signal: SignalName, listener: () => void): () => void;
};

const callNames: { [K in CallName]: true } = {
  open: true, close: true, read: true, write: true, pread: true, pwrite: true, lseek: true, dup: true, dup2: true, pipe: true,
  fcntl: true, flock: true, stat: true, lstat: true, fstat: true, readdir: true, mkdir: true, rmdir: true, unlink: true,
  rename: true, link: true, symlink: true, readlink: true, chmod: true, chown: true, utimes: true, truncate: true, mknod: true,
  access: true, chdir: true, chroot: true, getcwd: true, umask: true, statfs: true, sync: true, getxattr: true, setxattr: true,
  removexattr: true, listxattr: true, mount: true, umount: true, pivotRoot: true,
  spawn: true, clone: true, exec: true, exit: true, waitpid: true, kill: true, sigaction: true, sigprocmask: true, pause: true,
  getpid: true, getppid: true, getpgid: true, setpgid: true, getsid: true, setsid: true, getuid: true, setuid: true,
  setgid: true, setgroups: true, capget: true, capset: true, prctl: true, getrlimit: true, setrlimit: true, nice: true,
  unshare: true, setns: true, times: true, compute: true, allocate: true, await: true,
  clock: true, setClock: true, nanosleep: true, alarm: true, getrandom: true,
  isatty: true, ttyname: true, tcgetattr: true, tcsetattr: true, tcgetpgrp: true, tcsetpgrp: true,
  setControllingTerminal: true, getWinsize: true, setWinsize: true, openpty: true, poll: true,
  socket: true, socketpair: true, bind: true, listen: true, accept: true, connect: true, sendto: true, recvfrom: true,
  shutdown: true, getsockname: true, getpeername: true, setsockopt: true, getsockopt: true,
  interfaces: true, routes: true, sockets: true, configureNetwork: true, firewallRules: true,
  uname: true, sethostname: true, setdomainname: true, sysinfo: true, reboot: true,
}; // prettier-ignore

function* invoke(call: CallName, args: readonly unknown[]): Generator<Syscall, unknown, unknown> {
  return yield { call, args };
}

/** How a program makes system calls. */
export const sys: Sys = Object.fromEntries(
  Object.keys(callNames).map((call) => [call, (...args: unknown[]) => invoke(call as CallName, args)]),
) as unknown as Sys;

/** How async code in a process gets its calls: the kernel puts this on the ProgramProcess. */
export interface AsyncProcess extends ProgramProcess {
  /** Runs one system call as a thread of its own. */
  thread(call: Syscall): Promise<unknown>;
}

/**
 * Runs async code as a program: the process waits in the kernel for its promise, whose value is the exit status.
 * While the code is at work (not waiting for the kernel) no simulated time passes.
 */
export function asyncProgram(main: (calls: AsyncCalls) => Promise<number>): Program {
  return function* (process) {
    return yield* sys.await(main(asyncCalls(process as AsyncProcess)));
  };
}

function asyncCalls(process: AsyncProcess): AsyncCalls {
  const listeners = new Map<SignalName, Set<() => void>>();
  const calls: Record<string, unknown> = { process };
  for (const call of Object.keys(callNames) as CallName[]) {
    calls[call] = (...args: unknown[]) => process.thread({ call, args });
  }
  calls["onSignal"] = (signal: SignalName, listener: () => void) => {
    let known = listeners.get(signal);
    if (!known) listeners.set(signal, (known = new Set()));
    const all = known;
    if (all.size === 0) {
      const handler = () => {
        for (const each of [...all]) each();
      };
      void process.thread({ call: "sigaction", args: [signal, { handler, restart: true }] });
    }
    all.add(listener);
    return () => {
      all.delete(listener);
      if (all.size === 0) void process.thread({ call: "sigaction", args: [signal, "default"] });
    };
  };
  return calls as unknown as AsyncCalls;
}
