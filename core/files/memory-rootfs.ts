import { collect, contentSource } from "../archive/collect.ts";
import { packTree } from "../archive/pack.ts";
import { parseTar } from "../archive/read.ts";
import { unpack } from "../archive/unpack.ts";
import type { ByteSource } from "../platform/bytes.ts";
import { Errno } from "./filesystem.ts";
import type { Inode } from "./filesystem.ts";
import type { ExtractOptions, PathStat, RootFs } from "./rootfs.ts";
import { removeTree, Tree } from "./tree.ts";

/** A RootFs over inodes at hand: a root, and what is mounted in it (by absolute path). */
export class MemoryRootFs implements RootFs {
  readonly tree: Tree;

  constructor(root: Inode, mounts: ReadonlyMap<string, Inode> = new Map()) {
    this.tree = new Tree(root, mounts);
  }

  async lstat(path: string): Promise<PathStat> {
    return this.#stat(path, false);
  }

  async stat(path: string): Promise<PathStat> {
    return this.#stat(path, true);
  }

  #stat(path: string, follow: boolean): PathStat {
    // "link/" is what the link points to.
    const { inode, name } = this.tree.locate(path, { follow: follow || /\/\.?$/.test(path) });
    if (!inode) throw new Errno("ENOENT");
    const { mode, uid, gid, size, mtime } = inode.attributes();
    const linkTarget = inode.kind === "symlink" ? inode.readlink() : "";
    return { name: name || "/", kind: inode.kind, mode, uid, gid, size, mtime, linkTarget };
  }

  async resolve(path: string): Promise<string> {
    const { inode, path: resolved } = this.tree.locate(path);
    if (!inode) throw new Errno("ENOENT");
    return resolved;
  }

  async readdir(path: string): Promise<string[]> {
    const { inode, path: resolved } = this.tree.locate(path);
    if (!inode) throw new Errno("ENOENT");
    return this.tree.list(resolved, inode).map(([name]) => name);
  }

  async read(path: string, limit = Infinity): Promise<Uint8Array> {
    const inode = this.tree.inode(path);
    return inode.read(0, Math.min(limit, inode.attributes().size));
  }

  /** Makes the directories above it, too. */
  async mkdir(path: string, attributes: { mode: number; uid: number; gid: number }): Promise<void> {
    this.tree.mkdir(path, attributes);
  }

  async remove(path: string): Promise<void> {
    const { parent, name } = this.tree.locate(path, { follow: false });
    if (name === "") throw new Errno("EBUSY");
    removeTree(parent, name);
  }

  archive(path: string, options: { rename?: string; followLink?: boolean } = {}): ByteSource {
    const place = this.tree.locate(path, { follow: options.followLink ?? false });
    if (!place.inode) throw new Errno("ENOENT");
    return contentSource(packTree(this.tree, place.path, { name: options.rename ?? (place.name || "/") }));
  }

  async extract(path: string, archive: ByteSource, options: ExtractOptions = {}): Promise<void> {
    const entries = parseTar(await collect(archive));
    const { whiteouts, ...rest } = options;
    unpack(this.tree, path, entries, { ...rest, ...(whiteouts ? { whiteouts: "delete" } : {}) });
  }

  async close(): Promise<void> {}
}
