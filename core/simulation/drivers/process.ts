import { notFound } from "../../errors/errors.ts";
import { Errno } from "../../files/filesystem.ts";
import { utf8 } from "../../platform/bytes.ts";
import type { Instant } from "../../platform/clock.ts";
import type { Exit, TaskIo, TaskProcess } from "../../tasks/runtime.ts";
import type { ProcessSpec } from "../../tasks/spec.ts";
import { O } from "../kernel/calls.ts";
import { startSession } from "../kernel/calls/processes.ts";
import { loadExecutable } from "../kernel/executable.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { become, startProgram, terminate } from "../kernel/lifecycle.ts";
import type { OpenFile } from "../kernel/open-file.ts";
import { shellStatus } from "../kernel/process-status.ts";
import type { Process } from "../kernel/process.ts";
import type { Program } from "../kernel/program.ts";
import { signalNumber, type SignalName } from "../kernel/signals.ts";
import { TtySlave, type Tty, type TtyMaster } from "../kernel/tty.ts";
import { devptsOf, terminalLocation } from "./container-mounts.ts";
import { findExecutable, goText } from "./process-setup.ts";
import { drainPipe, drainTerminal, feedPipe, feedTerminal, type Drain } from "./streams.ts";

/** A process that a runtime keeps: a container's first, or one of docker exec. */
export class SimulatedProcess implements TaskProcess {
  readonly kernel: Kernel;
  readonly process: Process;
  /** Runs instead of the file that args name: docker-init. */
  program: Program | undefined;
  readonly #spec: ProcessSpec;
  readonly #io: TaskIo;
  #master: TtyMaster | undefined;
  #drains: Drain[] = [];
  #feed: { stop(): void } | undefined;
  #started = false;
  #endedAt: Instant = 0n;
  readonly #exit: Promise<Exit>;

  constructor(kernel: Kernel, process: Process, spec: ProcessSpec, io: TaskIo) {
    this.kernel = kernel;
    this.process = process;
    this.#spec = spec;
    this.#io = io;
    process.exitListeners.push(() => (this.#endedAt = kernel.time.realtime()));
    this.#exit = this.#end();
  }

  get pid(): number {
    return this.#started ? this.process.pid : 0;
  }

  /** Makes the standard streams and connects them; with a terminal, returns it. The process becomes a session's leader. */
  openStreams(): Tty | undefined {
    const { kernel, process } = this;
    startSession(process);
    process.descriptors.closeAll();
    if (this.#spec.terminal) return this.#openTerminal();
    const stdin = kernel.createPipe();
    const files: OpenFile[] = [stdin.open(O.RDONLY)];
    this.#feed = feedPipe(stdin, this.#io.stdin);
    for (const sink of [this.#io.stdout, this.#io.stderr]) {
      const pipe = kernel.createPipe();
      files.push(pipe.open(O.WRONLY));
      this.#drains.push(drainPipe(pipe, sink));
    }
    files.forEach((file, fd) => process.descriptors.set(fd, file));
    return undefined;
  }

  #openTerminal(): Tty {
    const { kernel, process } = this;
    const mount = devptsOf(process);
    const devpts = (mount?.fileSystem as typeof kernel.devpts | undefined) ?? kernel.devpts;
    const { width = 0, height = 0 } = this.#spec.consoleSize ?? {};
    const master = devpts.create({ columns: width, rows: height }, O.RDWR);
    master.references++;
    this.#master = master;
    const { tty } = master;
    tty.inode.setAttributes({ uid: this.#spec.user.uid });
    const slave = new TtySlave(tty, O.RDWR, mount && terminalLocation(process, mount, tty));
    for (const fd of [0, 1, 2]) process.descriptors.set(fd, slave);
    process.session.tty = tty;
    tty.session = process.session;
    tty.foreground = process.group;
    this.#drains.push(drainTerminal(master, this.#io.stdout));
    this.#io.stderr.close();
    this.#feed = feedTerminal(master, this.#io.stdin);
    return tty;
  }

  async start(): Promise<void> {
    const { kernel, process } = this;
    this.#started = true;
    const { args, env } = this.#spec;
    if (this.program) {
      process.argv = ["/sbin/docker-init", "--", ...args];
      process.comm = "docker-init";
      process.env = env;
      startProgram(kernel, process, this.program);
      return;
    }
    const path = findExecutable(process, this.#spec);
    try {
      become(
        kernel,
        process,
        loadExecutable(process, path, args, { programs: kernel.programs, executables: kernel.executables }),
        env,
      );
    } catch (error) {
      // runc has let go of its pipe to the daemon by now: the failure shows where the program's output goes.
      const message = utf8(`exec ${path}: ${goText(error)}\n`);
      process.descriptors.get(2).write(message, process.threads[0]!);
      terminate(kernel, process, { kind: "exited", code: 255 });
    }
  }

  wait(): Promise<Exit> {
    return this.#exit;
  }

  async #end(): Promise<Exit> {
    const { kernel, process } = this;
    await kernel.ended(process);
    this.#feed?.stop();
    // What background processes of a docker exec still hold open is not waited for.
    const over = this.#drains.filter((drain) => drain.writersGone());
    if (this.#master) await Promise.all(this.#drains.map((drain) => drain.finish()));
    else await Promise.all(over.map((drain) => drain.finish()));
    if (this.#master && --this.#master.references === 0) this.#master.release();
    return {
      status: shellStatus(process.status!),
      at: this.#endedAt,
      oomKilled: process.oomKilled || this.#cgroupKilled(),
    };
  }

  #cgroupKilled(): boolean {
    return this.process.cgroup.memoryEvents.oom_kill > 0;
  }

  async kill(signal: string): Promise<void> {
    if (!this.process.alive) throw notFound("process already finished");
    const name = signal as SignalName;
    if (signalNumber(name) <= 0) throw new Errno("EINVAL");
    this.kernel.kill(this.process, name);
  }

  async resize({ width, height }: { width: number; height: number }): Promise<void> {
    this.#master?.tty.resize({ columns: width, rows: height });
  }
}
