import type { FileContent } from "../files/filesystem.ts";
import type { Digest } from "../oci/digest.ts";
import type { ByteSource } from "../platform/bytes.ts";

export type { Digest };

/**
 * Blobs by digest. A blob is there whole and verified, or not at all.
 *
 * Written after containerd's content store. Implementations: MemoryContentStore; files below the data root later.
 */
export interface ContentStore {
  /** Size in bytes, or undefined when it is not there. */
  size(digest: Digest): number | undefined;
  /** Takes a blob in; rejects, keeping nothing, when it ends early or its digest or size differs from what is expected. */
  ingest(
    blob: ByteSource,
    expected?: { digest?: Digest; size?: number },
  ): Promise<{ digest: Digest; size: number }>;
  /** The bytes from `offset`. Throws notFound. */
  open(digest: Digest, offset?: number): ByteSource;
  /** The whole of a small blob (a config, a manifest). */
  read(digest: Digest): Promise<Uint8Array>;
  remove(digest: Digest): Promise<void>;
  digests(): Iterable<Digest>;
}

/** A layer of which everything is known beforehand: one of the catalogue. Its files' bytes are made when they are read. */
export interface KnownLayer {
  diffId: Digest;
  /** The tar archive, uncompressed. */
  archive: FileContent;
}

/** What a KnownBlob gives. */
export interface KnownContent {
  digest: Digest;
  size: number;
  open(offset?: number): ByteSource;
  /** Of a compressed layer: what it is when it is unpacked, so that nobody need decompress or hash it. */
  layer?: KnownLayer;
  /** How fast it comes when it is downloaded; without it, at once. */
  bytesPerSecond?: number;
}

/**
 * A source that knows beforehand what it will give: a blob of the catalogue, whose digest was computed when the project
 * was built. A store in the same memory may keep the source's maker instead of its bytes, which are then only made
 * when somebody reads them.
 */
export interface KnownBlob extends ByteSource {
  readonly known: KnownContent;
}

/** What is known of the blob that a source gives; undefined for an ordinary one. */
export function knownContent(source: ByteSource): KnownContent | undefined {
  return (source as Partial<KnownBlob>).known;
}
