import { DockerError } from "../errors/errors.ts";
import { Errno } from "../files/filesystem.ts";
import type { Inode, NewInode } from "../files/filesystem.ts";
import { removeTree, Tree } from "../files/tree.ts";
import type { Place } from "../files/tree.ts";
import { makeWhiteout, OPAQUE, opaqueValue } from "../files/whiteout.ts";
import { describeErrno } from "../files/errno.ts";
import type { TarEntry } from "./entry.ts";
import { TarError } from "./headers.ts";

export interface UnpackOptions {
  /** Every entry belongs to these. */
  owner?: { uid: number; gid: number };
  noOverwriteDirNonDir?: boolean;
  /**
   * What entries named .wh.x do: "overlay" leaves whiteouts, for an upper or lower directory; "delete" removes x;
   * without it they are plain files.
   */
  whiteouts?: "overlay" | "delete";
}

const PREFIX = ".wh.";
const META = ".wh..wh.";
const OPAQUE_MARK = ".wh..wh..opq";

/**
 * Unpacks an archive below `path` of `tree`, as Docker does: missing directories are made, an entry replaces what is there
 * (a directory is kept), directories get their times last. Every entry's name is looked at before the first is
 * unpacked. Throws TarError and DockerError with Docker's texts for names and links that lead out.
 */
export function unpack(
  tree: Tree,
  path: string,
  entries: Iterable<TarEntry>,
  options: UnpackOptions = {},
): void {
  const all = [...entries];
  for (const entry of all) check(entry, options);
  const base = tree.locate(path);
  if (!base.inode) throw new Errno("ENOENT");
  if (base.inode.kind !== "directory") throw new Errno("ENOTDIR");
  new Unpacker(tree, base.path === "/" ? "" : base.path, options).unpack(all);
}

/** Refuses what could not be unpacked safely, whatever is there already. */
function check(entry: TarEntry, options: UnpackOptions): void {
  const name = cleanName(entry.name);
  if (name === undefined) throw new TarError(`invalid entry name ${JSON.stringify(entry.name)}`);
  if (entry.kind === "other") throw new TarError(`unhandled tar header type ${entry.typeflag}`);
  if (entry.kind === "hardlink" && cleanName(entry.linkname) === undefined) {
    throw new TarError(`invalid hardlink target ${JSON.stringify(entry.linkname)}`);
  }
  if (!options.whiteouts) return;
  const hidden = lastName(name).startsWith(PREFIX) ? lastName(name).slice(PREFIX.length) : undefined;
  if (hidden === "" || hidden === "." || hidden === "..")
    throw new TarError(`invalid whiteout entry ${JSON.stringify(name)}`);
}

/** A name without "", "." and ".." in it, "" for the top; undefined when it leads above the top. */
function cleanName(name: string): string | undefined {
  const parts: string[] = [];
  for (const part of name.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined && !name.startsWith("/")) return undefined;
  }
  return parts.join("/");
}

function lastName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

class Unpacker {
  readonly #tree: Tree;
  readonly #base: string;
  readonly #options: UnpackOptions;
  readonly #directories: [Inode, TarEntry][] = [];
  /** What this archive has put there: an opaque mark hides only what was there before. */
  readonly #made = new Set<Inode>();

  constructor(tree: Tree, base: string, options: UnpackOptions) {
    this.#tree = tree;
    this.#base = base;
    this.#options = options;
  }

