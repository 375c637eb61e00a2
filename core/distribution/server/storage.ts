import { bytesContent } from "../../files/content.ts";
import type { FileContent, Inode } from "../../files/filesystem.ts";
import { Errno } from "../../files/filesystem.ts";
import { contentOf } from "../../files/overlay.ts";
import { removeTree, Tree } from "../../files/tree.ts";
import { digestHex } from "../../oci/digest.ts";
import { text, utf8 } from "../../platform/bytes.ts";

const owner = { mode: 0o755, uid: 0, gid: 0 };

/**
 * A registry's data in a directory, laid out as distribution's filesystem driver does it: docker/registry/v2/blobs with each blob once,
 * and docker/registry/v2/repositories with links to those that a repository has.
 */
export class RegistryStorage {
  readonly #tree: Tree;

  constructor(root: Inode) {
    this.#tree = new Tree(root);
  }

  /** A blob's content; undefined when nobody has it. */
  blob(digest: string): FileContent | undefined {
    return this.#file(blobPath(digest));
  }

  addBlob(digest: string, content: FileContent): void {
    if (!this.blob(digest)) this.#write(blobPath(digest), content);
  }

  /** Whether a repository has a layer or configuration. */
  hasLayer(repository: string, digest: string): boolean {
    return (
      this.#link(`${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}/link`) === digest &&
      this.blob(digest) !== undefined
    );
  }

  linkLayer(repository: string, digest: string): void {
    this.#write(
      `${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}/link`,
      bytesContent(utf8(digest)),
    );
  }

  unlinkLayer(repository: string, digest: string): void {
    this.#remove(`${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}`);
  }

  hasManifest(repository: string, digest: string): boolean {
    return (
      this.#link(`${repositoryPath(repository)}/_manifests/revisions/sha256/${digestHex(digest)}/link`) ===
      digest
    );
  }

  linkManifest(repository: string, digest: string): void {
    this.#write(
      `${repositoryPath(repository)}/_manifests/revisions/sha256/${digestHex(digest)}/link`,
      bytesContent(utf8(digest)),
    );
  }

  /** Takes a manifest away, and the tags that point at it. */
  unlinkManifest(repository: string, digest: string): void {
    this.#remove(`${repositoryPath(repository)}/_manifests/revisions/sha256/${digestHex(digest)}`);
    for (const tag of this.tags(repository))
      if (this.tag(repository, tag) === digest) this.untag(repository, tag);
  }

  tags(repository: string): string[] {
    return this.#names(`${repositoryPath(repository)}/_manifests/tags`);
  }

  /** The manifest that a tag points at. */
  tag(repository: string, tag: string): string | undefined {
    return this.#link(`${repositoryPath(repository)}/_manifests/tags/${tag}/current/link`);
  }

  setTag(repository: string, tag: string, digest: string): void {
    const directory = `${repositoryPath(repository)}/_manifests/tags/${tag}`;
    this.#write(`${directory}/index/sha256/${digestHex(digest)}/link`, bytesContent(utf8(digest)));
    this.#write(`${directory}/current/link`, bytesContent(utf8(digest)));
  }

  untag(repository: string, tag: string): void {
    this.#remove(`${repositoryPath(repository)}/_manifests/tags/${tag}`);
  }

  /** Whether anything has been pushed to a repository. */
  hasRepository(repository: string): boolean {
    return this.#inode(`${repositoryPath(repository)}/_manifests`) !== undefined;
  }

  /** Names of all repositories, in byte order. */
  repositories(): string[] {
    const found: string[] = [];
    const walk = (path: string, name: string) => {
      if (this.#inode(`${path}/_layers`)) found.push(name);
      for (const part of this.#names(path)) {
        if (!part.startsWith("_")) walk(`${path}/${part}`, name === "" ? part : `${name}/${part}`);
      }
    };
    walk(`${V2}/repositories`, "");
    return found.sort();
  }

  startUpload(repository: string, upload: string, startedAt: string): void {
    const directory = uploadPath(repository, upload);
    this.#write(`${directory}/startedat`, bytesContent(utf8(startedAt)));
    this.#write(`${directory}/data`, bytesContent(new Uint8Array(0)));
  }

  /** What an upload has so far; undefined when there is no such upload. */
  upload(repository: string, upload: string): FileContent | undefined {
    return this.#file(`${uploadPath(repository, upload)}/data`);
  }

  replaceUpload(repository: string, upload: string, content: FileContent): void {
    this.#write(`${uploadPath(repository, upload)}/data`, content);
  }

  endUpload(repository: string, upload: string): void {
    this.#remove(uploadPath(repository, upload));
  }

  #link(path: string): string | undefined {
    const content = this.#file(path);
    return content && text(content.read(0, content.size));
  }

  #file(path: string): FileContent | undefined {
    const inode = this.#inode(path);
    return inode?.kind === "file" ? contentOf(inode) : undefined;
  }

  #inode(path: string): Inode | undefined {
    try {
      return this.#tree.locate(path).inode;
    } catch (error) {
      if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
      throw error;
    }
  }

  #names(path: string): string[] {
    const directory = this.#inode(path);
    return directory ? this.#tree.list(path, directory).map(([name]) => name) : [];
  }

  #write(path: string, content: FileContent): void {
    const at = path.lastIndexOf("/");
    const directory = this.#tree.mkdir(path.slice(0, at), owner);
    const name = path.slice(at + 1);
    if (directory.lookup(name)) directory.unlink(name);
    directory.create(name, { kind: "file", mode: 0o644, uid: 0, gid: 0, content });
  }

  #remove(path: string): void {
    const at = path.lastIndexOf("/");
    const directory = this.#inode(path.slice(0, at));
    if (directory?.lookup(path.slice(at + 1))) removeTree(directory, path.slice(at + 1));
  }
}

const V2 = "/docker/registry/v2";

function blobPath(digest: string): string {
  const digits = digestHex(digest);
  return `${V2}/blobs/sha256/${digits.slice(0, 2)}/${digits}/data`;
}

function repositoryPath(repository: string): string {
  return `${V2}/repositories/${repository}`;
}

function uploadPath(repository: string, upload: string): string {
  return `${repositoryPath(repository)}/_uploads/${upload}`;
}
