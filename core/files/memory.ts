import { utf8 } from "../platform/bytes.ts";
import { emptyContent } from "./content.ts";
import { Errno } from "./filesystem.ts";
import type { Attributes, FileContent, FileSystem, Inode, InodeKind, NewInode } from "./filesystem.ts";
import { PagedContent } from "./pages.ts";
import type { Space } from "./pages.ts";

export interface MemoryFileSystemOptions {
  now: () => bigint;
  /** As /proc/mounts has it; "ext4" unless told. */
  type?: string;
  device?: number;
  /** Bytes that its files may occupy; more gives ENOSPC. */
  capacity?: number;
  /** Of the root directory; 0o755 unless told. */
  mode?: number;
  uid?: number;
  gid?: number;
}

/** A file system whose inodes are held in memory: the simulated host's disk, a tmpfs. */
export class MemoryFileSystem implements FileSystem {
  readonly type: string;
  readonly device: number;
  readonly root: MemoryDirectory;
  readonly now: () => bigint;
  readonly space: Space;
  #nextIno = 2;

  constructor(options: MemoryFileSystemOptions) {
    this.now = options.now;
    this.type = options.type ?? "ext4";
    this.device = options.device ?? 1;
    this.space = { used: 0, capacity: options.capacity ?? Infinity };
    const { mode = 0o755, uid = 0, gid = 0 } = options;
    this.root = new MemoryDirectory(this, { kind: "directory", mode, uid, gid });
    this.root.nlink = 2;
  }

  /** Used by the inodes. */
  takeIno(): number {
    return this.#nextIno++;
  }

  /** An inode without a name yet; link() gives it one. Directories come from create() alone. */
  orphan(inode: NewInode): Inode {
    return makeInode(this, inode);
  }
}

function makeInode(fileSystem: MemoryFileSystem, inode: NewInode): MemoryInode {
  if (inode.kind === "directory") return new MemoryDirectory(fileSystem, inode);
  if (inode.kind === "file") return new MemoryFile(fileSystem, inode);
  if (inode.kind === "symlink") return new MemorySymlink(fileSystem, inode);
  return new MemoryDevice(fileSystem, inode);
}

/** What all inodes in memory have. Operations of other kinds fail as Linux has them fail. */
abstract class MemoryInode implements Inode {
  readonly kind: InodeKind;
  readonly fileSystem: MemoryFileSystem;
  readonly ino: number;
  nlink = 0;
  #mode: number;
  #uid: number;
  #gid: number;
  protected mtime: bigint;
  protected ctime: bigint;
  #atime: bigint;
  #xattrs: Map<string, Uint8Array> | undefined;

  constructor(fileSystem: MemoryFileSystem, inode: NewInode) {
    this.fileSystem = fileSystem;
    this.ino = fileSystem.takeIno();
    this.kind = inode.kind;
    this.#mode = inode.mode & 0o7777;
    this.#uid = inode.uid;
    this.#gid = inode.gid;
    this.mtime = this.ctime = this.#atime = fileSystem.now();
  }

  get size(): number {
    return 0;
  }

  get allocated(): number {
    return 0;
  }

  get rdev(): { major: number; minor: number } | undefined {
    return undefined;
  }

  attributes(): Attributes {
    const attributes: Attributes = {
      ino: this.ino,
      mode: this.#mode,
      uid: this.#uid,
      gid: this.#gid,
      nlink: this.nlink,
      size: this.size,
      allocated: this.allocated,
      mtime: this.mtime,
      ctime: this.ctime,
      atime: this.#atime,
    };
    if (this.rdev) attributes.rdev = this.rdev;
    return attributes;
  }

  setAttributes(change: { mode?: number; uid?: number; gid?: number; mtime?: bigint; atime?: bigint }): void {
    if (change.mode !== undefined) this.#mode = change.mode & 0o7777;
    if (change.uid !== undefined) this.#uid = change.uid;
    if (change.gid !== undefined) this.#gid = change.gid;
    if (change.mtime !== undefined) this.mtime = change.mtime;
    if (change.atime !== undefined) this.#atime = change.atime;
    this.ctime = this.fileSystem.now();
  }

