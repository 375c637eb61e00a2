import { digestHex } from "../../oci/digest.ts";
import { sourceOf, text, utf8 } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { RegistryFiles } from "./files.ts";

/**
 * A registry's data, laid out as distribution's filesystem driver does it: docker/registry/v2/blobs with each blob once,
 * and docker/registry/v2/repositories with links to those that a repository has.
 */
export class RegistryStorage {
  readonly #files: RegistryFiles;

  constructor(files: RegistryFiles) {
    this.#files = files;
  }

  /** A blob's size; undefined when nobody has it. */
  blobSize(digest: string): Promise<number | undefined> {
    return this.#files.size(blobPath(digest));
  }

  readBlob(digest: string): Promise<Uint8Array> {
    return this.#files.read(blobPath(digest));
  }

  openBlob(digest: string, offset: number, length: number): Promise<ByteSource> {
    return this.#files.open(blobPath(digest), offset, length);
  }

  async addBlob(digest: string, bytes: Uint8Array): Promise<void> {
    if ((await this.blobSize(digest)) === undefined)
      await this.#files.write(blobPath(digest), sourceOf(bytes));
  }

  /** Whether a repository has a layer or configuration. */
  async hasLayer(repository: string, digest: string): Promise<boolean> {
    const link = await this.#link(`${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}/link`);
    return link === digest && (await this.blobSize(digest)) !== undefined;
  }

  linkLayer(repository: string, digest: string): Promise<void> {
    return this.#setLink(`${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}/link`, digest);
  }

  unlinkLayer(repository: string, digest: string): Promise<void> {
    return this.#files.remove(`${repositoryPath(repository)}/_layers/sha256/${digestHex(digest)}`);
  }

  async hasManifest(repository: string, digest: string): Promise<boolean> {
    return (await this.#link(`${revisionPath(repository, digest)}/link`)) === digest;
  }

  linkManifest(repository: string, digest: string): Promise<void> {
    return this.#setLink(`${revisionPath(repository, digest)}/link`, digest);
  }

  /** Takes a manifest away, and the tags that point at it. */
  async unlinkManifest(repository: string, digest: string): Promise<void> {
    await this.#files.remove(revisionPath(repository, digest));
    for (const tag of await this.tags(repository)) {
      if ((await this.tag(repository, tag)) === digest) await this.#files.remove(tagPath(repository, tag));
    }
  }

  tags(repository: string): Promise<string[]> {
    return this.#files.list(`${repositoryPath(repository)}/_manifests/tags`);
  }

  /** The manifest that a tag points at. */
  tag(repository: string, tag: string): Promise<string | undefined> {
    return this.#link(`${tagPath(repository, tag)}/current/link`);
  }

  async setTag(repository: string, tag: string, digest: string): Promise<void> {
    const directory = tagPath(repository, tag);
    await this.#setLink(`${directory}/index/sha256/${digestHex(digest)}/link`, digest);
    await this.#setLink(`${directory}/current/link`, digest);
  }

  /** Whether anything has been pushed to a repository. */
  async hasRepository(repository: string): Promise<boolean> {
    return (await this.#files.list(`${repositoryPath(repository)}/_manifests`)).length > 0;
  }

  /** Names of all repositories, in byte order. */
  async repositories(): Promise<string[]> {
    const found: string[] = [];
    const walk = async (path: string, name: string): Promise<void> => {
      const parts = await this.#files.list(path);
      if (parts.includes("_layers")) found.push(name);
      for (const part of parts) {
        if (!part.startsWith("_")) await walk(`${path}/${part}`, name === "" ? part : `${name}/${part}`);
      }
    };
    await walk(`${V2}/repositories`, "");
    return found.sort();
  }

  async startUpload(repository: string, upload: string, startedAt: string): Promise<void> {
    const directory = uploadPath(repository, upload);
    await this.#files.write(`${directory}/startedat`, sourceOf(utf8(startedAt)));
    await this.#files.write(`${directory}/data`, sourceOf());
  }

  /** How much of an upload has come; undefined when there is no such upload. */
  uploadSize(repository: string, upload: string): Promise<number | undefined> {
    return this.#files.size(`${uploadPath(repository, upload)}/data`);
  }

  /** Returns how much has come now. */
  append(repository: string, upload: string, body: ByteSource): Promise<number> {
    return this.#files.write(`${uploadPath(repository, upload)}/data`, body, true);
  }

  openUpload(repository: string, upload: string, size: number): Promise<ByteSource> {
    return this.#files.open(`${uploadPath(repository, upload)}/data`, 0, size);
  }

  /** Makes a blob of an upload, and ends it. */
  async finishUpload(repository: string, upload: string, digest: string): Promise<void> {
    if ((await this.blobSize(digest)) === undefined) {
      await this.#files.rename(`${uploadPath(repository, upload)}/data`, blobPath(digest));
    }
    await this.linkLayer(repository, digest);
    await this.endUpload(repository, upload);
  }

  endUpload(repository: string, upload: string): Promise<void> {
    return this.#files.remove(uploadPath(repository, upload));
  }

  async #link(path: string): Promise<string | undefined> {
    return (await this.#files.size(path)) === undefined ? undefined : text(await this.#files.read(path));
  }

  async #setLink(path: string, digest: string): Promise<void> {
    await this.#files.write(path, sourceOf(utf8(digest)));
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

function revisionPath(repository: string, digest: string): string {
  return `${repositoryPath(repository)}/_manifests/revisions/sha256/${digestHex(digest)}`;
}

function tagPath(repository: string, tag: string): string {
  return `${repositoryPath(repository)}/_manifests/tags/${tag}`;
}

function uploadPath(repository: string, upload: string): string {
  return `${repositoryPath(repository)}/_uploads/${upload}`;
}
