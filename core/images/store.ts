import { DockerError, invalidParameter, notFound } from "../errors/errors.ts";
import { LayerDigests } from "../distribution/layer-digests.ts";
import { parseImageConfig } from "../oci/config.ts";
import { chainIds, digestOf } from "../oci/digest.ts";
import type { ImageConfig } from "../oci/image.ts";
import { familiarRef, parseImageRef, withDefaultTag } from "../oci/reference.ts";
import type { ImageRef } from "../oci/reference.ts";
import type { Clock } from "../platform/clock.ts";
import type { Codecs } from "../platform/digests.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import { formatTime } from "../platform/time.ts";
import type { Snapshotter } from "../snapshots/snapshotter.ts";
import { configText, Image } from "./image.ts";
import type { ImageRecord } from "./image.ts";
import { isDigestName, References } from "./references.ts";

const table = "images";

export interface ImageStorePorts {
  metadata: MetadataStore;
  snapshotter: Snapshotter;
  codecs: Codecs;
  clock: Clock;
}

/**
 * The images of an engine and their names. Which are dangling follows from the names; which layers are still needed,
 * from images, containers and `hold`.
 */
export class ImageStore {
  readonly #metadata: MetadataStore;
  readonly #snapshotter: Snapshotter;
  readonly #codecs: Codecs;
  readonly #clock: Clock;
  readonly #images = new Map<string, Image>();
  /** How many images, and operations under way, need a snapshot for themselves. */
  readonly #needed = new Map<string, number>();
  readonly references: References;
  /** Which compressed blobs of registries its layers are. */
  readonly layerDigests: LayerDigests;

