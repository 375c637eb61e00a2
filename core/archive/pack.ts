import type { Inode } from "../files/filesystem.ts";
import { contentOf } from "../files/overlay.ts";
import type { FileContent } from "../files/filesystem.ts";
import { joinPath } from "../files/tree.ts";
import type { Tree } from "../files/tree.ts";
import { isOpaque, isWhiteout } from "../files/whiteout.ts";
import type { NewTarEntry, TarKind } from "./entry.ts";
import { TarBuilder } from "./write.ts";

export interface PackOptions {
  /** What the top entry is called; "" leaves it out and names the others relative to it. */
  name: string;
  /** An upper directory: write its whiteouts as layers have them (.wh.x, .wh..wh..opq). */
  whiteouts?: boolean;
}

/**
 * An archive of `path` in `tree` and all below it, entries in byte order, as Docker writes layers and docker cp's archives:
 * whole seconds, no names of owners, of the extended attributes only security.capability. Sockets are left out.
 */
export function packTree(tree: Tree, path: string, options: PackOptions): FileContent {
  const packer = new Packer(tree, options.whiteouts ?? false);
  const inode = tree.inode(path, false);
  if (options.name !== "") packer.add(path, options.name, inode);
  else packer.below(path, "", inode);
  return packer.archive.finish();
}

class Packer {
  readonly archive = new TarBuilder();
  readonly #tree: Tree;
  readonly #whiteouts: boolean;
  /** Files with several names: the first one in the archive. */
  readonly #links = new Map<number, string>();

  constructor(tree: Tree, whiteouts: boolean) {
    this.#tree = tree;
    this.#whiteouts = whiteouts;
  }

  add(path: string, name: string, inode: Inode): void {
    if (inode.kind === "socket") return;
    if (this.#whiteouts && isWhiteout(inode)) {
      const at = name.lastIndexOf("/") + 1;
      const { uid, gid, mtime } = inode.attributes();
      this.archive.add({
        name: `${name.slice(0, at)}.wh.${name.slice(at)}`,
        kind: "file",
        mode: 0o600,
        uid,
        gid,
        mtime,
      });
      return;
    }
    this.archive.add(this.#entry(name, inode));
    if (inode.kind !== "directory") return;
    if (this.#whiteouts && isOpaque(inode)) {
      const { mode, uid, gid } = inode.attributes();
      this.archive.add({ name: `${name}/.wh..wh..opq`, kind: "file", mode: mode & 0o777, uid, gid });
    }
    this.below(path, name.endsWith("/") ? name : `${name}/`, inode);
  }

  below(path: string, prefix: string, directory: Inode): void {
    for (const [name, inode] of this.#tree.list(path, directory))
      this.add(joinPath(path, name), prefix + name, inode);
  }

  #entry(name: string, inode: Inode): NewTarEntry {
    const { ino, mode, uid, gid, mtime, nlink, rdev } = inode.attributes();
    const entry: NewTarEntry = { name, kind: inode.kind as TarKind, mode, uid, gid, mtime };
    if (inode.kind === "symlink") {
      entry.linkname = inode.readlink();
      entry.mode = 0o777;
    }
    if (rdev) [entry.devmajor, entry.devminor] = [rdev.major, rdev.minor];
    const capability = inode.getxattr("security.capability");
    if (capability) entry.xattrs = { "security.capability": capability };
    if (inode.kind === "directory") return entry;
    if (nlink > 1) {
      const first = this.#links.get(ino);
      if (first !== undefined) return { ...entry, kind: "hardlink", linkname: first };
      this.#links.set(ino, name);
    }
    if (inode.kind === "file") entry.content = contentOf(inode);
    return entry;
  }
}
