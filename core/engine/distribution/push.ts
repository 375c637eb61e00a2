import { collect, contentSource } from "../../archive/collect.ts";
import type { Digest } from "../../content/store.ts";
import type { Engine, Operation } from "../engine.ts";
import { contentBytes } from "../../files/content.ts";
import { digestHex, digestOf } from "../../oci/digest.ts";
import { mediaTypes } from "../../oci/manifest.ts";
import type { Descriptor } from "../../oci/manifest.ts";
import { parseImageRef } from "../../oci/reference.ts";
import { sourceOf } from "../../platform/bytes.ts";
import { withRetries } from "../../distribution/attempts.ts";
import type { LayerSource } from "../../distribution/layer-digests.ts";
import { progress, progressSource, sweepProgress } from "../../distribution/progress.ts";
import type { Tell } from "../../distribution/progress.ts";
import type { RemoteRepository } from "../../distribution/repository.ts";
import { Slots } from "../../distribution/slots.ts";

/** Docker's max-concurrent-uploads. */
const UPLOADS = 5;

/** Candidates for taking a layer over from another repository, and digests that are looked for, at most. */
const MOUNTS = 4;
const CHECKS = 3;

/** A layer to be pushed. */
export interface PushedLayer {
  diffId: Digest;
  chainId: Digest;
}

/** What pushing to one repository remembers between tags: the layers that it has. */
export class LayerPusher {
  readonly #engine: Engine;
  readonly #operation: Operation;
  readonly #repository: RemoteRepository;
  /** "docker.io/library/busybox". */
  readonly #name: string;
  readonly #tell: Tell;
  readonly #there = new Map<Digest, Descriptor>();

  constructor(engine: Engine, operation: Operation, repository: RemoteRepository, name: string, tell: Tell) {
    this.#engine = engine;
    this.#operation = operation;
    this.#repository = repository;
    this.#name = name;
    this.#tell = tell;
  }

  /** Makes sure that the repository has the layers (the lowest first); their descriptors. */
  async push(layers: readonly PushedLayer[]): Promise<Descriptor[]> {
    const { clock } = this.#engine;
    const { cancellation } = this.#operation;
    const slots = new Slots(UPLOADS);
    const uploads = new Map<Digest, Promise<Descriptor>>();
    const topFirst = [...layers].reverse();
    for (const layer of topFirst) {
      const id = shortId(layer.diffId);
      await this.#tell(progress(id, "Preparing"));
      if (uploads.has(layer.diffId)) continue;
      const upload = slots.run(
        () =>
          withRetries(
            clock,
            cancellation,
            (text) => this.#tell(progress(id, text)),
            () => this.#pushLayer(layer),
          ),
        () => this.#tell(progress(id, "Waiting")),
      );
      upload.catch(() => {});
      uploads.set(layer.diffId, upload);
    }
    for (const { diffId } of topFirst) await uploads.get(diffId);
    return Promise.all(layers.map(({ diffId }) => uploads.get(diffId)!));
  }

  async #pushLayer(layer: PushedLayer): Promise<Descriptor> {
    const { diffId } = layer;
    const known = this.#there.get(diffId);
    if (known) {
      await this.#tell(progress(shortId(diffId), "Layer already exists"));
      return known;
    }
    const sources = [...this.#engine.images.layerDigests.sources(diffId)].reverse();
    const own = sources.filter(({ repository }) => repository === this.#name);
    const checked = new Set<Digest>();
    const existing =
      (await this.#existing(diffId, [...own, ...sources].slice(0, 1), checked)) ??
      (await this.#mounted(diffId, sources)) ??
      (await this.#existing(diffId, sources, checked));
    const descriptor = existing ?? (await this.#upload(layer));
    this.#there.set(diffId, descriptor);
    return descriptor;
  }

  async #existing(
    diffId: Digest,
    sources: readonly LayerSource[],
    checked: Set<Digest>,
  ): Promise<Descriptor | undefined> {
    for (const source of sources) {
      if (checked.has(source.digest) || checked.size >= CHECKS) continue;
      checked.add(source.digest);
      const size = await this.#repository.hasBlob(source.digest);
      if (size === undefined) {
        if (source.repository === this.#name) this.#engine.images.layerDigests.remove(diffId, source);
        continue;
      }
      await this.#tell(progress(shortId(diffId), "Layer already exists"));
      return this.#remember(diffId, source.digest, size);
    }
    return undefined;
  }

  /** Takes the layer over from another repository of the same registry. */
  async #mounted(diffId: Digest, sources: readonly LayerSource[]): Promise<Descriptor | undefined> {
    const domain = this.#name.slice(0, this.#name.indexOf("/"));
    const candidates = sources.filter(
      ({ repository }) => repository !== this.#name && repository.startsWith(`${domain}/`),
    );
    for (const source of candidates.slice(0, MOUNTS)) {
      const { path } = parseImageRef(source.repository);
      const upload = await this.#repository.startUpload({ digest: source.digest, from: path });
      if (upload !== "mounted") {
        await upload.cancel();
        this.#engine.images.layerDigests.remove(diffId, source);
        continue;
      }
      await this.#tell(progress(shortId(diffId), `Mounted from ${path}`));
      const size = (await this.#repository.hasBlob(source.digest)) ?? 0;
      return this.#remember(diffId, source.digest, size);
    }
    return undefined;
  }

  async #upload({ diffId, chainId }: PushedLayer): Promise<Descriptor> {
    const { images, content, codecs, snapshotter } = this.#engine;
    const id = shortId(diffId);
    const upload = await this.#repository.startUpload();
    if (upload === "mounted") throw new Error("the registry has taken over a blob that was not named");
    const size = snapshotter.layer(chainId)!.size;
    // A layer that came from the catalogue still knows what its compressed form is.
    const kept = images.layerDigests.sources(diffId).find(({ digest }) => content.size(digest) !== undefined);
    let digest: Digest;
    let length: number;
    if (kept) {
      digest = kept.digest;
      length = content.size(digest)!;
      await upload.send(this.#watched(content.open(digest), id, length));
    } else {
      const archive = await collect(snapshotter.archive(chainId));
      const blob = codecs.gzip(contentBytes(archive));
      digest = digestOf(codecs, blob);
      length = blob.length;
      await sweepProgress(this.#tell, id, "Pushing", size, { end: archive.size, unit: 512 });
      await upload.send(sourceOf(blob));
    }
    await upload.finish(digest);
    await this.#repository.hasBlob(digest);
    await this.#tell(progress(id, "Pushed"));
    return this.#remember(diffId, digest, length);
  }

  #watched(source: ReturnType<typeof contentSource>, id: string, total: number) {
    return progressSource(source, {
      clock: this.#engine.clock,
      tell: this.#tell,
      id,
      action: "Pushing",
      total,
    });
  }

  #remember(diffId: Digest, digest: Digest, size: number): Descriptor {
    this.#engine.images.layerDigests.add(diffId, { digest, repository: this.#name });
    return { mediaType: mediaTypes.layer, size, digest };
  }
}

function shortId(digest: Digest): string {
  return digestHex(digest).slice(0, 12);
}
