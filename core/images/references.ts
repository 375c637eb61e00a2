import { invalidParameter } from "../errors/errors.ts";
import { familiarName, familiarRef, withDefaultTag } from "../oci/reference.ts";
import type { ImageRef } from "../oci/reference.ts";
import type { MetadataStore } from "../platform/metadata.ts";

const table = "references";

/**
 * Names of images: tags ("busybox:latest") and digests ("busybox@sha256:…"), each in its familiar form, and the image
 * each points at. Docker's repositories.json.
 */
export class References {
  readonly #metadata: MetadataStore;
  readonly #idByName = new Map<string, string>();
  readonly #namesById = new Map<string, string[]>();

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
    for (const [name, id] of metadata.load(table)) this.#link(name, id as string);
  }

  /** The image a name points at; with neither tag nor digest the tag is latest, and a digest beats a tag. */
  get(imageRef: ImageRef): string | undefined {
    return this.#idByName.get(key(imageRef));
  }

  /** An image's names, in byte order: digests and tags. */
  of(id: string): readonly string[] {
    return this.#namesById.get(id) ?? [];
  }

  /** The tags and digests of one repository, in byte order. */
  ofRepository(repository: string): [name: string, id: string][] {
    return [...this.#idByName]
      .filter(([name]) => repositoryOf(name) === repository)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  /**
   * Points a name at an image, away from another if need be. Returns the image it pointed at before.
   * Throws invalidParameter for a name that could be read as a digest.
   */
  set(imageRef: ImageRef, id: string): string | undefined {
    if (familiarName(imageRef) === "sha256") {
      throw invalidParameter("refusing to create an ambiguous tag using digest algorithm as name");
    }
    const name = key(imageRef);
    const before = this.#idByName.get(name);
    if (before === id) return before;
    if (before !== undefined) this.#unlink(name, before);
    this.#link(name, id);
    this.#metadata.transaction([{ table, key: name, value: id }]);
    return before;
  }

  /** False when there was no such name. */
  delete(imageRef: ImageRef): boolean {
    const name = key(imageRef);
    const id = this.#idByName.get(name);
    if (id === undefined) return false;
    this.#unlink(name, id);
    this.#metadata.transaction([{ table, key: name, value: undefined }]);
    return true;
  }

  #link(name: string, id: string): void {
    this.#idByName.set(name, id);
    const names = this.#namesById.get(id);
    if (!names) this.#namesById.set(id, [name]);
    else this.#namesById.set(id, [...names, name].sort());
  }

  #unlink(name: string, id: string): void {
    this.#idByName.delete(name);
    const left = this.#namesById.get(id)!.filter((other) => other !== name);
    if (left.length > 0) this.#namesById.set(id, left);
    else this.#namesById.delete(id);
  }
}

/** The name under which a reference is kept. */
function key(imageRef: ImageRef): string {
  const { tag, ...rest } = imageRef;
  return familiarRef(imageRef.digest ? rest : withDefaultTag({ ...rest, ...(tag ? { tag } : {}) }));
}

/** Whether a name that References keeps is a digest. */
export function isDigestName(name: string): boolean {
  return name.includes("@");
}

/** "localhost:5000/app" of "localhost:5000/app:1" or "localhost:5000/app@sha256:…". */
export function repositoryOf(name: string): string {
  const at = name.indexOf("@");
  if (at >= 0) return name.slice(0, at);
  return name.slice(0, name.lastIndexOf(":"));
}
