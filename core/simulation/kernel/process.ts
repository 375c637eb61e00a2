import type { NamespaceKind, SignalAction, Syscall, WaitStatus, Rlimit } from "./calls.ts";
import type { Cgroup } from "./cgroups.ts";
import type { Credentials } from "./credentials.ts";
import { DescriptorTable } from "./descriptors.ts";
import type { ProgramIdentity } from "./elf.ts";
import type { Location } from "./mounts.ts";
import type { NamespaceSet, PidNamespace } from "./namespaces.ts";
import type { PathContext } from "./paths.ts";
import type { SignalName } from "./signals.ts";
import type { Timer } from "./time.ts";
import type { Tty } from "./tty.ts";
import { WaitQueue, type Waiter } from "./wait-queue.ts";

/** A system call at work: made once, tried until it need not wait any more. */
export interface CallState {
  readonly syscall: Syscall;
  /** Nanoseconds since boot; what a call with a time limit remembers between tries. */
  deadline?: number;
  /** How far it has come: bytes written, steps left. */
  progress?: any;
  /** The same threads' state while the call blocks a promise. */
  settled?: { value: unknown } | { error: unknown };
}

/** One generator on a thread's stack: the program itself, or a signal handler above it. */
export interface Frame {
  readonly generator: Generator<Syscall, unknown, any>;
  /** The call that has not returned yet. */
  call: CallState | undefined;
  /** What to go on with: a call's result or its error. */
  value: unknown;
  error: { thrown: unknown } | undefined;
}

export type ThreadState = "runnable" | "waiting" | "parked" | "dead";

/** What the scheduler runs: a stack of generators within a process. */
export class Thread implements Waiter {
  readonly process: Process;
  frames: Frame[] = [];
  state: ThreadState = "waiting";
  /** In the run queue already. */
  queued = false;
  readonly waitingOn: WaitQueue[] = [];
  timer: Timer | undefined;
  /** Told the value of the last frame; a process's first thread ends the process by it. */
  readonly done: (value: unknown) => void;
  readonly failed: (error: unknown) => void;
  readonly #enqueue: (thread: Thread) => void;

  constructor(
    process: Process,
    enqueue: (thread: Thread) => void,
    done: (value: unknown) => void,
    failed: (error: unknown) => void,
  ) {
    this.process = process;
    this.#enqueue = enqueue;
    this.done = done;
    this.failed = failed;
  }

  push(generator: Generator<Syscall, unknown, any>): void {
    this.frames.push({ generator, call: undefined, value: undefined, error: undefined });
  }

  get call(): CallState {
    return this.frames[this.frames.length - 1]!.call!;
  }

  wakeUp(): void {
    if (this.state !== "waiting") return;
    this.stopWaiting();
    this.#enqueue(this);
  }

  stopWaiting(): void {
    for (const queue of this.waitingOn) queue.waiters.delete(this);
    this.waitingOn.length = 0;
    if (this.timer) this.timer.cancelled = true;
    this.timer = undefined;
  }
}

export interface ProcessGroup {
  /** Number of its first leader in the initial namespace. */
  readonly id: number;
  readonly leader: Process;
  readonly session: Session;
  readonly members: Set<Process>;
}

export interface Session {
  readonly id: number;
  readonly leader: Process;
  /** The controlling terminal. */
  tty: Tty | undefined;
}

/** A process: what its threads share. */
export class Process {
  /** In the initial pid namespace. */
  readonly pid: number;
  /** Its number in each namespace from the initial one to its own. */
  readonly numbers: readonly { namespace: PidNamespace; pid: number }[];
  parent: Process | undefined;
  readonly children = new Set<Process>();
  group: ProcessGroup;
  threads: Thread[] = [];
  descriptors: DescriptorTable = new DescriptorTable();
  root: Location;
  cwd: Location;
  umask = 0o022;
  credentials: Credentials;
  namespaces: NamespaceSet;
  cgroup: Cgroup;
  actions = new Map<SignalName, SignalAction>();
  blocked = new Set<SignalName>();
  readonly pending = new Set<SignalName>();
  rlimits = new Map<string, Rlimit>();
  nice = 0;
  oomScoreAdj = 0;
  argv: readonly string[] = [];
  env: readonly string[] = [];
  comm = "";
  exe: Location | undefined;
  identity: ProgramIdentity = { program: "", version: "" };
  /** Bytes it holds. */
  memory = 0;
  maxMemory = 0;
  /** Nanoseconds. */
  userTime = 0;
  systemTime = 0;
  childrenUserTime = 0;
  childrenSystemTime = 0;
  /** Nanoseconds since boot. */
  startTime: number;
  childSubreaper = false;
  parentDeathSignal: SignalName | undefined;
  alarm: Timer | undefined;
  stopped = false;
  /** Set once it has ended; a zombie until its parent has taken note. */
  status: WaitStatus | undefined;
  oomKilled = false;
  /** A filter of system calls is in place; only its being there is simulated. */
  seccomp = false;
  /** A stop or continuation that its parent has not been told of. */
  news: WaitStatus | undefined;
  /** A child changed. */
  readonly childChanged = new WaitQueue();
  readonly ended = new WaitQueue();
  readonly exitListeners: (() => void)[] = [];

  constructor(
    numbers: readonly { namespace: PidNamespace; pid: number }[],
    born: {
      parent?: Process;
      group?: ProcessGroup;
      root: Location;
      cwd: Location;
      credentials: Credentials;
      namespaces: NamespaceSet;
      cgroup: Cgroup;
      startTime: number;
    },
  ) {
    this.numbers = numbers;
    this.pid = numbers[0]!.pid;
    this.parent = born.parent;
    this.root = born.root;
    this.cwd = born.cwd;
    this.credentials = born.credentials;
    this.namespaces = born.namespaces;
    this.cgroup = born.cgroup;
    this.startTime = born.startTime;
    if (born.group) {
      this.group = born.group;
    } else {
      const session: Session = { id: this.pid, leader: this, tty: undefined };
      this.group = { id: this.pid, leader: this, session, members: new Set() };
    }
    this.group.members.add(this);
    for (const { namespace, pid } of numbers) namespace.processes.set(pid, this);
  }

  get session(): Session {
    return this.group.session;
  }

  /** Its own namespace's. */
  get pidNamespace(): PidNamespace {
    return this.numbers[this.numbers.length - 1]!.namespace;
  }

  /** Its number in its own namespace. */
  get ownPid(): number {
    return this.numbers[this.numbers.length - 1]!.pid;
  }

  /** Process 1 of its pid namespace. */
  get isInit(): boolean {
    return this.ownPid === 1;
  }

  get alive(): boolean {
    return this.status === undefined;
  }

  get paths(): PathContext {
    return this;
  }

  has(capability: string): boolean {
    return this.credentials.effective.has(capability);
  }

  namespaceNumber(kind: NamespaceKind): number {
    return this.namespaces[kind].ino;
  }
}