  constructor({ metadata, snapshotter, codecs, clock }: ImageStorePorts) {
    this.#metadata = metadata;
    this.#snapshotter = snapshotter;
    this.#codecs = codecs;
    this.#clock = clock;
    this.references = new References(metadata);
    this.layerDigests = new LayerDigests(metadata);
    for (const [id, value] of metadata.load(table)) this.#add(id, value as ImageRecord);
    for (const image of this.#images.values()) this.#images.get(image.parent)?.children.add(image.id);
  }

  get count(): number {
    return this.#images.size;
  }

  /** All of them, in the order in which they were made. */
  all(): IterableIterator<Image> {
    return this.#images.values();
  }

  /** By full identifier. */
  get(id: string): Image | undefined {
    return this.#images.get(id);
  }

  /**
   * By name, digest, identifier or the beginning of one.
   * Throws notFound "No such image: x:latest", invalidParameter for a malformed name.
   */
  resolve(imageRef: string): Image {
    const asId = imageRef.startsWith("sha256:") ? imageRef : `sha256:${imageRef}`;
    if (/^sha256:[a-f0-9]{64}$/.test(asId)) {
      const image = this.#images.get(asId);
      if (image) return image;
      throw noSuchImage(asId);
    }
    const parsed = parseRef(imageRef);
    const named = this.references.get(parsed);
    const image = (named !== undefined && this.#images.get(named)) || this.search(imageRef);
    if (image) return image;
    throw noSuchImage(familiarRef(withDefaultTag(parsed)));
  }

  /** The one image whose identifier begins so; undefined when there is none, or several. */
  search(prefix: string): Image | undefined {
    const digits = prefix.startsWith("sha256:") ? prefix.slice("sha256:".length) : prefix;
    if (!/^[a-f0-9]{1,64}$/.test(digits)) return undefined;
    const wanted = `sha256:${digits}`;
    let found: Image | undefined;
    for (const [id, image] of this.#images) {
      if (!id.startsWith(wanted)) continue;
      if (found) return undefined;
      found = image;
    }
    return found;
  }

  /**
   * Takes an image of which every layer is there; its identifier is the digest of `config`. The same again changes nothing.
   * Throws invalidParameter.
   */
  create(config: Uint8Array): Image {
    const id = digestOf(this.#codecs, config);
    const existing = this.#images.get(id);
    if (existing) return existing;
    const { history = [], rootfs, os } = parseImageConfig(config);
    if (history.filter((entry) => !entry.empty_layer).length > rootfs.diff_ids.length) {
      throw invalidParameter("too many non-empty layers in History section");
    }
    checkOs(os);
    const missing = chainIds(this.#codecs, rootfs.diff_ids).find(
      (chainId) => !this.#snapshotter.has(chainId),
    );
    if (missing) throw invalidParameter(`failed to get layer ${missing}: layer does not exist`);
    const record: ImageRecord = { config: configText(config) };
    const image = this.#add(id, record);
    this.#metadata.transaction([{ table, key: id, value: record }]);
    return image;
  }

  #add(id: string, record: ImageRecord): Image {
    const { rootfs } = JSON.parse(record.config) as ImageConfig;
    const chain = chainIds(this.#codecs, rootfs.diff_ids ?? []);
    const size = chain.reduce((sum, chainId) => sum + (this.#snapshotter.layer(chainId)?.size ?? 0), 0);
    const image = new Image(id, record, chain.at(-1) ?? null, size);
    this.#images.set(id, image);
    if (image.chainId !== null) this.hold(image.chainId);
    return image;
  }

  /** Says of what an image was made, here. */
  setParent(id: string, parentId: string): void {
    const image = this.#images.get(id);
    const parent = this.#images.get(parentId);
    if (!image || !parent) throw notFound(`unknown parent image ID ${parentId}`, { image: parentId });
    this.#images.get(image.parent)?.children.delete(id);
    parent.children.add(id);
    this.#save(image, { parent: parentId });
  }

  /** The images made from this one, and from those, and so on. */
  *descendants(id: string): Generator<string> {
    for (const child of this.#images.get(id)?.children ?? []) {
      yield child;
      yield* this.descendants(child);
    }
  }

  /** Made here by commit or build, so that the builder may take it from its cache. */
  setBuiltLocally(id: string): void {
    this.#save(this.#images.get(id)!, { builtLocally: true });
  }

  /** Gives a name to an image. Returns the identifier of the image that had it. */
  tag(imageRef: ImageRef, id: string): string | undefined {
    if (imageRef.digest) throw invalidParameter("refusing to create a tag with a digest reference");
    const before = this.references.set(imageRef, id);
    this.#save(this.#images.get(id)!, { lastTagTime: formatTime(this.#clock.now()) });
    return before;
  }

  /** Tags of an image, in byte order. */
  tags(id: string): string[] {
    return this.references.of(id).filter((name) => !isDigestName(name));
  }

  /** Digest names of an image, in byte order. */
  digests(id: string): string[] {
    return this.references.of(id).filter(isDigestName);
  }

  /** Takes an image away, its names apart, and the layers that nothing needs any more: their chainIds, the topmost first. */
  async delete(id: string): Promise<string[]> {
    const image = this.#images.get(id);
    if (!image) throw notFound(`unrecognized image ID ${id}`, { image: id });
    const changes: { table: string; key: string; value: unknown }[] = [{ table, key: id, value: undefined }];
    for (const childId of image.children) {
      const child = this.#images.get(childId)!;
      const { parent: _, ...record } = child.record;
      child.record = record;
      changes.push({ table, key: childId, value: record });
    }
    this.#images.get(image.parent)?.children.delete(id);
    this.#images.delete(id);
    this.#metadata.transaction(changes);
    return image.chainId === null ? [] : this.release(image.chainId);
  }

  /** Keeps a snapshot and those below while somebody works with it; `release` is the opposite. */
  hold(chainId: string): void {
    this.#needed.set(chainId, (this.#needed.get(chainId) ?? 0) + 1);
  }

  /** Ends a hold, and removes the layers that nothing needs any more: their chainIds, the topmost first. */
  async release(chainId: string): Promise<string[]> {
    const left = (this.#needed.get(chainId) ?? 0) - 1;
    if (left > 0) this.#needed.set(chainId, left);
    else this.#needed.delete(chainId);
    return this.collect(chainId);
  }

  /** Removes a snapshot and those below, as far as no image, container or hold needs them: after a container's removal. */
  async collect(chainId: string): Promise<string[]> {
    const removed: string[] = [];
    let next: string | undefined = chainId;
    while (next !== undefined && !this.#needed.has(next) && this.#snapshotter.has(next)) {
      const parent = this.#snapshotter.parent(next);
      try {
        await this.#snapshotter.remove(next);
      } catch (error) {
        // A container or another layer lies on it.
        if (error instanceof DockerError && error.kind === "conflict") break;
        throw error;
      }
      removed.push(next);
      next = parent;
    }
    return removed;
  }

  #save(image: Image, change: Partial<ImageRecord>): void {
    image.record = { ...image.record, ...change };
    this.#metadata.transaction([{ table, key: image.id, value: image.record }]);
  }
}

/** Throws invalidParameter for images that a Linux engine cannot keep. */
export function checkOs(os: string): void {
  if (os !== "" && os.toLowerCase() !== "linux") throw invalidParameter("operating system is not supported");
}

/** Reads a name; its errors are invalidParameter. */
export function parseRef(imageRef: string): ImageRef {
  try {
    return parseImageRef(imageRef);
  } catch (error) {
    throw invalidParameter((error as Error).message);
  }
}

export function noSuchImage(imageRef: string): DockerError {
  return notFound(`No such image: ${imageRef}`, { image: imageRef });
}
