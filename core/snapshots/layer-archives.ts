import { bytesContent } from "../files/content.ts";
import type { FileContent, Inode } from "../files/filesystem.ts";
import { contentOf } from "../files/overlay.ts";
import { removeTree, Tree } from "../files/tree.ts";
import { digestHex } from "../oci/digest.ts";
import { utf8 } from "../platform/bytes.ts";

const rootOwned = { uid: 0, gid: 0 };

/**
 * The archives that committed layers came from, so that they can be given out again byte for byte. Docker keeps for this
 * what its tar-split needs; here a layer's files are slices of its archive, so that keeping it whole costs only the headers.
 */
export class LayerArchives {
  readonly #home: Inode;

  constructor(host: Tree, path: string) {
    this.#home = host.mkdir(path, { mode: 0o700, ...rootOwned });
  }

  keep(
    chainId: string,
    archive: FileContent,
    facts: Readonly<Record<"cache-id" | "diff" | "parent" | "size", string>>,
  ): void {
    const name = digestHex(chainId);
    if (this.#home.lookup(name)) removeTree(this.#home, name);
    const directory = this.#home.create(name, { kind: "directory", mode: 0o700, ...rootOwned });
    for (const [fact, value] of Object.entries(facts)) {
      if (value === "") continue;
      directory.create(fact, { kind: "file", mode: 0o644, ...rootOwned, content: bytesContent(utf8(value)) });
    }
    directory.create("layer.tar", { kind: "file", mode: 0o600, ...rootOwned, content: archive });
  }

  get(chainId: string): FileContent {
    return contentOf(new Tree(this.#home).inode(`${digestHex(chainId)}/layer.tar`));
  }

  remove(chainId: string): void {
    if (this.#home.lookup(digestHex(chainId))) removeTree(this.#home, digestHex(chainId));
  }
}
