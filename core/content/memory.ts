import { collect, contentSource } from "../archive/collect.ts";
import { notFound } from "../errors/errors.ts";
import { contentBytes } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import { readAll } from "../platform/bytes.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";
import { knownContent } from "./store.ts";
import type { ContentStore, Digest, KnownContent } from "./store.ts";

type Blob = { content: FileContent } | { known: KnownContent };

/** Blobs in memory. Of a KnownBlob only where it comes from is kept. */
export class MemoryContentStore implements ContentStore {
  readonly #codecs: Codecs;
  readonly #blobs = new Map<Digest, Blob>();

  constructor(codecs: Codecs) {
    this.#codecs = codecs;
  }

  size(digest: Digest): number | undefined {
    const blob = this.#blobs.get(digest);
    if (!blob) return undefined;
    return "known" in blob ? blob.known.size : blob.content.size;
  }

  async ingest(
    source: ByteSource,
    expected: { digest?: Digest; size?: number } = {},
  ): Promise<{ digest: Digest; size: number }> {
    const known = knownContent(source);
    let blob: Blob;
    let found: { digest: Digest; size: number };
    if (known) {
      source.cancel();
      blob = { known };
      found = { digest: known.digest, size: known.size };
    } else {
      const hash = this.#codecs.sha256();
      const content = await collect(source, hash);
      blob = { content };
      found = { digest: `sha256:${hash.hex()}`, size: content.size };
    }
    if (expected.size !== undefined && found.size !== expected.size) {
      throw new Error(
        `unexpected size of blob ${found.digest}: ${found.size} bytes instead of ${expected.size}`,
      );
    }
    if (expected.digest !== undefined && found.digest !== expected.digest) {
      throw new Error(`unexpected digest of blob: ${found.digest} instead of ${expected.digest}`);
    }
    if (!this.#blobs.has(found.digest)) this.#blobs.set(found.digest, blob);
    return found;
  }

  open(digest: Digest, offset = 0): ByteSource {
    const blob = this.#blobs.get(digest);
    if (!blob) throw notFound(`content ${digest}: not found`, { digest });
    return "known" in blob ? blob.known.open(offset) : contentSource(blob.content, offset);
  }

  async read(digest: Digest): Promise<Uint8Array> {
    const blob = this.#blobs.get(digest);
    return blob && "content" in blob ? contentBytes(blob.content) : readAll(this.open(digest));
  }

  async remove(digest: Digest): Promise<void> {
    if (!this.#blobs.delete(digest)) throw notFound(`content ${digest}: not found`, { digest });
  }

  digests(): Iterable<Digest> {
    return this.#blobs.keys();
  }
}
