import type { Cancellation } from "./cancellation.ts";

/** Bytes that come in. One reader at a time. */
export interface ByteSource {
  /** The next bytes (never empty), or null at the end. Rejects if the writer aborted. */
  read(): Promise<Uint8Array | null>;
  /** The reader wants no more: the writer's next write rejects with BrokenPipe. */
  cancel(reason?: string): void;
}

/** Bytes that go out. One writer at a time. */
export interface ByteSink {
  /** Takes the bytes; ends when there is room for more (this is the backpressure). Rejects with BrokenPipe. */
  write(bytes: Uint8Array): Promise<void>;
  /** No more will come; the reader sees the end. */
  close(): void;
  /** The reader's next read rejects with `error`. */
  abort(error: Error): void;
}

/** Both directions of a connection, each closed by itself (half-close). */
export interface ByteDuplex {
  source: ByteSource;
  sink: ByteSink;
}

/** Thrown to a writer whose reader is gone. */
export class BrokenPipe extends Error {
  override name = "BrokenPipe";
  constructor(reason = "write: broken pipe") {
    super(reason);
  }
}

/**
 * A pipe in memory: what is written to `sink` is read from `source`, in order.
 * A write waits while more than `credit` bytes lie unread.
 */
export function bytePipe(credit = 65536): ByteDuplex {
  return new BytePipe(credit);
}

class BytePipe implements ByteDuplex, ByteSource, ByteSink {
  #chunks: Uint8Array[] = [];
  #unread = 0;
  #ended = false;
  #error: Error | undefined;
  #broken: BrokenPipe | undefined;
  #reader: { resolve(bytes: Uint8Array | null): void; reject(error: Error): void } | undefined;
  #writers: { resolve(): void; reject(error: Error): void }[] = [];
  readonly #credit: number;

  constructor(credit: number) {
    this.#credit = credit;
  }

  get source(): ByteSource {
    return this;
  }

  get sink(): ByteSink {
    return this;
  }

  read(): Promise<Uint8Array | null> {
    const chunk = this.#chunks.shift();
    if (chunk) {
      this.#unread -= chunk.length;
      if (this.#unread <= this.#credit) for (const writer of this.#writers.splice(0)) writer.resolve();
      return Promise.resolve(chunk);
    }
    if (this.#error) return Promise.reject(this.#error);
    if (this.#ended || this.#broken) return Promise.resolve(null);
    return new Promise((resolve, reject) => (this.#reader = { resolve, reject }));
  }

  cancel(reason?: string): void {
    if (this.#broken) return;
    this.#broken = new BrokenPipe(reason);
    this.#chunks = [];
    this.#unread = 0;
    for (const writer of this.#writers.splice(0)) writer.reject(this.#broken);
    this.#reader?.resolve(null);
    this.#reader = undefined;
  }

  write(bytes: Uint8Array): Promise<void> {
    if (this.#broken) return Promise.reject(this.#broken);
    if (this.#ended || this.#error) return Promise.reject(new BrokenPipe("write on a closed pipe"));
    if (bytes.length === 0) return Promise.resolve();
    if (this.#reader) {
      this.#reader.resolve(bytes);
      this.#reader = undefined;
      return Promise.resolve();
    }
    this.#chunks.push(bytes);
    this.#unread += bytes.length;
    if (this.#unread <= this.#credit) return Promise.resolve();
    return new Promise((resolve, reject) => this.#writers.push({ resolve, reject }));
  }

  close(): void {
    if (this.#ended || this.#error) return;
    this.#ended = true;
    this.#reader?.resolve(null);
    this.#reader = undefined;
  }

  abort(error: Error): void {
    if (this.#ended || this.#error) return;
    this.#error = error;
    this.#reader?.reject(error);
    this.#reader = undefined;
  }
}

/** Two ends of one connection in memory: what one end writes, the other reads. */
export function duplexPair(credit?: number): [ByteDuplex, ByteDuplex] {
  const there = bytePipe(credit);
  const back = bytePipe(credit);
  return [
    { source: back.source, sink: there.sink },
    { source: there.source, sink: back.sink },
  ];
}

/** A source that holds `bytes`. */
export function sourceOf(...chunks: Uint8Array[]): ByteSource {
  const left = chunks.filter((chunk) => chunk.length > 0);
  return {
    read: () => Promise.resolve(left.shift() ?? null),
    cancel: () => void left.splice(0),
  };
}

/** Everything that `source` holds, joined. Rejects with an Error once it is more than `limit` bytes. */
export async function readAll(source: ByteSource, limit = Infinity): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const chunk = await source.read();
    if (!chunk) return concat(chunks);
    length += chunk.length;
    if (length > limit) {
      source.cancel("too much data");
      throw new Error(`more than ${limit} bytes`);
    }
    chunks.push(chunk);
  }
}

/** Copies all of `source` to `sink` and closes it; ends early, without an error, when the reader is gone. */
export async function pump(source: ByteSource, sink: ByteSink, cancellation?: Cancellation): Promise<void> {
  const undo = cancellation?.onCancel((reason) => source.cancel(reason));
  try {
    for (;;) {
      const chunk = await source.read();
      if (!chunk) break;
      await sink.write(chunk);
    }
    sink.close();
  } catch (error) {
    if (error instanceof BrokenPipe) source.cancel(error.message);
    else sink.abort(error as Error);
  } finally {
    undo?.();
  }
}

export function concat(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!;
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** UTF-8 bytes of `text`. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** `bytes` as UTF-8 text; what is not UTF-8 becomes U+FFFD. */
export function text(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