  /** Its content changed now. */
  touch(): void {
    this.mtime = this.ctime = this.fileSystem.now();
  }

  /** Its number of names changed now. */
  renumber(by: number): void {
    this.nlink += by;
    this.ctime = this.fileSystem.now();
    if (this.nlink === 0) this.released();
  }

  /** Its last name is gone. */
  protected released(): void {}

  lookup(_name: string): MemoryInode | undefined {
    throw new Errno("ENOTDIR");
  }
  entries(): Iterable<[string, MemoryInode]> {
    throw new Errno("ENOTDIR");
  }
  create(_name: string, _inode: NewInode): MemoryInode {
    throw new Errno("ENOTDIR");
  }
  link(_name: string, _inode: Inode): void {
    throw new Errno("ENOTDIR");
  }
  unlink(_name: string): void {
    throw new Errno("ENOTDIR");
  }
  rmdir(_name: string): void {
    throw new Errno("ENOTDIR");
  }
  rename(_name: string, _to: Inode, _newName: string): void {
    throw new Errno("ENOTDIR");
  }
  read(_offset: number, _length: number): Uint8Array {
    throw new Errno("EINVAL");
  }
  write(_offset: number, _bytes: Uint8Array): number {
    throw new Errno("EINVAL");
  }
  truncate(_size: number): void {
    throw new Errno("EINVAL");
  }
  readlink(): string {
    throw new Errno("EINVAL");
  }

