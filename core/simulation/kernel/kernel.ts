import { Errno } from "../../files/filesystem.ts";
import type { FileSystem } from "../../files/filesystem.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import type { Random } from "../../platform/random.ts";
import { hex } from "../../platform/random.ts";
import { NetNamespace } from "../network/net-namespace.ts";
import { Network } from "../network/network.ts";
import { Cgroup } from "./cgroups.ts";
import { handlers } from "./calls/table.ts";
import { again, blocked } from "./calls/handler.ts";
import type { CallName, SpawnOptions } from "./calls.ts";
import { rootCredentials } from "./credentials.ts";
import { DevptsFileSystem } from "./devpts.ts";
import { ExecutableCache, loadExecutable } from "./executable.ts";
import { FileLocks } from "./file-locks.ts";
import { become, fork, joinCgroup, numbersIn, setMemory, startProgram } from "./lifecycle.ts";
import { KernelLoop } from "./loop.ts";
import { Mount, MountNamespace, pathOf, type Location } from "./mounts.ts";
import { mountAt, type MountRequest } from "./mounting.ts";
import {
  CgroupNamespace,
  initialNamespaceNumbers,
  Namespace,
  PidNamespace,
  UtsNamespace,
  type NamespaceSet,
} from "./namespaces.ts";
import type { Observation } from "./observation.ts";
import type { OpenFile } from "./open-file.ts";
import { Pipe } from "./pipe.ts";
import { Process, type Thread } from "./process.ts";
import { ProgramRegistry, type Program } from "./program.ts";
import { callCost, Scheduler } from "./scheduler.ts";
import { deliverSignals, isOrphaned, postSignal, signalGroup } from "./signal-delivery.ts";
import { sys } from "./syscalls.ts";
import { VirtualTime } from "./time.ts";
import { TtyMaster, TtySlave, type TerminalSignals, type Tty } from "./tty.ts";

export interface KernelOptions {
  /** The date of boot, nanoseconds since the epoch. */
  boot: bigint;
  random: Random;
  /** Ends in a later macrotask (setImmediate, a message to oneself): all promises that can settle have settled then. */
  turn: () => Promise<void>;
  /** The host's disk; mounted at /. */
  disk: FileSystem;
  /** Column "source" of its mount: "/dev/sda1". */
  diskSource?: string;
  hostname: string;
  processors?: number;
  /** Bytes. */
  memory?: number;
  /** `uname -r` and `uname -v`. */
  release?: string;
  version?: string;
  programs?: ProgramRegistry;
}

/** Process 1 of a host that has no other: orphans are its to take note of, which ignoring SIGCHLD does. */
export const idleInit: Program = function* () {
  yield* sys.sigaction("SIGCHLD", "ignore");
  for (;;) yield* sys.pause();
};

/** A simulated Linux kernel: its processes, files, terminals, cgroups and network, in virtual time. */
export class Kernel {
  readonly time: VirtualTime;
  readonly scheduler: Scheduler;
  readonly loop: KernelLoop;
  readonly random: Random;
  readonly programs: ProgramRegistry;
  readonly executables = new ExecutableCache();
  readonly cgroups: Cgroup;
  readonly devpts: DevptsFileSystem;
  readonly fileLocks = new FileLocks();
  /** What was written to /proc/sys, where it holds for the whole machine. */
  readonly sysctl = new Map<string, string>();
  readonly network: Network;
  readonly processors: number;
  readonly memory: number;
  readonly release: string;
  readonly version: string;
  readonly bootId: string;
  /** Bytes that kernel and daemons hold, outside of any cgroup. */
  readonly residentMemory = 400 << 20;
  /** Further types for mount(2): a shared directory of the real machine. */
  readonly fileSystemTypes = new Map<
    string,
    (source: string, options: readonly string[], device: number) => FileSystem
  >();
  /** Process 1. */
  readonly init: Process;
  /** Whose system call is being done; undefined between calls and for the engine's own doings. */
  current: Process | undefined;
  /** The terminal behind /dev/console. */
  console: Tty | undefined;
  /** The host is halted or restarted from within. */
  onReboot: (how: "halt" | "poweroff" | "restart") => void = () => {};
  /** A program threw what is no Errno: a mistake in the program. An unhandled rejection unless somebody listens. */
  onCrash: ((process: Process, error: unknown) => void) | undefined;
  readonly #observers = new Set<(observation: Observation) => void>();
  readonly #fifos = new Map<string, Pipe>();
  #nextIno = 20_000;
  #nextNamespace = 4026532200;
  #nextMount = 20;
  #nextDevice = 30;

