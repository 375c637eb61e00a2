import { Errno } from "./filesystem.ts";
import type { Inode } from "./filesystem.ts";

/** The symbolic links that Linux follows in one path. */
const LINK_LIMIT = 40;

/** Where a path leads. */
export interface Place {
  /** Absolute within the root, without symbolic links but perhaps the last name. */
  path: string;
  /** The directory that holds it; the root itself for "/". */
  parent: Inode;
  /** Its last element; "" for "/". */
  name: string;
  /** Undefined when there is nothing of that name yet. */
  inode: Inode | undefined;
}

/**
 * A directory tree with other trees mounted in it. Paths are resolved inside: ".." stops at the root, and an absolute
 * symbolic link starts there. Failures are Errno.
 */
export class Tree {
  readonly root: Inode;
  /** By absolute path, without a slash at the end. */
  readonly #mounts: ReadonlyMap<string, Inode>;

  constructor(root: Inode, mounts: ReadonlyMap<string, Inode> = new Map()) {
    this.#mounts = mounts;
    this.root = mounts.get("/") ?? root;
  }

  /**
   * `escape` "refuse" throws EXDEV where ".." would leave the root.
   * A last symbolic link is followed unless `follow` is false. ENOENT when a directory on the way is missing.
   */
  locate(path: string, options: { follow?: boolean; escape?: "stop" | "refuse" } = {}): Place {
    const { follow = true, escape = "stop" } = options;
    const directories: { name: string; inode: Inode }[] = [];
    const here = () => directories.at(-1)?.inode ?? this.root;
    const wanted = split(path).reverse();
    let links = 0;
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      if (here().kind !== "directory") throw new Errno("ENOTDIR");
      if (name === "..") {
        if (!directories.pop() && escape === "refuse") throw new Errno("EXDEV");
        continue;
      }
      const last = wanted.length === 0;
      const inode = this.#child(directories, name);
      if (inode?.kind === "symlink" && (!last || follow)) {
        if (++links > LINK_LIMIT) throw new Errno("ELOOP");
        const target = inode.readlink();
        if (target.startsWith("/")) directories.length = 0;
        wanted.push(...split(target).reverse());
        continue;
      }
      if (!inode || last) {
        if (!last) throw new Errno("ENOENT");
        const parentPath = pathOf(directories);
        return {
          path: parentPath === "/" ? `/${name}` : `${parentPath}/${name}`,
          parent: here(),
          name,
          inode,
        };
      }
      directories.push({ name, inode });
    }
    const { name = "", inode = this.root } = directories.pop() ?? {};
    return { path: name === "" ? "/" : joinPath(pathOf(directories), name), parent: here(), name, inode };
  }

  /** What `path` leads to. ENOENT. */
  inode(path: string, follow = true): Inode {
    const { inode } = this.locate(path, { follow });
    if (!inode) throw new Errno("ENOENT");
    return inode;
  }

  /** A directory's entries in byte order, what is mounted over them instead of them. */
  list(path: string, directory: Inode): [name: string, inode: Inode][] {
    const entries: [string, Inode][] = [];
    for (const [name, inode] of directory.entries())
      entries.push([name, this.#mounts.get(joinPath(path, name)) ?? inode]);
    return entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Makes a directory and those above it that are missing. ENOTDIR where something else is in the way. */
  mkdir(path: string, attributes: { mode: number; uid: number; gid: number }): Inode {
    let made = "";
    for (const name of split(path)) {
      made += `/${name}`;
      const place = this.locate(made);
      if (!place.inode) place.parent.create(place.name, { kind: "directory", ...attributes });
      else if (place.inode.kind !== "directory") throw new Errno("ENOTDIR");
    }
    return this.inode(path);
  }

  #child(directories: readonly { name: string; inode: Inode }[], name: string): Inode | undefined {
    const inode = (directories.at(-1)?.inode ?? this.root).lookup(name);
    if (this.#mounts.size === 0) return inode;
    return this.#mounts.get(joinPath(pathOf(directories), name)) ?? inode;
  }
}

/** Removes `name` from `directory`, with all below it. */
export function removeTree(directory: Inode, name: string): void {
  const inode = directory.lookup(name);
  if (!inode) throw new Errno("ENOENT");
  if (inode.kind !== "directory") return directory.unlink(name);
  for (const [child] of [...inode.entries()]) removeTree(inode, child);
  directory.rmdir(name);
}

export function joinPath(directory: string, name: string): string {
  return directory === "/" ? `/${name}` : `${directory}/${name}`;
}

function pathOf(directories: readonly { name: string }[]): string {
  return directories.length === 0 ? "/" : `/${directories.map(({ name }) => name).join("/")}`;
}

function split(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}