  getxattr(name: string): Uint8Array | undefined {
    return this.#xattrs?.get(name);
  }
  setxattr(name: string, value: Uint8Array): void {
    (this.#xattrs ??= new Map()).set(name, value);
    this.ctime = this.fileSystem.now();
  }
  removexattr(name: string): void {
    if (!this.#xattrs?.delete(name)) throw new Errno("ENODATA");
    this.ctime = this.fileSystem.now();
  }
  listxattr(): string[] {
    return this.#xattrs ? [...this.#xattrs.keys()] : [];
  }
}

class MemoryFile extends MemoryInode {
  readonly #content: PagedContent;

  constructor(fileSystem: MemoryFileSystem, inode: NewInode) {
    super(fileSystem, inode);
    this.#content = new PagedContent(inode.content ?? emptyContent, fileSystem.space);
  }

  override get size(): number {
    return this.#content.size;
  }
  override get allocated(): number {
    return this.#content.allocated;
  }
  override read(offset: number, length: number): Uint8Array {
    return this.#content.read(offset, length);
  }
  override write(offset: number, bytes: Uint8Array): number {
    const written = this.#content.write(offset, bytes);
    this.touch();
    return written;
  }
  override truncate(size: number): void {
    if (size < 0) throw new Errno("EINVAL");
    this.#content.truncate(size);
    this.touch();
  }
  content(): FileContent {
    return this.#content.freeze();
  }
  protected override released(): void {
    this.#content.release();
  }
}

class MemorySymlink extends MemoryInode {
  readonly #target: string;

  constructor(fileSystem: MemoryFileSystem, inode: NewInode) {
    super(fileSystem, inode);
    this.#target = inode.target ?? "";
  }
  override get size(): number {
    return utf8(this.#target).length;
  }
  override readlink(): string {
    return this.#target;
  }
}

class MemoryDevice extends MemoryInode {
  readonly #rdev: { major: number; minor: number } | undefined;

  constructor(fileSystem: MemoryFileSystem, inode: NewInode) {
    super(fileSystem, inode);
    this.#rdev = inode.rdev;
  }
  override get rdev(): { major: number; minor: number } | undefined {
    return this.#rdev;
  }
}

const noEntries: ReadonlyMap<string, MemoryInode> = new Map();

class MemoryDirectory extends MemoryInode {
  #entries: Map<string, MemoryInode> | undefined;
  /** Undefined for a root and once it is removed. */
  #parent: MemoryDirectory | undefined;

  override get size(): number {
    return this.fileSystem.type === "tmpfs" ? 40 + 20 * (this.#entries?.size ?? 0) : 4096;
  }
  override get allocated(): number {
    return this.fileSystem.type === "tmpfs" ? 0 : 4096;
  }

  override lookup(name: string): MemoryInode | undefined {
    return this.#entries?.get(name);
  }

  override entries(): Iterable<[string, MemoryInode]> {
    return (this.#entries ?? noEntries).entries();
  }

  override create(name: string, inode: NewInode): MemoryInode {
    this.#refuse(name);
    const made = makeInode(this.fileSystem, inode);
    this.#add(name, made);
    return made;
  }

  override link(name: string, inode: Inode): void {
    this.#refuse(name);
    if (!(inode instanceof MemoryInode) || inode.fileSystem !== this.fileSystem) throw new Errno("EXDEV");
    if (inode.kind === "directory") throw new Errno("EPERM");
    this.#add(name, inode);
  }

  override unlink(name: string): void {
    const inode = this.#existing(name);
    if (inode.kind === "directory") throw new Errno("EISDIR");
    this.#drop(name, inode);
  }

  override rmdir(name: string): void {
    const inode = this.#existing(name);
    if (!(inode instanceof MemoryDirectory)) throw new Errno("ENOTDIR");
    if (inode.#entries?.size) throw new Errno("ENOTEMPTY");
    this.#drop(name, inode);
  }

  override rename(name: string, to: Inode, newName: string): void {
    if (!(to instanceof MemoryInode) || to.fileSystem !== this.fileSystem) throw new Errno("EXDEV");
    if (!(to instanceof MemoryDirectory)) throw new Errno("ENOTDIR");
    const inode = this.#existing(name);
    const replaced = to.lookup(newName);
    if (replaced === inode) return;
    if (inode instanceof MemoryDirectory) {
      for (let above: MemoryDirectory | undefined = to; above; above = above.#parent) {
        if (above === inode) throw new Errno("EINVAL");
      }
      if (replaced && !(replaced instanceof MemoryDirectory)) throw new Errno("ENOTDIR");
      if (replaced && replaced.#entries?.size) throw new Errno("ENOTEMPTY");
    } else if (replaced instanceof MemoryDirectory) throw new Errno("EISDIR");
    if (!replaced) to.#refuse(newName);
    else to.#drop(newName, replaced);
    this.#drop(name, inode, true);
    to.#add(newName, inode);
  }

  override read(): Uint8Array {
    throw new Errno("EISDIR");
  }

  #existing(name: string): MemoryInode {
    const inode = this.#entries?.get(name);
    if (!inode) throw new Errno("ENOENT");
    return inode;
  }

  #refuse(name: string): void {
    if (this.#entries?.has(name)) throw new Errno("EEXIST");
    if (this.nlink === 0) throw new Errno("ENOENT");
    if (name.length > 85 && utf8(name).length > 255) throw new Errno("ENAMETOOLONG");
  }

  #add(name: string, inode: MemoryInode): void {
    (this.#entries ??= new Map()).set(name, inode);
    if (inode instanceof MemoryDirectory) {
      inode.#parent = this;
      inode.nlink = Math.max(2, inode.nlink);
      this.nlink++;
    } else inode.renumber(1);
    this.touch();
  }

  #drop(name: string, inode: MemoryInode, moving = false): void {
    this.#entries!.delete(name);
    if (inode instanceof MemoryDirectory) {
      inode.#parent = undefined;
      if (!moving) inode.nlink = 0;
      this.nlink--;
    } else if (moving) inode.nlink--;
    else inode.renumber(-1);
    this.touch();
  }
}
