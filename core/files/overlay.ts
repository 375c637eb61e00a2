import { Errno } from "./filesystem.ts";
import type { Attributes, FileContent, FileSystem, Inode, InodeKind, NewInode } from "./filesystem.ts";
import { bytesContent } from "./content.ts";
import { isOpaque, isWhiteout, makeWhiteout, OPAQUE, opaqueValue } from "./whiteout.ts";

export interface OverlayOptions {
  /** Lower directories, nearest first. They are never changed. */
  lowers: readonly Inode[];
  /** Where changes go; null for a read-only overlay. */
  upper: Inode | null;
  device?: number;
}

/**
 * Directories laid over one another, as Linux's overlay file system does it (Documentation/filesystems/overlayfs.rst):
 * the first change to a lower file copies all of it up, a deletion leaves a whiteout, a directory made where one was
 * deleted is opaque. Without redirect_dir, index or metacopy, as Docker mounts it: renaming a directory that exists below
 * gives EXDEV, a hard link that exists below is broken by copying up, and a change of mode alone copies the whole file.
 */
export class OverlayFileSystem implements FileSystem {
  readonly type = "overlay";
  readonly device: number;
  readonly root: OverlayDirectory;
  readonly writable: boolean;
  /** One overlay inode for all names that an upper file has. */
  readonly #uppers = new WeakMap<Inode, OverlayLeaf>();

  constructor(options: OverlayOptions) {
    this.device = options.device ?? 1;
    this.writable = options.upper !== null;
    this.root = new OverlayDirectory(this, undefined, options.upper ?? undefined, options.lowers);
  }

  /** Used by the inodes. */
  leaf(place: Place, real: Inode, isUpper: boolean): OverlayLeaf {
    if (!isUpper) return new OverlayLeaf(this, real, place);
    let leaf = this.#uppers.get(real);
    if (!leaf) this.#uppers.set(real, (leaf = new OverlayLeaf(this, real, undefined)));
    return leaf;
  }

  /** Used by the inodes: `leaf` is `upper` from now on. */
  copiedUp(leaf: OverlayLeaf, upper: Inode): void {
    this.#uppers.set(upper, leaf);
  }
}

/** Where an inode is found. */
interface Place {
  parent: OverlayDirectory;
  name: string;
}

/** What directories and leaves have in common: attributes, which belong to one real inode. */
abstract class OverlayInode implements Inode {
  readonly fileSystem: OverlayFileSystem;
  /** Stays the same when it is copied up. */
  readonly ino: number;

  constructor(fileSystem: OverlayFileSystem, ino: number) {
    this.fileSystem = fileSystem;
    this.ino = ino;
  }

  abstract readonly kind: InodeKind;
  /** The real inode that shows. */
  abstract get real(): Inode;
  /** The real inode in the upper directory, copied there if need be. */
  abstract copyUp(): Inode;

  attributes(): Attributes {
    return { ...this.real.attributes(), ino: this.ino };
  }
  setAttributes(change: Parameters<Inode["setAttributes"]>[0]): void {
    this.copyUp().setAttributes(change);
  }
  getxattr(name: string): Uint8Array | undefined {
    return name.startsWith("trusted.overlay.") ? undefined : this.real.getxattr(name);
  }
  setxattr(name: string, value: Uint8Array): void {
    if (name.startsWith("trusted.overlay.")) throw new Errno("EPERM");
    this.copyUp().setxattr(name, value);
  }
  removexattr(name: string): void {
    if (this.getxattr(name) === undefined) throw new Errno("ENODATA");
    this.copyUp().removexattr(name);
  }
  listxattr(): string[] {
    return this.real.listxattr().filter((name) => !name.startsWith("trusted.overlay."));
  }

  lookup(_name: string): OverlayInode | undefined {
    throw new Errno("ENOTDIR");
  }
  entries(): Iterable<[string, OverlayInode]> {
    throw new Errno("ENOTDIR");
  }
  create(_name: string, _inode: NewInode): Inode {
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
  read(offset: number, length: number): Uint8Array {
    return this.real.read(offset, length);
  }
  write(offset: number, bytes: Uint8Array): number {
    return this.copyUp().write(offset, bytes);
  }
  truncate(size: number): void {
    this.copyUp().truncate(size);
  }
  readlink(): string {
    return this.real.readlink();
  }
}

/** What is no directory: it shows one real inode, a lower one until it is copied up. */
class OverlayLeaf extends OverlayInode {
  readonly kind: InodeKind;
  #real: Inode;
  /** Of a lower one; undefined once it is an upper one. */
  #place: Place | undefined;

  constructor(fileSystem: OverlayFileSystem, real: Inode, place: Place | undefined) {
    super(fileSystem, real.attributes().ino);
    this.kind = real.kind;
    this.#real = real;
    this.#place = place;
  }

  get real(): Inode {
    return this.#real;
  }

  willWrite(): void {
    this.copyUp();
  }