  unpack(entries: readonly TarEntry[]): void {
    for (const entry of entries) this.#entry(cleanName(entry.name)!, entry);
    for (const [inode, { mtime }] of this.#directories) inode.setAttributes({ mtime, atime: mtime });
  }

  #entry(name: string, entry: TarEntry): void {
    if (this.#options.whiteouts && this.#whiteout(name)) return;
    if (name === "") {
      const root = this.#tree.inode(this.#base || "/");
      // The top of a layer sets the root's own attributes; docker cp leaves the directory it copies into alone.
      if (entry.kind === "directory" && this.#options.whiteouts) this.#adorn(root, entry);
      return;
    }
    const place = this.#place(name);
    if (place.inode && !this.#replaces(place, entry)) {
      this.#made.add(place.inode);
      return this.#adorn(place.inode, entry);
    }
    const inode =
      entry.kind === "hardlink" ? this.#link(place, entry) : place.parent.create(place.name, newInode(entry));
    this.#made.add(inode);
    if (entry.kind !== "hardlink") this.#adorn(inode, entry);
  }

  /** Where `name` goes; makes the directories that are missing. */
  #place(name: string): Place {
    try {
      return this.#locate(name);
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "ENOENT") throw error;
    }
    const parent = name.slice(0, name.lastIndexOf("/"));
    this.#tree.mkdir(`${this.#base}/${parent}`, {
      mode: 0o755,
      ...(this.#options.owner ?? { uid: 0, gid: 0 }),
    });
    return this.#locate(name);
  }

  #locate(name: string): Place {
    try {
      return this.#tree.locate(`${this.#base}/${name}`, { follow: false, escape: "refuse" });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const first = name.split("/")[0]!;
      if (error.code === "EXDEV") throw new TarError(`statat ${first}: path escapes from parent`);
      if (error.code === "ENOTDIR") throw new TarError(`mkdirat ${first}: not a directory`);
      throw error;
    }
  }

  /** Makes room for an entry; false when a directory stays that is there already. */
  #replaces(place: Place, entry: TarEntry): boolean {
    const isDirectory = place.inode!.kind === "directory";
    if (this.#options.noOverwriteDirNonDir && isDirectory !== (entry.kind === "directory")) {
      const [old, now] = isDirectory ? ["directory", "non-directory"] : ["non-directory", "directory"];
      const path = JSON.stringify(place.path);
      throw new DockerError(
        "invalidParameter",
        `cannot overwrite ${old} ${path} with ${now} ${JSON.stringify(this.#base || "/")}`,
      );
    }
    if (isDirectory && entry.kind === "directory") return false;
    removeTree(place.parent, place.name);
    return true;
  }

  #link(place: Place, entry: TarEntry): Inode {
    const target = cleanName(entry.linkname)!;
    try {
      const inode = this.#tree.locate(`${this.#base}/${target}`, { follow: false, escape: "refuse" }).inode;
      if (!inode) throw new Errno("ENOENT");
      place.parent.link(place.name, inode);
      return inode;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new TarError(`linkat ${target} ${cleanName(entry.name)}: ${describeErrno(error.code)}`);
    }
  }

  #adorn(inode: Inode, entry: TarEntry): void {
    const { uid, gid } = this.#options.owner ?? entry;
    const { mode, mtime } = entry;
    for (const [name, value] of Object.entries(entry.xattrs ?? {})) inode.setxattr(name, value);
    inode.setAttributes({ uid, gid, ...(entry.kind === "symlink" ? {} : { mode }), mtime, atime: mtime });
    if (entry.kind === "directory") this.#directories.push([inode, entry]);
  }

  /** Does what a whiteout entry asks; false when `name` is none. */
  #whiteout(name: string): boolean {
    const last = lastName(name);
    if (!last.startsWith(PREFIX)) return false;
    const directory = name.slice(0, -last.length);
    if (last === OPAQUE_MARK) this.#hideAll(directory);
    else if (!last.startsWith(META)) {
      const place = this.#place(directory + last.slice(PREFIX.length));
      if (this.#options.whiteouts === "delete") {
        if (place.inode && !this.#made.has(place.inode)) removeTree(place.parent, place.name);
      } else if (!place.inode) makeWhiteout(place.parent, place.name);
    }
    return true;
  }

  #hideAll(directory: string): void {
    const place = this.#tree.mkdir(`${this.#base}/${directory}`, { mode: 0o755, uid: 0, gid: 0 });
    if (this.#options.whiteouts === "overlay") return place.setxattr(OPAQUE, opaqueValue);
    for (const [name, inode] of [...place.entries()]) if (!this.#made.has(inode)) removeTree(place, name);
  }
}

function newInode(entry: TarEntry): NewInode {
  const { mode, uid, gid } = entry;
  const inode: NewInode = {
    kind: entry.kind === "hardlink" || entry.kind === "other" ? "file" : entry.kind,
    mode,
    uid,
    gid,
  };
  if (entry.kind === "file") inode.content = entry.content;
  if (entry.kind === "symlink") Object.assign(inode, { mode: 0o777, target: entry.linkname });
  if (entry.kind === "character" || entry.kind === "block")
    inode.rdev = { major: entry.devmajor, minor: entry.devminor };
  return inode;
}
