import type { Attributes, InodeKind } from "../../files/filesystem.ts";
import type { SignalName } from "./signals.ts";
import type { Program } from "./program.ts";

/** Flags of open(2), x86-64's bits. */
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  NOCTTY: 0o400,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIRECTORY: 0o200000,
  NOFOLLOW: 0o400000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
} as const;

/** Event bits of poll(2). */
export const POLL = { IN: 1, OUT: 4, ERR: 8, HUP: 16, NVAL: 32 } as const;

/** What stat tells: the inode's attributes, its kind and its file system's device number. Times are nanoseconds since the epoch. */
export interface Stat extends Attributes {
  kind: InodeKind;
  dev: number;
}

export interface DirectoryEntry {
  name: string;
  kind: InodeKind;
  ino: number;
}

/** What statfs tells; sizes in blocks of `blockSize` bytes. */
export interface FileSystemStat {
  type: string;
  blockSize: number;
  blocks: number;
  blocksFree: number;
  files: number;
  filesFree: number;
}

/** How a child changed; nanoseconds of processor time that it and its own waited-for children used. */
export interface WaitResult {
  pid: number;
  status: WaitStatus;
  userTime: number;
  systemTime: number;
  /** Peak of bytes that it held. */
  maxMemory: number;
}

export type WaitStatus =
  | { kind: "exited"; code: number }
  | { kind: "signaled"; signal: SignalName; core: boolean }
  | { kind: "stopped"; signal: SignalName }
  | { kind: "continued" };

export interface SpawnOptions {
  /** argv[0] first. Default: the path alone. */
  argv?: readonly string[];
  /** "NAME=value". Default: the parent's. */
  env?: readonly string[];
  /** The child's descriptor (key) is the parent's (value); the others are inherited unless close-on-exec. */
  fds?: Readonly<Record<number, number>>;
  cwd?: string;
  /** The process group to join; 0: one of its own. */
  processGroup?: number;
  /** With `processGroup`: that group becomes the foreground of the terminal at this descriptor of the parent. */
  foreground?: number;
  /** Signals that are back at their default in the child (ignored ones stay ignored otherwise). */
  defaultSignals?: readonly SignalName[];
}

export interface CloneOptions {
  /** New namespaces for the child (CLONE_NEW…). */
  namespaces?: readonly NamespaceKind[];
  /** The name that /proc/PID/comm shows. Default: the parent's. */
  comm?: string;
}

export type NamespaceKind = "cgroup" | "ipc" | "mnt" | "net" | "pid" | "time" | "user" | "uts";

/**
 * What a process does at a signal. A handler runs between two system calls of the process: a function at once, a
 * generator as system calls of its own. It interrupts a waiting call, which then throws EINTR, or, with `restart`,
 * goes on afterwards (a function handler never interrupts when `restart` is set).
 */
export type SignalAction =
  | "default"
  | "ignore"
  | { handler: (signal: SignalName) => Generator<Syscall, unknown, unknown> | void; restart?: boolean };

/** The switches of a terminal's line discipline that are told apart here. */
export interface Termios {
  /** ICANON: input comes by lines, with erase (DEL), kill (^U), word erase (^W), end of file (^D). */
  canonical: boolean;
  echo: boolean;
  /** ISIG: ^C ^\ ^Z send signals. */
  signals: boolean;
  /** ICRNL: a carriage return that is typed reads as a newline. */
  crToNl: boolean;
  /** OPOST and ONLCR: a newline that is written goes out as CR LF. */
  nlToCrNl: boolean;
  /** TOSTOP: a background process that writes is stopped. */
  toStop: boolean;
  /** IXON: ^S and ^Q stop and start output. */
  flowControl: boolean;
}

export interface Winsize {
  columns: number;
  rows: number;
}

export type SocketAddress =
  { family: "inet" | "inet6"; address: string; port: number } | { family: "unix"; path: string };

export interface InterfaceInfo {
  index: number;
  name: string;
  kind: "loopback" | "veth" | "bridge" | "ethernet" | "dummy";
  up: boolean;
  mtu: number;
  mac: string;
  /** "172.17.0.2/16", IPv4 and IPv6. */
  addresses: string[];
  /** The bridge that it is plugged into. */
  master?: string;
  /** Index of a veth's other end; it is in another namespace when `peerNamespace`. */
  peer?: { index: number; otherNamespace: boolean };
  rxBytes: number;
  rxPackets: number;
  txBytes: number;
  txPackets: number;
}

