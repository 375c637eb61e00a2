/**
 * What the engine's `/_drydock/layers` tells, as the picture needs it: every layer once, the images that end on it, and
 * the containers on them. Sizes in bytes.
 */
export interface LayersPicture {
  layers: { chainId: string; diffId: string; parent: string | null; size: number; createdBy: string }[];
  images: {
    id: string;
    /** chainIds, the lowest first. */
    layers: string[];
    tags: string[];
    digests: string[];
    dangling: boolean;
    created: string;
    size: number;
  }[];
  containers: {
    id: string;
    name: string;
    imageId: string;
    /** The layer under its writable one. */
    chainId: string | null;
    status: string;
    changes: { added: number; changed: number; deleted: number };
  }[];
}
