import type { RootFs } from "../files/rootfs.ts";
import type { ContainerConfig, ImageConfig } from "../oci/image.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Cancellation } from "../platform/cancellation.ts";
import type { Sha256 } from "../platform/digests.ts";
import type { Platform } from "./platform.ts";

/** What a build needs of an engine, and nothing else of it. Image identifiers are "sha256:…"; "" is no image (scratch). */
export interface BuildBackend {
  images: BuildImages;
  containers: BuildContainers;
  /** A directory of the build's own, empty; gone when it is closed. */
  scratch(): Promise<RootFs>;
  /** A writable layer over an image's files. */
  layer(imageId: string): Promise<BuildLayer>;
  /** Fetches a URL, redirects followed. Rejects with Go's text: `Get "http://…": dial tcp …`. */
  download(url: string): Promise<Download>;
  sha256(): Sha256;
  /** Does one step of a build on a backend that says whose its parts are: the steps of pictures and lessons. */
  step<T>(instruction: string, work: (backend: BuildBackend) => Promise<T>): Promise<T>;
  /** Tells what the builder found ("cache hit"). */
  note(what: string, data: Record<string, unknown>): void;
  /** Opens what gzip, zstd … has compressed; what is not compressed comes as it is. */
  decompress(archive: ByteSource): Promise<ByteSource>;
}

export interface BuildImage {
  id: string;
  config: ImageConfig;
}

export interface BuildImages {
  /** An image that is there, by name or identifier. Throws notFound; invalidParameter for a malformed name. */
  find(image: string, platform: Platform | undefined): Promise<BuildImage>;
  /** Pulls first; its progress goes to `tell`, message by message. */
  pull(
    image: string,
    platform: Platform | undefined,
    tell: (message: unknown) => Promise<void>,
  ): Promise<BuildImage>;
  /** A name as people write it, with its tag: "app:latest". Throws invalidParameter for a malformed one. */
  familiarName(name: string): string;
  tag(imageId: string, familiarName: string): Promise<void>;
  get(imageId: string): Promise<ImageConfig>;
  /** Images made from this one here, by commit or build (not pulled, loaded or imported); "": those made from nothing. */
  children(imageId: string): string[];
  /** "" when it has none. */
  parent(imageId: string): string;
  setParent(imageId: string, parentId: string): Promise<void>;
  /** Takes an image of which every layer is there. */
  create(config: ImageConfig, parentId: string): Promise<string>;
}

/** What makes the image of a step, beside its files. */
export interface StepCommit {
  author: string;
  /** The image's configuration. */
  config: ContainerConfig;
  /** What made it: its command is the line of docker history, and the whole is what the cache compares. */
  containerConfig: ContainerConfig;
}

export interface BuildLayer {
  root: RootFs;
  /** Makes an image of it, a child of the one it lies on. Returns its identifier. */
  commit(step: StepCommit): Promise<string>;
  release(): Promise<void>;
}

/** What limits the containers of a build: the API's parameters. */
export interface BuildHostOptions {
  memory: number;
  memorySwap: number;
  cpuShares: number;
  cpuPeriod: number;
  cpuQuota: number;
  cpusetCpus: string;
  cpusetMems: string;
  cgroupParent: string;
  shmSize: number;
  ulimits: { Name: string; Soft: number; Hard: number }[];
  extraHosts: string[];
  /** "" and "default" are the bridge. */
  networkMode: string;
}

export interface BuildContainers {
  /** `config.Image` says which image; "" is none. */
  create(config: ContainerConfig, host: BuildHostOptions): Promise<{ id: string; warnings: string[] }>;
  /** Runs it to its end. Output comes as it is written. Rejects when it cannot be started. */
  run(
    id: string,
    output: { stdout(bytes: Uint8Array): Promise<void>; stderr(bytes: Uint8Array): Promise<void> },
    cancellation: Cancellation,
  ): Promise<{ status: number }>;
  /** Makes its working directory, as starting it would. */
  makeWorkdir(id: string): Promise<void>;
  commit(id: string, step: StepCommit): Promise<string>;
  /** Ends it when it runs; its volumes go too. */
  remove(id: string): Promise<void>;
}

export interface Download {
  status: number;
  /** "404 Not Found". */
  statusText: string;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  body: ByteSource;
  /** Bytes, or undefined when the server does not say. */
  length: number | undefined;
}
