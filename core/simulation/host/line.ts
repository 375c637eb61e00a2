import { Errno } from "../../files/filesystem.ts";
import { BrokenPipe, type ByteSink } from "../../platform/bytes.ts";
import { O, type Winsize } from "../kernel/calls.ts";
import { startSession } from "../kernel/calls/processes.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { OpenFile } from "../kernel/open-file.ts";
import { resolve } from "../kernel/paths.ts";
import { PipeEnd, type Pipe } from "../kernel/pipe.ts";
import type { Process } from "../kernel/process.ts";
import { shellStatus } from "../kernel/process-status.ts";
import type { SignalName } from "../kernel/signals.ts";
import { TtySlave, type TtyMaster } from "../kernel/tty.ts";
import type { WaitQueue } from "../kernel/wait-queue.ts";

/** A program to be started on the host for somebody outside of it. */
export interface LineRequest {
  /** The program's file. */
  path: string;
  /** argv[0] first. */
  argv: readonly string[];
  env: readonly string[];
  cwd: string;
  /** Its terminal's size; null: three pipes. */
  terminal: Winsize | null;
  /** With a terminal everything comes on stdout. */
  output: { stdout: ByteSink; stderr: ByteSink };
}

/** A program of the host and its standard streams, as somebody outside of the machine has them. */
export class HostLine {
  /** Its exit status, when it has ended and all that it printed is out. */
  readonly ended: Promise<number>;
  readonly #kernel: Kernel;
  readonly #process: Process;
  readonly #terminal: TtyMaster | undefined;
  readonly #stdin: { pipe: Pipe; end: PipeEnd } | undefined;

  /** Throws Errno when the program cannot be started. */
  constructor(kernel: Kernel, request: LineRequest) {
    this.#kernel = kernel;
    const files: OpenFile[] = [];
    const drained: Promise<void>[] = [];
    if (request.terminal) {
      const master = kernel.devpts.create(request.terminal, O.RDWR);
      this.#terminal = master;
      const slave = new TtySlave(master.tty, O.RDWR, kernel.devptsLocation(kernel.init, master.tty));
      files.push(slave, slave, slave);
      drained.push(
        drain(
          () => master.read(65536) ?? (master.tty.hungUp ? new Uint8Array(0) : undefined),
          master.readable,
          request.output.stdout,
        ),
      );
    } else {
      const stdin = kernel.createPipe();
      this.#stdin = { pipe: stdin, end: hold(new PipeEnd(stdin, O.WRONLY)) };
      files.push(new PipeEnd(stdin, O.RDONLY));
      for (const sink of [request.output.stdout, request.output.stderr]) {
        const pipe = kernel.createPipe();
        const reader = hold(new PipeEnd(pipe, O.RDONLY));
        files.push(new PipeEnd(pipe, O.WRONLY));
        drained.push(
          drain(
            () => reader.read(65536),
            pipe.queue.readable,
            sink,
            () => reader.release(),
          ),
        );
      }
    }
    this.#process = kernel.spawn(request.path, {
      argv: request.argv,
      env: request.env,
      files,
      prepare: (child) => {
        startSession(child);
        child.cwd = resolve(child, request.cwd);
        if (!this.#terminal) return;
        const { tty } = this.#terminal;
        child.session.tty = tty;
        tty.session = child.session;
        tty.foreground = child.group;
      },
    });
    kernel.loop.poke();
    this.ended = this.#end(drained);
  }

  async #end(drained: Promise<void>[]): Promise<number> {
    await this.#kernel.ended(this.#process);
    this.#terminal?.release();
    this.#terminal?.readable.wake();
    await Promise.all(drained);
    return shellStatus(this.#process.status!);
  }

  /** What is typed, or comes through the pipe; how much of it was taken (a pipe may be full: see `writable`). */
  input(bytes: Uint8Array): number {
    if (this.#terminal) return this.#terminal.write(bytes);
    const { pipe } = this.#stdin!;
    return pipe.readers === 0 ? bytes.length : pipe.queue.put(bytes);
  }

  /** Settles when a full pipe has room again. */
  writable(): Promise<void> {
    return this.#stdin ? this.#stdin.pipe.queue.writable.next() : Promise.resolve();
  }

  /** Nothing more comes through the pipe. */
  end(): void {
    this.#stdin?.end.release();
  }

  resize(size: Winsize): void {
    this.#terminal?.tty.resize(size);
  }

  signal(signal: SignalName): void {
    if (this.#process.alive) this.#kernel.kill(this.#process, signal);
  }
}

/** Keeps an end open for somebody who has no descriptor of it. */
function hold(end: PipeEnd): PipeEnd {
  end.references++;
  return end;
}

/** Hands on what can be read until its end; the next piece is only taken when the last one was. */
async function drain(
  read: () => Uint8Array | undefined,
  readable: WaitQueue,
  sink: ByteSink,
  release = () => {},
): Promise<void> {
  try {
    for (;;) {
      const bytes = readOrEnd(read);
      if (bytes === undefined) await readable.next();
      else if (bytes.length === 0) break;
      else await sink.write(bytes);
    }
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  } finally {
    release();
    sink.close();
  }
}

/** A terminal whose programs are gone says EIO, which is its end. */
function readOrEnd(read: () => Uint8Array | undefined): Uint8Array | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Errno && error.code === "EIO") return new Uint8Array(0);
    throw error;
  }
}