  content(): FileContent {
    return contentOf(this.#real);
  }

  copyUp(): Inode {
    const place = this.#place;
    if (!place) return this.#real;
    const lower = this.#real;
    const now = place.parent.lookup(place.name);
    // Another mount of the same directories has copied it up.
    if (now && now !== this && place.parent.below(place.name) === lower) return this.#becomes(now.real);
    // Deleted while it was open: what is written now has no name.
    const gone = now !== this;
    const directory = gone ? this.fileSystem.root.copyUp() : place.parent.copyUp();
    const before = directory.attributes();
    const name = gone ? `#${this.ino}` : place.name;
    const copy = directory.create(name, {
      ...copyOf(lower),
      ...(lower.kind === "file" ? { content: contentOf(lower) } : {}),
    });
    copyAttributes(lower, copy);
    if (gone) directory.unlink(name);
    directory.setAttributes({ mtime: before.mtime, atime: before.atime });
    this.fileSystem.copiedUp(this, copy);
    return this.#becomes(copy);
  }

  #becomes(upper: Inode): Inode {
    this.#place = undefined;
    return (this.#real = upper);
  }
}

/** A directory: an upper one, lower ones, or both merged. */
class OverlayDirectory extends OverlayInode {
  readonly kind = "directory";
  #upper: Inode | undefined;
  readonly lowers: readonly Inode[];
  /** Undefined for the root. */
  place: Place | undefined;
  #children = new Map<string, OverlayInode>();

  constructor(
    fileSystem: OverlayFileSystem,
    place: Place | undefined,
    upper: Inode | undefined,
    lowers: readonly Inode[],
  ) {
    const real = upper ?? lowers[0];
    if (!real) throw new Error("an overlay needs a directory");
    super(fileSystem, real.attributes().ino);
    this.place = place;
    this.#upper = upper;
    this.lowers = lowers;
  }

  get real(): Inode {
    return this.upper ?? this.lowers[0]!;
  }

  /** The upper directory; it may have been made through another mount of the same directories since. */
  get upper(): Inode | undefined {
    if (!this.#upper && this.place) {
      const made = this.place.parent.upper?.lookup(this.place.name);
      if (made?.kind === "directory" && !isOpaque(made)) this.#upper = made;
    }
    return this.#upper;
  }

  override attributes(): Attributes {
    return { ...super.attributes(), nlink: 1 };
  }

  copyUp(): Inode {
    if (!this.fileSystem.writable) throw new Errno("EROFS");
    if (this.upper) return this.upper;
    const { parent, name } = this.place!;
    const lower = this.real;
    const directory = parent.copyUp();
    const before = directory.attributes();
    const copy = directory.create(name, copyOf(lower));
    copyAttributes(lower, copy);
    directory.setAttributes({ mtime: before.mtime, atime: before.atime });
    return (this.#upper = copy);
  }

  override lookup(name: string): OverlayInode | undefined {
    const upper = this.upper?.lookup(name);
    if (upper && isWhiteout(upper)) return this.#forget(name);
    if (upper && upper.kind !== "directory") {
      const leaf = this.fileSystem.leaf({ parent: this, name }, upper, true);
      this.#children.set(name, leaf);
      return leaf;
    }
    const known = this.#children.get(name);
    // Lower directories do not change, so what was found there is still so; an upper one may have been replaced.
    if (
      known instanceof OverlayDirectory
        ? known.upper === upper
        : known && !upper && known.real === this.below(name)
    )
      return known;
    const lowers = upper && isOpaque(upper) ? [] : this.#lowerDirectories(name);
    let found: OverlayInode | undefined;
    if (upper || lowers.length > 0)
      found = new OverlayDirectory(this.fileSystem, { parent: this, name }, upper, lowers);
    else {
      const lower = this.below(name);
      if (lower) found = this.fileSystem.leaf({ parent: this, name }, lower, false);
    }
    if (!found) return this.#forget(name);
    this.#children.set(name, found);
    return found;
  }

  #forget(name: string): undefined {
    this.#children.delete(name);
  }

  /** What the lower directories show under `name`. */
  below(name: string): Inode | undefined {
    for (const lower of this.lowers) {
      const inode = lower.lookup(name);
      if (inode) return isWhiteout(inode) ? undefined : inode;
    }
    return undefined;
  }

  #lowerDirectories(name: string): Inode[] {
    const found: Inode[] = [];
    for (const lower of this.lowers) {
      const inode = lower.lookup(name);
      if (!inode) continue;
      if (inode.kind !== "directory") break;
      found.push(inode);
      if (isOpaque(inode)) break;
    }
    return found;
  }

  override *entries(): Generator<[string, OverlayInode]> {
    const seen = new Set<string>();
    for (const real of this.upper ? [this.upper, ...this.lowers] : this.lowers) {
      for (const [name] of [...real.entries()]) {
        if (seen.has(name)) continue;
        seen.add(name);
        const inode = this.lookup(name);
        if (inode) yield [name, inode];
      }
    }
  }

