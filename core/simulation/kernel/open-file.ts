import { Errno } from "../../files/filesystem.ts";
import type { Inode } from "../../files/filesystem.ts";
import { O, POLL } from "./calls.ts";
import type { Location } from "./mounts.ts";
import type { Thread } from "./process.ts";
import { WaitQueue } from "./wait-queue.ts";

/**
 * An open file description: what descriptors of one or several processes refer to. read and write answer undefined when
 * they would have to wait; the system call then waits on `readable` or `writable` and tries again.
 */
export abstract class OpenFile {
  /** O flags. */
  flags: number;
  offset = 0;
  /** Descriptors that refer to it. */
  references = 0;
  abstract readonly inode: Inode;
  /** Where it was opened; undefined for a pipe or socket. */
  readonly location: Location | undefined;
  readonly readable: WaitQueue = new WaitQueue();
  readonly writable: WaitQueue = new WaitQueue();

  constructor(flags: number, location?: Location) {
    this.flags = flags;
    this.location = location;
  }

  get mayRead(): boolean {
    return (this.flags & 3) !== O.WRONLY && !(this.flags & O.PATH);
  }
  get mayWrite(): boolean {
    return (this.flags & 3) !== O.RDONLY && !(this.flags & O.PATH);
  }
  get nonblock(): boolean {
    return (this.flags & O.NONBLOCK) !== 0;
  }

  read(_size: number, _thread: Thread): Uint8Array | undefined {
    throw new Errno("EINVAL");
  }
  write(_bytes: Uint8Array, _thread: Thread): number | undefined {
    throw new Errno("EINVAL");
  }
  pread(_size: number, _offset: number): Uint8Array {
    throw new Errno("ESPIPE");
  }
  pwrite(_bytes: Uint8Array, _offset: number): number {
    throw new Errno("ESPIPE");
  }
  seek(_offset: number, _whence: "set" | "current" | "end"): number {
    throw new Errno("ESPIPE");
  }
  truncate(_size: number): void {
    throw new Errno("EINVAL");
  }
  /** POLL bits that hold now. */
  poll(): number {
    return POLL.IN | POLL.OUT;
  }
  /** The last descriptor is gone. */
  release(): void {}
  /** What /proc/PID/fd/N links to. */
  describe(): string | undefined {
    return undefined;
  }
}

/** An inode that says itself what opening it gives: pipes, files of /proc and of cgroups. */
export interface OpenableInode extends Inode {
  open(flags: number, thread: Thread, location: Location): OpenFile | undefined;
}

export const isOpenable = (inode: Inode): inode is OpenableInode => "open" in inode;

/** A regular file or directory, opened. */
export class InodeFile extends OpenFile {
  readonly inode: Inode;

  constructor(flags: number, location: Location) {
    super(flags, location);
    this.inode = location.inode;
  }

  override read(size: number): Uint8Array {
    const bytes = this.pread(size, this.offset);
    this.offset += bytes.length;
    return bytes;
  }
  override write(bytes: Uint8Array): number {
    if (this.flags & O.APPEND) this.offset = this.inode.attributes().size;
    const written = this.inode.write(this.offset, bytes);
    this.offset += written;
    return written;
  }
  override pread(size: number, offset: number): Uint8Array {
    if (this.inode.kind === "directory") throw new Errno("EISDIR");
    return this.inode.read(offset, size);
  }
  override pwrite(bytes: Uint8Array, offset: number): number {
    return this.inode.write(offset, bytes);
  }
  override seek(offset: number, whence: "set" | "current" | "end"): number {
    const from = whence === "set" ? 0 : whence === "current" ? this.offset : this.inode.attributes().size;
    if (from + offset < 0) throw new Errno("EINVAL");
    return (this.offset = from + offset);
  }
  override truncate(size: number): void {
    this.inode.truncate(size);
  }
}
