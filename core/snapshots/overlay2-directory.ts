import { bytesContent } from "../files/content.ts";
import type { Inode } from "../files/filesystem.ts";
import { removeTree, Tree } from "../files/tree.ts";
import { text, utf8 } from "../platform/bytes.ts";
import { hex } from "../platform/random.ts";
import type { Random } from "../platform/random.ts";

const rootOwned = { uid: 0, gid: 0 };
const base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The directory in which Docker's overlay2 driver keeps its layers: for each `<id>/diff` with what it adds, `<id>/lower`
 * with the short names of what lies below, `<id>/work`, and `l/<short>` links, which keep mount options short.
 */
export class Overlay2Directory {
  /** Absolute on the host: "/var/lib/docker/overlay2". */
  readonly path: string;
  readonly #home: Inode;
  readonly #links: Inode;
  readonly #random: Random;

  constructor(host: Tree, path: string, random: Random) {
    this.path = path;
    this.#random = random;
    this.#home = host.mkdir(path, { mode: 0o710, ...rootOwned });
    this.#links = new Tree(this.#home).mkdir("l", { mode: 0o700, ...rootOwned });
  }

  newId(): string {
    return hex(this.#random.bytes(32));
  }

  /** Makes a layer over `parent`; returns its diff directory. */
  create(id: string, parent: string | undefined): Inode {
    const directory = this.#home.create(id, { kind: "directory", mode: 0o710, ...rootOwned });
    const diff = directory.create("diff", { kind: "directory", mode: 0o755, ...rootOwned });
    const link = [...this.#random.bytes(26)].map((byte) => base32[byte % 32]).join("");
    this.#links.create(link, { kind: "symlink", mode: 0o777, ...rootOwned, target: `../${id}/diff` });
    this.#write(directory, "link", link, 0o644);
    if (parent === undefined) return diff;
    const work = directory.create("work", { kind: "directory", mode: 0o700, ...rootOwned });
    work.create("work", { kind: "directory", mode: 0, ...rootOwned });
    const below = this.#home.lookup(parent)!;
    if (!below.lookup("committed")) this.#write(below, "committed", "", 0o600);
    const lower = this.#read(below, "lower");
    this.#write(
      directory,
      "lower",
      `l/${this.#read(below, "link")}${lower === "" ? "" : `:${lower}`}`,
      0o644,
    );
    return diff;
  }

  remove(id: string): void {
    const directory = this.#home.lookup(id);
    if (!directory) return;
    const link = this.#read(directory, "link");
    if (this.#links.lookup(link)) this.#links.unlink(link);
    removeTree(this.#home, id);
  }

  diff(id: string): Inode {
    return new Tree(this.#home).inode(`${id}/diff`);
  }

  /** The diff directories below `id`, nearest first. */
  lowers(id: string): Inode[] {
    const tree = new Tree(this.#home);
    return this.#lowerLinks(id).map((link) => tree.inode(link));
  }

  /** Their paths on the host. */
  lowerPaths(id: string): string[] {
    const tree = new Tree(this.#home);
    return this.#lowerLinks(id).map((link) => `${this.path}${tree.locate(link).path}`);
  }

  /** What mount(8) gets: lower directories by their short links. */
  mountOptions(id: string): string[] {
    const lowers = this.#lowerLinks(id).map((link) => `${this.path}/${link}`);
    const upper = `${this.path}/${id}/diff`;
    return [`lowerdir=${lowers.join(":")}`, `upperdir=${upper}`, `workdir=${this.path}/${id}/work`];
  }

  #lowerLinks(id: string): string[] {
    const lower = this.#read(this.#home.lookup(id)!, "lower");
    return lower === "" ? [] : lower.split(":");
  }

  #write(directory: Inode, name: string, content: string, mode: number): void {
    directory.create(name, { kind: "file", mode, ...rootOwned, content: bytesContent(utf8(content)) });
  }

  #read(directory: Inode, name: string): string {
    const file = directory.lookup(name);
    return file ? text(file.read(0, file.attributes().size)) : "";
  }
}
