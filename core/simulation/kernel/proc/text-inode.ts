import { Errno } from "../../../files/filesystem.ts";
import type { Attributes, Inode } from "../../../files/filesystem.ts";
import { text, utf8 } from "../../../platform/bytes.ts";
import { O } from "../calls.ts";
import type { Location } from "../mounts.ts";
import { OpenFile, type OpenableInode } from "../open-file.ts";
import { SyntheticInode, syntheticAttributes } from "../synthetic-inode.ts";

/** A file whose text the kernel makes when it is read, and acts on when it is written: of /proc, of a cgroup. */
export class TextInode extends SyntheticInode implements OpenableInode {
  readonly kind = "file";
  readonly #make: () => string;
  readonly #take: ((text: string) => void) | undefined;
  readonly #attributes: Attributes;

  constructor(
    attributes: { ino: number; time: bigint; mode?: number; uid?: number; gid?: number },
    make: () => string,
    take?: (text: string) => void,
  ) {
    super();
    const { uid = 0, gid = 0 } = attributes;
    this.#attributes = syntheticAttributes(
      attributes.ino,
      attributes.mode ?? (take ? 0o644 : 0o444),
      attributes.time,
      { uid, gid },
    );
    this.#make = make;
    this.#take = take;
  }
  attributes(): Attributes {
    return this.#attributes;
  }
  override read(offset: number, length: number): Uint8Array {
    return utf8(this.#make()).subarray(offset, offset + length);
  }
  override write(_offset: number, bytes: Uint8Array): number {
    if (!this.#take) throw new Errno("EACCES");
    this.#take(text(bytes));
    return bytes.length;
  }
  open(flags: number, _thread: unknown, location: Location): OpenFile {
    return new TextFile(this, flags & ~(O.CREAT | O.TRUNC), location);
  }
}

/** An open TextInode: the text is what it was at the first read. */
class TextFile extends OpenFile {
  readonly inode: Inode;
  #bytes: Uint8Array | undefined;

  constructor(inode: TextInode, flags: number, location: Location) {
    super(flags, location);
    this.inode = inode;
  }
  override read(size: number): Uint8Array {
    if (this.offset === 0 || !this.#bytes) this.#bytes = this.inode.read(0, 1 << 24);
    const bytes = this.#bytes.subarray(this.offset, this.offset + size);
    this.offset += bytes.length;
    return bytes;
  }
  override write(bytes: Uint8Array): number {
    return this.inode.write(this.offset, bytes);
  }
  override pread(size: number, offset: number): Uint8Array {
    return this.inode.read(offset, size);
  }
  override pwrite(bytes: Uint8Array): number {
    return this.inode.write(0, bytes);
  }
  override seek(offset: number, whence: "set" | "current" | "end"): number {
    if (whence === "end") throw new Errno("EINVAL");
    return (this.offset = whence === "set" ? offset : this.offset + offset);
  }
  override truncate(): void {}
}

/** A directory whose entries the kernel makes up at each look. */
export class MadeDirectory extends SyntheticInode {
  readonly kind = "directory";
  readonly #attributes: Attributes;
  readonly #list: () => Iterable<[string, Inode]>;
  readonly #find: ((name: string) => Inode | undefined) | undefined;

  /** `find` is asked first where looking one up is cheaper than listing all. */
  constructor(
    attributes: { ino: number; time: bigint; mode?: number; uid?: number; gid?: number },
    list: () => Iterable<[string, Inode]>,
    find?: (name: string) => Inode | undefined,
  ) {
    super();
    const { uid = 0, gid = 0 } = attributes;
    this.#attributes = syntheticAttributes(attributes.ino, attributes.mode ?? 0o555, attributes.time, {
      nlink: 2,
      uid,
      gid,
    });
    this.#list = list;
    this.#find = find;
  }
  attributes(): Attributes {
    return this.#attributes;
  }
  override lookup(name: string): Inode | undefined {
    if (this.#find) return this.#find(name);
    for (const [each, inode] of this.#list()) if (each === name) return inode;
    return undefined;
  }
  override entries(): Iterable<[string, Inode]> {
    return this.#list();
  }
  override create(): Inode {
    throw new Errno("ENOENT");
  }
}

/** A symbolic link whose target the kernel makes up. */
export class LinkInode extends SyntheticInode {
  readonly kind = "symlink";
  readonly #attributes: Attributes;
  readonly #target: () => string;

  constructor(attributes: { ino: number; time: bigint; uid?: number; gid?: number }, target: () => string) {
    super();
    const { uid = 0, gid = 0 } = attributes;
    this.#attributes = syntheticAttributes(attributes.ino, 0o777, attributes.time, { uid, gid });
    this.#target = target;
  }
  attributes(): Attributes {
    return this.#attributes;
  }
  override readlink(): string {
    return this.#target();
  }
}