export interface RouteInfo {
  /** "default" or "172.17.0.0/16". */
  destination: string;
  /** "" when it is on the link. */
  gateway: string;
  interfaceName: string;
  source?: string;
}

export type NetworkChange =
  | { change: "add link"; name: string; kind: "veth" | "bridge" | "dummy"; peer?: string }
  | { change: "delete link"; name: string }
  | {
      change: "set link";
      name: string;
      up?: boolean;
      master?: string | null;
      namespacePid?: number;
      newName?: string;
      mtu?: number;
      mac?: string;
    }
  | { change: "add address" | "delete address"; name: string; address: string }
  | { change: "add route" | "delete route"; route: RouteInfo };

/** A socket as /proc/net/tcp and `netstat` show it. */
export interface SocketInfo {
  protocol: "tcp" | "udp" | "unix";
  local: string;
  remote: string;
  state: string;
  pid: number;
  inode: number;
}

export interface PollRequest {
  fd: number;
  /** POLL bits. */
  events: number;
}

export interface Rlimit {
  soft: number;
  hard: number;
}

/**
 * The system calls: their names, arguments and results. `sys` (a program's way to them), `AsyncCalls` (for async
 * code) and the kernel's table of handlers are all made from this interface. Each throws Errno.
 * Paths are relative to the working directory. A `PathOrFd` takes an open descriptor as the f… calls do.
 */
