import { text, utf8 } from "../platform/bytes.ts";
import { parseTime } from "../platform/time.ts";
import { parseImageConfig } from "../oci/config.ts";
import type { ImageConfig } from "../oci/image.ts";

/** What is kept of an image beside its names. */
export interface ImageRecord {
  /** The configuration as it was written; its digest is the image's identifier. */
  config: string;
  /** The image it was made from here, by commit or build. */
  parent?: string;
  /** RFC 3339. */
  lastTagTime?: string;
  /** Made here by commit or build: it may serve as a build's cache. */
  builtLocally?: true;
}

/** An image: its configuration, and what lists need of it, worked out once. */
export class Image {
  /** "sha256:…" */
  readonly id: string;
  record: ImageRecord;
  /** The topmost snapshot; null for an image without layers. */
  readonly chainId: string | null;
  /** Bytes of all its layers. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly created: bigint | undefined;
  readonly labels: Readonly<Record<string, string>> | null;
  /** Images made from this one. */
  readonly children = new Set<string>();

  constructor(id: string, record: ImageRecord, chainId: string | null, size: number) {
    this.id = id;
    this.record = record;
    this.chainId = chainId;
    this.size = size;
    const { created, config } = this.config;
    this.created = typeof created === "string" ? timeOf(created) : undefined;
    this.labels = config?.Labels ?? null;
  }

  /** Parsed anew each time: ten thousand images are kept, few are looked at. */
  get config(): ImageConfig {
    return parseImageConfig(utf8(this.record.config));
  }

  /** The configuration blob. */
  get blob(): Uint8Array {
    return utf8(this.record.config);
  }

  get parent(): string {
    return this.record.parent ?? "";
  }
}

/** Undefined for Go's zero time, too, as foreign images have it. */
function timeOf(created: string): bigint | undefined {
  try {
    return parseTime(created);
  } catch {
    return undefined;
  }
}

/** The blob as text. Throws when that would not give the same bytes again. */
export function configText(blob: Uint8Array): string {
  const decoded = text(blob);
  const again = utf8(decoded);
  if (again.length !== blob.length || again.some((byte, at) => byte !== blob[at]))
    throw new Error("not UTF-8");
  return decoded;
}
