import type { KnownContent } from "../../../content/store.ts";
import { alpine } from "./images/alpine.ts";
import { busybox } from "./images/busybox.ts";
import { helloWorld } from "./images/hello-world.ts";
import { mongo } from "./images/mongo.ts";
import { nginx } from "./images/nginx.ts";
import { registry } from "./images/registry.ts";
import { ubuntu } from "./images/ubuntu.ts";

/** A repository of the simulated Docker Hub. */
export interface CatalogueImage {
  /** "library/busybox". */
  repository: string;
  /** What docker search shows. */
  description: string;
  stars: number;
  official: boolean;
  tags: CatalogueTag[];
}

/** A tag, and what it has pointed at. */
export interface CatalogueTag {
  tag: string;
  /**
   * The first is there from the start. Each later one takes the tag over as soon as somebody has pulled the one before, so
   * that pulling again brings another image and leaves the old one without its name.
   */
  publications: Publication[];
}

/** One published image. Everything is known at once but for the layers' bytes, which are made when they are read. */
export interface Publication {
  manifest: PublishedBlob;
  config: PublishedBlob;
  /** The lowest first. `layer` of each is set: what it is unpacked, with its diffId. */
  layers: KnownContent[];
  layerMediaType: string;
}

/** A small blob, whole. */
export interface PublishedBlob {
  mediaType: string;
  digest: string;
  bytes: Uint8Array;
}

/** Everything that can be pulled. */
export const catalogue: readonly CatalogueImage[] = [
  helloWorld,
  busybox,
  alpine,
  ubuntu,
  nginx,
  mongo,
  registry,
];
