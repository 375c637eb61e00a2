import { BrokenPipe, bytePipe, type ByteDuplex, type ByteSink } from "../platform/bytes.ts";
import type { TaskIo } from "../tasks/runtime.ts";

/** A sink that gives what it takes to everybody who listens; a listener that breaks is let go. */
class Broadcast implements ByteSink {
  readonly #sinks = new Set<ByteSink>();
  readonly #observe: (bytes: Uint8Array) => void;
  readonly closed: Promise<void>;
  #close!: () => void;

  constructor(observe: (bytes: Uint8Array) => void) {
    this.#observe = observe;
    this.closed = new Promise((resolve) => (this.#close = resolve));
  }

  add(sink: ByteSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#observe(bytes);
    if (this.#sinks.size === 0) return;
    await Promise.all([...this.#sinks].map((sink) => this.#writeTo(sink, bytes)));
  }

  async #writeTo(sink: ByteSink, bytes: Uint8Array): Promise<void> {
    try {
      await sink.write(bytes);
    } catch (error) {
      if (!(error instanceof BrokenPipe)) throw error;
      this.#sinks.delete(sink);
    }
  }

  close(): void {
    for (const sink of this.#sinks) sink.close();
    this.#sinks.clear();
    this.#close();
  }

  abort(): void {
    this.close();
  }
}

/**
 * The standard streams of a process between its runs and its clients: output goes to the log and to everybody who is
 * attached, input comes from everybody. They are there before the process starts, so that docker run can attach first.
 */
export class ProcessStreams {
  #stdin: ByteDuplex | undefined;
  #stdout!: Broadcast;
  #stderr!: Broadcast;
  readonly #openStdin: boolean;
  readonly #observe: (stream: "stdout" | "stderr", bytes: Uint8Array) => void;

  constructor(
    openStdin: boolean,
    observe: (stream: "stdout" | "stderr", bytes: Uint8Array) => void = () => {},
  ) {
    this.#openStdin = openStdin;
    this.#observe = observe;
    this.renew();
  }

  /** New streams for the next run; those who are attached to the old ones see the end. */
  renew(): void {
    this.#stdout?.close();
    this.#stderr?.close();
    this.#stdin?.source.cancel();
    this.#stdin = this.#openStdin ? bytePipe() : undefined;
    this.#stdout = new Broadcast((bytes) => this.#observe("stdout", bytes));
    this.#stderr = new Broadcast((bytes) => this.#observe("stderr", bytes));
  }

  /** What the runtime gets. */
  get io(): TaskIo {
    return { stdin: this.#stdin?.source ?? null, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Settles when the process has closed both of its output streams. */
  get drained(): Promise<unknown> {
    return Promise.all([this.#stdout.closed, this.#stderr.closed]);
  }

  /** Where input goes; undefined without -i. */
  get stdin(): ByteSink | undefined {
    return this.#stdin?.sink;
  }

  /** Sends a stream's output to `sink` from now on, until the process ends or the function it returns is called. */
  tap(stream: "stdout" | "stderr", sink: ByteSink): () => void {
    return (stream === "stdout" ? this.#stdout : this.#stderr).add(sink);
  }
}