export interface SystemCalls {
  // Files
  /** Returns the lowest free descriptor. `mode` for O.CREAT, lessened by the umask. */
  open(path: string, flags: number, mode?: number): number;
  close(fd: number): void;
  /** Up to `size` bytes; empty at the end of the file. Waits while a pipe, terminal or socket has nothing. */
  read(fd: number, size: number): Uint8Array;
  /** Writes all of it (waits for room), unless the descriptor is O.NONBLOCK; returns how many. EPIPE comes with SIGPIPE. */
  write(fd: number, bytes: Uint8Array): number;
  /** Without moving the offset. */
  pread(fd: number, size: number, offset: number): Uint8Array;
  pwrite(fd: number, bytes: Uint8Array, offset: number): number;
  lseek(fd: number, offset: number, whence: "set" | "current" | "end"): number;
  /** The lowest free descriptor that is at least `lowest`. */
  dup(fd: number, lowest?: number, closeOnExec?: boolean): number;
  dup2(from: number, to: number): number;
  pipe(options?: { closeOnExec?: boolean }): { read: number; write: number };
  /** Close-on-exec, or O.NONBLOCK and O.APPEND of the open file. Undefined leaves as it is; returns what is. */
  fcntl(
    fd: number,
    change?: { closeOnExec?: boolean; nonblock?: boolean; append?: boolean },
  ): { closeOnExec: boolean; flags: number };
  /** flock(2). Throws EAGAIN with `nonblock`. */
  flock(fd: number, operation: "shared" | "exclusive" | "unlock", nonblock?: boolean): void;
  stat(path: string): Stat;
  lstat(path: string): Stat;
  fstat(fd: number): Stat;
  /** Entries without "." and "..", in the file system's order. */
  readdir(path: string | number): DirectoryEntry[];
  mkdir(path: string, mode?: number): void;
  rmdir(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  link(existing: string, path: string): void;
  symlink(target: string, path: string): void;
  readlink(path: string): string;
  chmod(path: string | number, mode: number): void;
  /** -1 leaves an owner as it is. Follows a last symbolic link unless `noFollow`. */
  chown(path: string | number, uid: number, gid: number, noFollow?: boolean): void;
  /** Nanoseconds; undefined is now. */
  utimes(path: string | number, times?: { atime?: bigint; mtime?: bigint }, noFollow?: boolean): void;
  truncate(path: string | number, size: number): void;
  mknod(
    path: string,
    kind: "character" | "block" | "fifo" | "socket" | "file",
    mode: number,
    rdev?: { major: number; minor: number },
  ): void;
  /** access(2) with the real user: "r", "w", "x" together, or "" for existence. */
  access(path: string, mode: string): void;
  chdir(path: string | number): void;
  chroot(path: string): void;
  getcwd(): string;
  umask(mask: number): number;
  statfs(path: string | number): FileSystemStat;
  sync(): void;
  getxattr(path: string, name: string, noFollow?: boolean): Uint8Array;
  setxattr(path: string, name: string, value: Uint8Array, noFollow?: boolean): void;
  removexattr(path: string, name: string, noFollow?: boolean): void;
  listxattr(path: string, noFollow?: boolean): string[];
  /** mount(2); options as mount(8) has them ("ro", "bind", "rbind", "remount", "private", "size=64m"). */
  mount(source: string, target: string, type: string, options: readonly string[]): void;
  /** "lazy" is MNT_DETACH. */
  umount(target: string, options?: readonly ("lazy" | "force")[]): void;
  pivotRoot(newRoot: string, putOld: string): void;

  // Processes
  /** Starts a program as a child; returns its pid. ENOENT, EACCES, ENOEXEC, EAGAIN (pids.max) come here, in the parent. */
  spawn(path: string, options?: SpawnOptions): number;
  /** A child that runs `program` with a copy of this process (descriptors, directory, signals); returns its pid. */
  clone(program: Program, options?: CloneOptions): number;
  /** Never returns when it works. `env` undefined keeps it. */
  exec(path: string, argv: readonly string[], env?: readonly string[]): never;
  exit(status: number): never;
  /** pid: > 0 that child, -1 any, 0 any of the own group, < -1 any of group -pid. Undefined with `noHang` when none has changed. ECHILD. */
  waitpid(
    pid: number,
    options?: { noHang?: boolean; untraced?: boolean; continued?: boolean },
  ): WaitResult | undefined;
  /** pid as kill(2): > 0, 0 own group, -1 all, < -1 a group. "0" only checks. */
  kill(pid: number, signal: SignalName | 0): void;
  /** Returns what was. */
  sigaction(signal: SignalName, action?: SignalAction): SignalAction;
  /** Returns what was blocked before. */
  sigprocmask(how: "block" | "unblock" | "set", signals: readonly SignalName[]): SignalName[];
  /** Waits for a signal that runs a handler; throws EINTR. */
  pause(): never;
  getpid(): number;
  getppid(): number;
  getpgid(pid?: number): number;
  setpgid(pid: number, group: number): void;
  getsid(pid?: number): number;
  setsid(): number;
  getuid(): { uid: number; euid: number; gid: number; egid: number; groups: number[] };
  /** As setuid(2): with CAP_SETUID all three, else only to what one has. */
  setuid(uid: number): void;
  setgid(gid: number): void;
  setgroups(groups: readonly number[]): void;
  /** Capabilities by name: "CAP_CHOWN". */
  capget(): {
    effective: string[];
    permitted: string[];
    inheritable: string[];
    bounding: string[];
    ambient: string[];
  };
  capset(sets: {
    effective?: readonly string[];
    permitted?: readonly string[];
    inheritable?: readonly string[];
    bounding?: readonly string[];
    ambient?: readonly string[];
  }): void;
  /** PR_SET_NAME, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_SET_PDEATHSIG. */
  prctl(options: {
    comm?: string;
    childSubreaper?: boolean;
    noNewPrivileges?: true;
    parentDeathSignal?: SignalName;
  }): void;
  getrlimit(resource: string): Rlimit;
  /** resource: "nofile", "nproc", "core", "cpu", "fsize", "stack", "as", "memlock" … */
  setrlimit(resource: string, limit: Rlimit): void;
  /** Adds to the niceness; returns the new one. */
  nice(increment: number): number;
  unshare(namespaces: readonly NamespaceKind[]): void;
  /** `fd` is an open /proc/PID/ns/KIND. */
  setns(fd: number, kind?: NamespaceKind): void;
  /** Processor time of this process and its waited-for children, nanoseconds. */
  times(): { user: number; system: number; childrenUser: number; childrenSystem: number };
  /** Says that the program computed for `steps` microseconds; a loop without other calls must do this (it can then be stopped). */
  compute(steps?: number): void;
  /** Sets how many bytes of memory the program holds in all; beyond the cgroup's limit it is killed. */
  allocate(bytes: number): void;
  /** Waits until `promise` settles: its value, or what it rejects with is thrown. */
  await(promise: PromiseLike<unknown>): unknown;

  // Time
  /** Nanoseconds: "realtime" since the epoch, "monotonic" since boot, "process" of processor time. */
  clock(which?: "realtime" | "monotonic" | "process"): bigint;
  /** clock_settime of "realtime"; needs CAP_SYS_TIME. */
  setClock(now: bigint): void;
  nanosleep(nanoseconds: number): void;
  /** SIGALRM after so many nanoseconds (0: none); returns how many were left. */
  alarm(nanoseconds: number): number;
  getrandom(count: number): Uint8Array;

  // Terminals
  isatty(fd: number): boolean;
  /** "/dev/pts/0"; ENOTTY. */
  ttyname(fd: number): string;
  tcgetattr(fd: number): Termios;
  tcsetattr(fd: number, change: Partial<Termios>): void;
  tcgetpgrp(fd: number): number;
  tcsetpgrp(fd: number, group: number): void;
  /** TIOCSCTTY: becomes the controlling terminal of this session's leader. */
  setControllingTerminal(fd: number): void;
  getWinsize(fd: number): Winsize;
  /** Sends SIGWINCH to the foreground. */
  setWinsize(fd: number, size: Winsize): void;
  openpty(size?: Winsize): { master: number; slave: number };

  // Waiting
  /** The events (POLL bits) of each, in order; all 0 when `timeout` milliseconds passed (undefined or negative: no end). */
  poll(requests: readonly PollRequest[], timeout?: number): number[];

  // Sockets
  socket(
    family: "inet" | "inet6" | "unix",
    type: "stream" | "datagram" | "icmp",
    options?: { nonblock?: boolean; closeOnExec?: boolean },
  ): number;
  socketpair(): [number, number];
  /** Port 0 draws a free one. EADDRINUSE, EADDRNOTAVAIL, EACCES. */
  bind(fd: number, address: SocketAddress): void;
  listen(fd: number, backlog?: number): void;
  accept(fd: number): { fd: number; peer: SocketAddress };
  /** ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT. With `timeout` (milliseconds) ETIMEDOUT comes at the latest then. */
  connect(fd: number, address: SocketAddress, timeout?: number): void;
  /** A datagram, or bytes of a stream. An "icmp" socket sends an ICMP message from its type on. */
  sendto(fd: number, bytes: Uint8Array, to?: SocketAddress): number;
  /** `ttl` of an ICMP answer. */
  recvfrom(fd: number, size: number): { bytes: Uint8Array; from: SocketAddress; ttl?: number };
  shutdown(fd: number, how: "read" | "write" | "both"): void;
  getsockname(fd: number): SocketAddress;
  getpeername(fd: number): SocketAddress;
  setsockopt(fd: number, option: string, value: number): void;
  getsockopt(fd: number, option: string): number;

  // The network's configuration (netlink)
  interfaces(): InterfaceInfo[];
  routes(): RouteInfo[];
  sockets(): SocketInfo[];
  configureNetwork(change: NetworkChange): void;
  /** The firewall's rules as iptables-save prints them, a line each. */
  firewallRules(table: "filter" | "nat"): string[];

  // The machine
  uname(): {
    sysname: string;
    nodename: string;
    release: string;
    version: string;
    machine: string;
    domainname: string;
  };
  sethostname(hostname: string): void;
  setdomainname(domainname: string): void;
  /** Bytes, nanoseconds. */
  sysinfo(): {
    uptime: number;
    loads: [number, number, number];
    totalMemory: number;
    freeMemory: number;
    processes: number;
    processors: number;
  };
  /** "halt", "poweroff", "restart": needs CAP_SYS_BOOT. */
  reboot(how: "halt" | "poweroff" | "restart"): void;
}

export type CallName = keyof SystemCalls;

/** One system call, as a program yields it to the kernel. */
export interface Syscall {
  readonly call: CallName;
  readonly args: readonly unknown[];
}