  #isEmpty(): boolean {
    for (const _ of this.entries()) return false;
    return true;
  }

  override create(name: string, inode: NewInode): Inode {
    if (this.lookup(name)) throw new Errno("EEXIST");
    const directory = this.copyUp();
    const deleted = this.#uncover(directory, name);
    const made = directory.create(name, inode);
    if (deleted && made.kind === "directory") made.setxattr(OPAQUE, opaqueValue);
    return this.lookup(name)!;
  }

  /** Takes a whiteout away so that something can be put there; whether there was one. */
  #uncover(directory: Inode, name: string): boolean {
    if (!directory.lookup(name)) return false;
    directory.unlink(name);
    return true;
  }

  override link(name: string, inode: Inode): void {
    if (!(inode instanceof OverlayInode) || inode.fileSystem !== this.fileSystem) throw new Errno("EXDEV");
    if (inode.kind === "directory") throw new Errno("EPERM");
    if (this.lookup(name)) throw new Errno("EEXIST");
    const real = inode.copyUp();
    const directory = this.copyUp();
    this.#uncover(directory, name);
    directory.link(name, real);
  }

  override unlink(name: string): void {
    const inode = this.lookup(name);
    if (!inode) throw new Errno("ENOENT");
    if (inode.kind === "directory") throw new Errno("EISDIR");
    this.#remove(name);
  }

  override rmdir(name: string): void {
    const inode = this.lookup(name);
    if (!inode) throw new Errno("ENOENT");
    if (!(inode instanceof OverlayDirectory)) throw new Errno("ENOTDIR");
    if (!inode.#isEmpty()) throw new Errno("ENOTEMPTY");
    this.#remove(name);
  }

  /** Takes `name` out of the upper directory and hides what lies below. */
  #remove(name: string): void {
    const directory = this.copyUp();
    this.#clear(directory, name);
    if (this.below(name)) makeWhiteout(directory, name);
    this.#forget(name);
  }

  /** Removes an upper entry; an upper directory that looks empty may still hold whiteouts. */
  #clear(directory: Inode, name: string): void {
    const upper = directory.lookup(name);
    if (!upper) return;
    if (upper.kind !== "directory") return directory.unlink(name);
    for (const [whiteout] of [...upper.entries()]) upper.unlink(whiteout);
    directory.rmdir(name);
  }

  override rename(name: string, to: Inode, newName: string): void {
    if (!(to instanceof OverlayInode) || to.fileSystem !== this.fileSystem) throw new Errno("EXDEV");
    if (!(to instanceof OverlayDirectory)) throw new Errno("ENOTDIR");
    const inode = this.lookup(name);
    if (!inode) throw new Errno("ENOENT");
    const replaced = to.lookup(newName);
    if (replaced === inode) return;
    if (inode instanceof OverlayDirectory) {
      for (let above: OverlayDirectory | undefined = to; above; above = above.place?.parent) {
        if (above === inode) throw new Errno("EINVAL");
      }
      if (inode.lowers.length > 0) throw new Errno("EXDEV");
      if (replaced && !(replaced instanceof OverlayDirectory)) throw new Errno("ENOTDIR");
      if (replaced && !replaced.#isEmpty()) throw new Errno("ENOTEMPTY");
    } else if (replaced instanceof OverlayDirectory) throw new Errno("EISDIR");
    const from = this.copyUp();
    const target = to.copyUp();
    const real = inode.copyUp();
    to.#clear(target, newName);
    from.rename(name, target, newName);
    // What was below the new name must not shine through a directory that is put there.
    if (real.kind === "directory" && to.below(newName)) real.setxattr(OPAQUE, opaqueValue);
    if (this.below(name)) makeWhiteout(from, name);
    this.#forget(name);
    to.#forget(newName);
    if (inode instanceof OverlayDirectory) {
      inode.place = { parent: to, name: newName };
      to.#children.set(newName, inode);
    }
  }

  override read(): Uint8Array {
    throw new Errno("EISDIR");
  }
}

function copyOf(inode: Inode): NewInode {
  const { mode, uid, gid, rdev } = inode.attributes();
  return {
    kind: inode.kind,
    mode,
    uid,
    gid,
    ...(rdev ? { rdev } : {}),
    ...(inode.kind === "symlink" ? { target: inode.readlink() } : {}),
  };
}

function copyAttributes(from: Inode, to: Inode): void {
  for (const name of from.listxattr()) {
    if (!name.startsWith("trusted.overlay.")) to.setxattr(name, from.getxattr(name)!);
  }
  const { mtime, atime } = from.attributes();
  to.setAttributes({ mtime, atime });
}

/** What a file holds, sharing its memory where it can. */
export function contentOf(inode: Inode): FileContent {
  if (inode.content) return inode.content();
  return bytesContent(inode.read(0, inode.attributes().size));
}
