import { Errno } from "../../files/filesystem.ts";
import type { Attributes } from "../../files/filesystem.ts";
import { O, POLL } from "./calls.ts";
import type { Location } from "./mounts.ts";
import { OpenFile, type OpenableInode } from "./open-file.ts";
import type { Thread } from "./process.ts";
import { SyntheticInode, syntheticAttributes } from "./synthetic-inode.ts";
import { WaitQueue } from "./wait-queue.ts";

/** Bytes that a pipe holds before a writer has to wait, as on Linux. */
export const pipeCapacity = 65536;

/** Bytes in order between those who write and those who read: the heart of pipes, FIFOs and stream sockets. */
export class ByteQueue {
  readonly capacity: number;
  length = 0;
  readonly readable = new WaitQueue();
  readonly writable = new WaitQueue();
  #chunks: Uint8Array[] = [];

  constructor(capacity = pipeCapacity) {
    this.capacity = capacity;
  }

  get room(): number {
    return this.capacity - this.length;
  }

  /** Takes as many of the bytes as there is room for. */
  put(bytes: Uint8Array): number {
    const taken = Math.min(this.room, bytes.length);
    if (taken === 0) return 0;
    this.#chunks.push(bytes.slice(0, taken));
    this.length += taken;
    this.readable.wake();
    return taken;
  }

  /** Up to `size` bytes; empty when there are none. */
  take(size: number): Uint8Array {
    const first = this.#chunks[0];
    if (!first || size === 0) return new Uint8Array(0);
    const wanted = Math.min(size, this.length);
    let bytes: Uint8Array;
    if (first.length > wanted) {
      bytes = first.subarray(0, wanted);
      this.#chunks[0] = first.subarray(wanted);
    } else if (first.length === wanted) {
      bytes = this.#chunks.shift()!;
    } else {
      bytes = new Uint8Array(wanted);
      for (let at = 0; at < wanted;) {
        const chunk = this.#chunks[0]!;
        const part = Math.min(chunk.length, wanted - at);
        bytes.set(chunk.subarray(0, part), at);
        if (part === chunk.length) this.#chunks.shift();
        else this.#chunks[0] = chunk.subarray(part);
        at += part;
      }
    }
    this.length -= wanted;
    this.writable.wake();
    return bytes;
  }

  clear(): void {
    this.#chunks = [];
    this.length = 0;
  }
}

/** A pipe or FIFO: a queue, and how many have it open for reading and for writing. */
export class Pipe extends SyntheticInode implements OpenableInode {
  readonly kind = "fifo";
  readonly queue = new ByteQueue();
  readers = 0;
  writers = 0;
  /** Somebody has ever opened it for reading or writing: a FIFO's open waits for the other side. */
  readonly opened = new WaitQueue();
  readonly ino: number;
  readonly #time: bigint;

  constructor(ino: number, time: bigint) {
    super();
    this.ino = ino;
    this.#time = time;
  }

  attributes(): Attributes {
    return syntheticAttributes(this.ino, 0o600, this.#time);
  }

  open(flags: number, _thread?: Thread, location?: Location): PipeEnd {
    return new PipeEnd(this, flags, location);
  }
}

/** One end of a pipe (or both, of a FIFO opened O_RDWR). */
export class PipeEnd extends OpenFile {
  readonly inode: Pipe;
  override readonly readable: WaitQueue;
  override readonly writable: WaitQueue;

  constructor(pipe: Pipe, flags: number, location?: Location) {
    super(flags & ~O.CREAT, location);
    this.inode = pipe;
    this.readable = pipe.queue.readable;
    this.writable = pipe.queue.writable;
    if (this.mayRead) pipe.readers++;
    if (this.mayWrite) pipe.writers++;
    pipe.opened.wake();
  }

  override read(size: number): Uint8Array | undefined {
    if (this.inode.queue.length > 0) return this.inode.queue.take(size);
    return this.inode.writers === 0 ? new Uint8Array(0) : undefined;
  }

  override write(bytes: Uint8Array): number | undefined {
    if (this.inode.readers === 0) throw new Errno("EPIPE");
    // Up to 4096 bytes are written at once or not at all (PIPE_BUF).
    if (bytes.length <= 4096 && this.inode.queue.room < bytes.length) return undefined;
    return this.inode.queue.put(bytes) || (bytes.length === 0 ? 0 : undefined);
  }

  override poll(): number {
    let events = 0;
    if (this.mayRead) {
      if (this.inode.queue.length > 0) events |= POLL.IN;
      if (this.inode.writers === 0) events |= POLL.HUP;
    }
    if (this.mayWrite) {
      if (this.inode.readers === 0) events |= POLL.ERR;
      if (this.inode.queue.room >= 4096) events |= POLL.OUT;
    }
    return events;
  }

  override release(): void {
    if (this.mayRead) this.inode.readers--;
    if (this.mayWrite) this.inode.writers--;
    this.inode.queue.readable.wake();
    this.inode.queue.writable.wake();
  }

  override describe(): string | undefined {
    return this.location ? undefined : `pipe:[${this.inode.ino}]`;
  }
}
