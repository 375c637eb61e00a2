import type { KnownBlob, KnownContent } from "../../content/store.ts";
import type { HttpRequest, HttpResponse } from "../../distribution/http.ts";
import { answer, jsonAnswer, ServerError } from "../../distribution/server/answers.ts";
import type { MetadataStore } from "../../platform/metadata.ts";
import type { CatalogueImage, CatalogueTag, Publication, PublishedBlob } from "./catalogue/catalogue.ts";

const table = "hub";

/** As fast as a layer comes from Docker Hub, so that one sees it come. */
const BYTES_PER_SECOND = 40e6;

/**
 * The repositories of the simulated Docker Hub. Publishers put newer images under a tag: each takes the tag over once the
 * one before it has been pulled.
 */
export class HubRegistry {
  readonly #images = new Map<string, CatalogueImage>();
  /** How many publications of a tag have been pulled, by "repository:tag". */
  readonly #pulled = new Map<string, number>();
  readonly #metadata: MetadataStore | undefined;

  constructor(images: readonly CatalogueImage[], metadata?: MetadataStore) {
    for (const image of images) this.#images.set(image.repository, image);
    this.#metadata = metadata;
    for (const [name, count] of metadata?.load(table) ?? []) this.#pulled.set(name, count as number);
  }

  has(repository: string): boolean {
    return this.#images.has(repository);
  }

  /** Answers a GET or HEAD below /v2/`repository`/. */
  answer(path: string, repository: string, request: HttpRequest): HttpResponse {
    const image = this.#images.get(repository);
    const [kind = "", reference = ""] = path.slice(`/v2/${repository}/`.length).split("/");
    if (!image) throw new ServerError("NAME_UNKNOWN", { name: repository });
    if (kind === "tags")
      return jsonAnswer({ name: repository, tags: image.tags.map(({ tag }) => tag).sort() });
    if (kind === "manifests") return this.#manifest(image, reference);
    return this.#blob(image, reference, request);
  }

  #manifest(image: CatalogueImage, reference: string): HttpResponse {
    const tag = image.tags.find((known) => known.tag === reference);
    const published = tag
      ? this.#current(image, tag)
      : publications(image).find(({ publication }) => publication.manifest.digest === reference)?.publication;
    if (!published)
      throw new ServerError(
        "MANIFEST_UNKNOWN",
        reference.includes(":") ? { Revision: reference } : { Tag: reference },
      );
    return small(published.manifest);
  }

  #current({ repository }: CatalogueImage, { tag, publications: all }: CatalogueTag): Publication {
    return all[Math.min(this.#pulled.get(`${repository}:${tag}`) ?? 0, all.length - 1)]!;
  }

  #blob(image: CatalogueImage, digest: string, request: HttpRequest): HttpResponse {
    for (const { tag, publication } of publications(image)) {
      if (publication.config.digest === digest) {
        if (request.method === "GET" && this.#current(image, tag) === publication)
          this.#wasPulled(image, tag);
        return small(publication.config);
      }
      const layer = publication.layers.find((known) => known.digest === digest);
      if (layer) return layerAnswer(layer, request);
    }
    throw new ServerError("BLOB_UNKNOWN", digest);
  }

  /** Somebody has fetched what the tag stands for now: its publisher may go on. */
  #wasPulled({ repository }: CatalogueImage, { tag, publications: all }: CatalogueTag): void {
    const name = `${repository}:${tag}`;
    const count = (this.#pulled.get(name) ?? 0) + 1;
    if (count >= all.length) return;
    this.#pulled.set(name, count);
    this.#metadata?.transaction([{ table, key: name, value: count }]);
  }
}

function publications(image: CatalogueImage): { tag: CatalogueTag; publication: Publication }[] {
  return image.tags.flatMap((tag) => tag.publications.map((publication) => ({ tag, publication })));
}

function small({ mediaType, digest, bytes }: PublishedBlob): HttpResponse {
  return answer(
    200,
    { "content-type": mediaType, "docker-content-digest": digest, etag: `"${digest}"` },
    bytes,
  );
}

/** A layer, as a source that says beforehand what it is. */
function layerAnswer(layer: KnownContent, request: HttpRequest): HttpResponse {
  const { digest, size } = layer;
  const headers = {
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
    "accept-ranges": "bytes",
  };
  const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
  const start = Number(range?.[1] ?? 0);
  if (start >= size) return answer(416, { "content-range": `bytes */${size}` });
  if (range) {
    const response = answer(206, {
      ...headers,
      "content-range": `bytes ${start}-${size - 1}/${size}`,
      "content-length": String(size - start),
    });
    return { ...response, body: layer.open(start) };
  }
  return { ...answer(200, { ...headers, "content-length": String(size) }), body: knownBlob(layer) };
}

/** Opened when its first byte is asked for. */
function knownBlob(layer: KnownContent): KnownBlob {
  let opened: ReturnType<KnownContent["open"]> | undefined;
  const known: KnownContent = Object.create(layer, {
    bytesPerSecond: { value: BYTES_PER_SECOND },
  }) as KnownContent;
  return {
    known,
    read: () => (opened ??= layer.open()).read(),
    cancel: (reason) => opened?.cancel(reason),
  };
}
