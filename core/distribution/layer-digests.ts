import type { Digest } from "../content/store.ts";
import type { MetadataStore } from "../platform/metadata.ts";

const table = "layerDigests";

/** A compressed layer, and a repository that has it: "docker.io/library/busybox". */
export interface LayerSource {
  digest: Digest;
  repository: string;
}

/** Docker remembers the last fifty. */
const LIMIT = 50;

/** In which compressed form, and where, registries have the layers that are here: by diffId, and back. */
export class LayerDigests {
  readonly #metadata: MetadataStore;
  readonly #byDiffId = new Map<Digest, LayerSource[]>();
  readonly #diffIds = new Map<Digest, Digest>();

  constructor(metadata: MetadataStore) {
    this.#metadata = metadata;
    for (const [diffId, sources] of metadata.load(table)) this.#keep(diffId, sources as LayerSource[]);
  }

  /** What a compressed layer is when it is unpacked, if that has been seen. */
  diffId(digest: Digest): Digest | undefined {
    return this.#diffIds.get(digest);
  }

  /** Where registries have it, the last seen last. */
  sources(diffId: Digest): readonly LayerSource[] {
    return this.#byDiffId.get(diffId) ?? [];
  }

  add(diffId: Digest, source: LayerSource): void {
    const others = this.sources(diffId).filter(
      ({ digest, repository }) => digest !== source.digest || repository !== source.repository,
    );
    this.#save(diffId, [...others, source].slice(-LIMIT));
  }

  remove(diffId: Digest, source: LayerSource): void {
    this.#save(
      diffId,
      this.sources(diffId).filter(
        ({ digest, repository }) => digest !== source.digest || repository !== source.repository,
      ),
    );
  }

  #save(diffId: Digest, sources: LayerSource[]): void {
    this.#keep(diffId, sources);
    this.#metadata.transaction([{ table, key: diffId, value: sources }]);
  }

  #keep(diffId: Digest, sources: LayerSource[]): void {
    this.#byDiffId.set(diffId, sources);
    for (const { digest } of sources) this.#diffIds.set(digest, diffId);
  }
}
