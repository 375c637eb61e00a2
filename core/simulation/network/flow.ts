import { Errno } from "../../files/filesystem.ts";
import { BrokenPipe, type ByteDuplex, type ByteSink, type ByteSource } from "../../platform/bytes.ts";
import { ByteQueue } from "../kernel/pipe.ts";

/** One direction of a stream connection. */
export class Flow {
  readonly queue = new ByteQueue(131072);
  /** The writer has said that no more comes. */
  ended = false;
  /** The reader wants no more; a writer gets EPIPE. */
  refused = false;
  /** The connection broke: both sides get ECONNRESET. */
  reset = false;
  readonly #count: (bytes: number) => void;

  constructor(count: (bytes: number) => void = () => {}) {
    this.#count = count;
  }

  /** Up to `size` bytes, empty at the end, undefined when there are none yet. */
  read(size: number): Uint8Array | undefined {
    if (this.queue.length > 0) return this.queue.take(size);
    if (this.reset) throw new Errno("ECONNRESET");
    return this.ended ? new Uint8Array(0) : undefined;
  }

  /** How many bytes there was room for; undefined when for none. */
  write(bytes: Uint8Array): number | undefined {
    if (this.reset) throw new Errno("ECONNRESET");
    if (this.refused || this.ended) throw new Errno("EPIPE");
    const taken = this.queue.put(bytes);
    if (taken > 0) this.#count(taken);
    return taken || (bytes.length === 0 ? 0 : undefined);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.wake();
  }

  refuse(): void {
    this.refused = true;
    this.queue.clear();
    this.wake();
  }

  breakOff(): void {
    this.reset = true;
    this.wake();
  }

  wake(): void {
    this.queue.readable.wake();
    this.queue.writable.wake();
  }
}

/** A connection as one of its ends sees it. */
export interface StreamEnd {
  readonly input: Flow;
  readonly output: Flow;
}

/** A stream connection: two flows, seen from both ends. */
export function streamPair(count?: {
  there(bytes: number): void;
  back(bytes: number): void;
}): [StreamEnd, StreamEnd] {
  const there = new Flow(count?.there);
  const back = new Flow(count?.back);
  return [
    { input: back, output: there },
    { input: there, output: back },
  ];
}

/** An end of a connection for those outside of the kernel. */
export function duplexOf(end: StreamEnd): ByteDuplex {
  const source: ByteSource = {
    async read() {
      for (;;) {
        let bytes: Uint8Array | undefined;
        try {
          bytes = end.input.read(65536);
        } catch {
          throw new Error("read: connection reset by peer");
        }
        if (bytes) return bytes.length === 0 ? null : bytes;
        await end.input.queue.readable.next();
      }
    },
    cancel: () => end.input.refuse(),
  };
  const sink: ByteSink = {
    async write(bytes) {
      for (let done = 0; done < bytes.length;) {
        let written: number | undefined;
        try {
          written = end.output.write(bytes.subarray(done));
        } catch {
          throw new BrokenPipe();
        }
        if (written === undefined) await end.output.queue.writable.next();
        else done += written;
      }
    },
    close: () => end.output.end(),
    abort: () => {
      end.output.breakOff();
      end.input.breakOff();
    },
  };
  return { source, sink };
}
