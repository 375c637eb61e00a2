import { collect, contentSource } from "../../archive/collect.ts";
import { contentBytes, JoinedContent, sliceContent } from "../../files/content.ts";
import { Errno } from "../../files/filesystem.ts";
import type { Inode } from "../../files/filesystem.ts";
import { contentOf } from "../../files/overlay.ts";
import { removeTree, Tree } from "../../files/tree.ts";
import type { ByteSource } from "../../platform/bytes.ts";

/** The files that a registry keeps its data in. Paths are absolute within its directory. */
export interface RegistryFiles {
  /** Bytes, or undefined when there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** All of a small file. */
  read(path: string): Promise<Uint8Array>;
  open(path: string, offset: number, length: number): Promise<ByteSource>;
  /** Names in a directory, in byte order; none when it is not there. */
  list(path: string): Promise<string[]>;
  /** Makes a file, and the directories above it; with `append` it goes on at its end. Returns its size. */
  write(path: string, body: ByteSource, append?: boolean): Promise<number>;
  /** The directories above `to` are made. */
  rename(from: string, to: string): Promise<void>;
  /** With all below it; nothing there is no error. */
  remove(path: string): Promise<void>;
}

const owner = { mode: 0o755, uid: 0, gid: 0 };

/** The files of a directory at hand. */
export class InodeFiles implements RegistryFiles {
  readonly #tree: Tree;

  constructor(root: Inode) {
    this.#tree = new Tree(root);
  }

  async size(path: string): Promise<number | undefined> {
    const inode = this.#find(path);
    return inode?.kind === "file" ? inode.attributes().size : undefined;
  }

  async read(path: string): Promise<Uint8Array> {
    return contentBytes(contentOf(this.#tree.inode(path)));
  }

  async open(path: string, offset: number, length: number): Promise<ByteSource> {
    return contentSource(sliceContent(contentOf(this.#tree.inode(path)), offset, length));
  }

  async list(path: string): Promise<string[]> {
    const directory = this.#find(path);
    return directory?.kind === "directory" ? this.#tree.list(path, directory).map(([name]) => name) : [];
  }

  async write(path: string, body: ByteSource, append = false): Promise<number> {
    const added = await collect(body);
    const { directory, name } = this.#place(path);
    const before = directory.lookup(name);
    const content = append && before ? new JoinedContent([contentOf(before), added]) : added;
    if (before) directory.unlink(name);
    directory.create(name, { kind: "file", mode: 0o644, uid: 0, gid: 0, content });
    return content.size;
  }

  async rename(from: string, to: string): Promise<void> {
    const source = this.#place(from);
    const target = this.#place(to);
    source.directory.rename(source.name, target.directory, target.name);
  }

  async remove(path: string): Promise<void> {
    if (!this.#find(path)) return;
    const { directory, name } = this.#place(path);
    removeTree(directory, name);
  }

  #place(path: string): { directory: Inode; name: string } {
    const at = path.lastIndexOf("/");
    return { directory: this.#tree.mkdir(path.slice(0, at), owner), name: path.slice(at + 1) };
  }

  #find(path: string): Inode | undefined {
    try {
      return this.#tree.locate(path).inode;
    } catch (error) {
      if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
      throw error;
    }
  }
}