  constructor(options: KernelOptions) {
    this.random = options.random;
    this.processors = options.processors ?? 2;
    this.memory = options.memory ?? 4 * 1024 ** 3;
    this.release = options.release ?? "6.8.0-drydock";
    this.version = options.version ?? "#1 SMP PREEMPT_DYNAMIC";
    this.programs = options.programs ?? new ProgramRegistry();
    this.bootId = hex(options.random.bytes(16)).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    this.time = new VirtualTime(options.boot);
    this.scheduler = new Scheduler(this.time, this.processors, (thread) => this.#step(thread));
    this.loop = new KernelLoop(this.time, this.scheduler, options.turn);
    this.cgroups = new Cgroup("", undefined, 1);
    this.cgroups.subtreeControl = new Set(["cpuset", "cpu", "io", "memory", "pids"]);
    this.devpts = new DevptsFileSystem(this.takeDevice(), this.terminalSignals, () => this.time.realtime());
    const root = new Mount(this.takeMountId(), options.disk, { source: options.diskSource ?? "/dev/sda1" });
    root.propagation = "shared";
    const numbers = initialNamespaceNumbers;
    const mnt = new MountNamespace(numbers.mnt, root);
    const pid = new PidNamespace(numbers.pid);
    const net = new NetNamespace(numbers.net);
    this.network = new Network(this, net);
    const namespaces: NamespaceSet = {
      mnt,
      pid,
      net,
      uts: new UtsNamespace(numbers.uts, options.hostname),
      ipc: new Namespace("ipc", numbers.ipc),
      user: new Namespace("user", numbers.user),
      cgroup: new CgroupNamespace(numbers.cgroup, this.cgroups),
      time: new Namespace("time", numbers.time),
      pidForChildren: pid,
    };
    const place = mnt.rootLocation();
    this.init = new Process(numbersIn(pid), {
      root: place,
      cwd: place,
      credentials: rootCredentials,
      namespaces,
      cgroup: this.cgroups,
      startTime: 0,
    });
    this.init.argv = ["/sbin/init"];
    this.init.comm = "systemd";
    joinCgroup(this.init, this.cgroups);
    setMemory(this, this.init, 12 << 20);
    startProgram(this, this.init, idleInit);
  }

  /** The engine's clock: virtual time. */
  get clock(): VirtualTime {
    return this.time;
  }

  readonly takeMountId = (): number => ++this.#nextMount;
  readonly takeIno = (): number => ++this.#nextIno;
  takeNamespaceNumber(): number {
    return ++this.#nextNamespace;
  }
  takeDevice(): number {
    return ++this.#nextDevice;
  }

  newNetNamespace(ino = this.takeNamespaceNumber()): NetNamespace {
    return new NetNamespace(ino);
  }

  createPipe(): Pipe {
    return new Pipe(this.takeIno(), this.time.realtime());
  }

  /** The pipe behind a FIFO; the same for everybody who opens it. */
  fifo(location: Location): Pipe {
    const key = `${location.mount.fileSystem.device}:${location.inode.attributes().ino}`;
    let pipe = this.#fifos.get(key);
    if (!pipe || (pipe.readers === 0 && pipe.writers === 0)) this.#fifos.set(key, (pipe = this.createPipe()));
    return pipe;
  }

  /** The terminal that a descriptor is; ENOTTY. */
  ttyOf(file: OpenFile): Tty {
    if (file instanceof TtySlave || file instanceof TtyMaster) return file.tty;
    throw new Errno("ENOTTY");
  }

  /** Where a terminal of the host shows in a process's tree; undefined when no devpts is mounted there. */
  devptsLocation(process: Process, tty: Tty): Location | undefined {
    for (const mount of process.namespaces.mnt.mounts()) {
      if (mount.fileSystem !== this.devpts) continue;
      const root: Location = {
        mount,
        path: "/",
        inode: mount.root,
        parent: process.root,
        name: mount.path().slice(1),
      };
      return { mount, path: `/${tty.index}`, inode: tty.inode, parent: root, name: String(tty.index) };
    }
    return undefined;
  }

  readonly terminalSignals: TerminalSignals = {
    signalGroup: (group, signal) => signalGroup(this, group, signal),
    stopBackground: (thread, signal) => {
      const { process } = thread;
      const heedless = process.blocked.has(signal) || process.actions.get(signal) === "ignore";
      if (heedless || isOrphaned(process.group)) throw new Errno("EIO");
      signalGroup(this, process.group, signal);
    },
  };

  /** How many processes a user has. */
  processesOf(uid: number): number {
    let count = 0;
    for (const process of this.init.pidNamespace.processes.values())
      if (process.credentials.uid === uid) count++;
    return count;
  }

  /** The process with a number of the host's; undefined when there is none. */
  process(pid: number): Process | undefined {
    return this.init.pidNamespace.processes.get(pid);
  }

  /** Mounts on the host, as its root user. */
  mount(request: MountRequest): Mount | undefined {
    return mountAt(this, this.init, request);
  }

  /**
   * Starts a program on the host, as a child of process 1 (or of `parent`) with the descriptors given and a session of
   * its own choice. ENOENT, EACCES, ENOEXEC.
   */
  spawn(
    path: string,
    options: Omit<SpawnOptions, "fds" | "foreground" | "processGroup"> & {
      parent?: Process;
      files?: readonly OpenFile[];
      prepare?: (child: Process) => void;
    } = {},
  ): Process {
    const parent = options.parent ?? this.init;
    const child = fork(this, parent);
    child.actions.clear();
    child.descriptors.closeAll();
    options.files?.forEach((file, fd) => child.descriptors.set(fd, file));
    options.prepare?.(child);
    try {
      const executable = loadExecutable(child, path, options.argv ?? [path], {
        programs: this.programs,
        executables: this.executables,
      });
      become(this, child, executable, options.env ?? parent.env);
    } catch (error) {
      this.kill(child, "SIGKILL");
      throw error;
    }
    return child;
  }

  /** A signal from the host's root user (or from the kernel itself). */
  kill(process: Process, signal: Parameters<typeof postSignal>[2]): void {
    postSignal(this, process, signal, this.init);
  }

  /** Settles when the process has ended. */
  async ended(process: Process, cancellation?: Cancellation): Promise<void> {
    while (process.alive) {
      cancellation?.throwIfCancelled();
      await process.ended.next();
    }
  }

  /** Calls `listener` for what processes do on their own; returns what ends that. */
  onObservation(listener: (observation: Observation) => void): () => void {
    this.#observers.add(listener);
    return () => this.#observers.delete(listener);
  }

  get observed(): boolean {
    return this.#observers.size > 0;
  }

  observe(observation: Observation): void {
    for (const observer of this.#observers) observer(observation);
  }

  observeFile(process: Process, change: "create" | "remove" | "rename", location: Location): void {
    if (!this.observed) return;
    this.observe({
      kind: "file",
      pid: process.pid,
      change,
      path: pathOf(location, process.namespaces.mnt.rootLocation()),
    });
  }

  crashed(process: Process, error: unknown): void {
    if (this.onCrash) this.onCrash(process, error);
    else void Promise.reject(error);
  }

  /** Size and use of the file system behind a mount, bytes. */
  spaceOf(mount: Mount): { size: number; used: number } {
    const space = (mount.fileSystem as { space?: { used: number; capacity: number } }).space;
    const size = space && Number.isFinite(space.capacity) ? space.capacity : 64 * 1024 ** 3;
    return { size, used: space?.used ?? 0 };
  }

  /** The averages of uptime(1): how many processors were busy, over the whole time since boot. */
  loads(): [number, number, number] {
    const load = this.time.elapsed === 0 ? 0 : this.scheduler.busy / this.time.elapsed;
    return [load, load, load];
  }

  /** One step of a thread: a signal, or one system call. */
  #step(thread: Thread): void {
    this.current = thread.process;
    try {
      this.#advance(thread);
    } finally {
      this.current = undefined;
    }
  }

  #advance(thread: Thread): void {
    const { process } = thread;
    this.scheduler.charge(thread, callCost.user, callCost.system);
    if (process.pending.size > 0 && !deliverSignals(this, thread)) return;
    if (!isRunnable(thread)) return;
    const frame = thread.frames[thread.frames.length - 1]!;
    if (!frame.call) {
      let result: IteratorResult<{ call: CallName; args: readonly unknown[] }, unknown>;
      try {
        if (frame.error) {
          const { thrown } = frame.error;
          frame.error = undefined;
          result = frame.generator.throw(thrown);
        } else {
          const { value } = frame;
          frame.value = undefined;
          result = frame.generator.next(value);
        }
      } catch (error) {
        this.#end(thread, () => thread.failed(error));
        return;
      }
      if (result.done) {
        thread.frames.pop();
        if (thread.frames.length === 0) this.#end(thread, () => thread.done(result.value));
        return;
      }
      frame.call = { syscall: result.value };
    }
    const { syscall } = frame.call;
    try {
      const handle = handlers[syscall.call] as (
        kernel: Kernel,
        thread: Thread,
        ...args: readonly unknown[]
      ) => unknown;
      const value = handle(this, thread, ...syscall.args);
      if (value === again) return;
      if (value === blocked) {
        // A signal that came meanwhile is dealt with at once.
        if (thread.state === "waiting" && process.pending.size > 0 && process.threads[0] === thread)
          thread.wakeUp();
        return;
      }
      frame.call = undefined;
      frame.value = value;
    } catch (error) {
      if (thread.state === "dead") return;
      thread.stopWaiting();
      frame.call = undefined;
      frame.error = { thrown: error };
    }
  }

  #end(thread: Thread, tell: () => void): void {
    thread.state = "dead";
    thread.frames = [];
    const { threads } = thread.process;
    const index = threads.indexOf(thread);
    if (index > 0) threads.splice(index, 1);
    tell();
  }
}

/** A function, so that nobody takes the state for what it was before a call. */
const isRunnable = (thread: Thread): boolean => thread.state === "runnable";
