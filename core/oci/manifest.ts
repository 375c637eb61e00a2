import { isObject } from "./config.ts";

export const mediaTypes = {
  manifest: "application/vnd.docker.distribution.manifest.v2+json",
  manifestList: "application/vnd.docker.distribution.manifest.list.v2+json",
  config: "application/vnd.docker.container.image.v1+json",
  layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  ociLayerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  ociLayerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  schema1: "application/vnd.docker.distribution.manifest.v1+prettyjws",
} as const;

/** What points at a blob: its kind, digest and size. */
export interface Descriptor {
  mediaType: string;
  digest: string;
  size: number;
  urls?: string[];
  annotations?: Record<string, string>;
  platform?: { architecture: string; os: string; variant?: string; "os.version"?: string };
}

/** An image's manifest: Docker's schema 2 or OCI's. */
export interface Manifest {
  schemaVersion: 2;
  mediaType?: string;
  config: Descriptor;
  layers: Descriptor[];
}

/** A manifest list, or OCI's index: manifests by platform. */
export interface ManifestIndex {
  schemaVersion: 2;
  mediaType?: string;
  manifests: Descriptor[];
}

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.manifestList || mediaType === mediaTypes.ociIndex;
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.manifest || mediaType === mediaTypes.ociManifest;
}

/** Whether a parsed JSON value is an image manifest with well-formed descriptors. */
export function isManifest(value: unknown): value is Manifest {
  return (
    isObject(value) &&
    value.schemaVersion === 2 &&
    isDescriptor(value.config) &&
    Array.isArray(value.layers) &&
    value.layers.every(isDescriptor)
  );
}

export function isIndex(value: unknown): value is ManifestIndex {
  return (
    isObject(value) &&
    value.schemaVersion === 2 &&
    Array.isArray(value.manifests) &&
    value.manifests.every(isDescriptor)
  );
}

function isDescriptor(value: unknown): value is Descriptor {
  return (
    isObject(value) &&
    typeof value.digest === "string" &&
    typeof value.size === "number" &&
    (value.mediaType === undefined || typeof value.mediaType === "string") &&
    (value.platform === undefined || isObject(value.platform))
  );
}
