import { collect, contentSource } from "../../../archive/collect.ts";
import { TarBuilder } from "../../../archive/write.ts";
import type { BuildBackend, BuildLayer, StepCommit } from "../../../build/backend.ts";
import { build } from "../../../build/build.ts";
import type { BuildOptions } from "../../../build/options.ts";
import { bytesContent } from "../../../files/content.ts";
import type { FileContent } from "../../../files/filesystem.ts";
import { MemoryFileSystem } from "../../../files/memory.ts";
import { MemoryRootFs } from "../../../files/memory-rootfs.ts";
import { digestOf } from "../../../oci/digest.ts";
import type { ContainerConfig } from "../../../oci/image.ts";
import { utf8 } from "../../../platform/bytes.ts";
import { Cancellation } from "../../../platform/cancellation.ts";
import type { Codecs } from "../../../platform/digests.ts";
import { MemoryMetadataStore } from "../../../platform/metadata.ts";
import { SeededRandom } from "../../../platform/seeded-random.ts";
import { MemorySnapshotter } from "../../../snapshots/memory.ts";
import { configBytes, type KnownDigests, layersOf, manifestBytes } from "./publish.ts";
import { gzipPieces } from "./gzip.ts";
import { allSteps, dockerfileOf, type Recipe } from "./recipe.ts";

/** What building a recipe gives: the sums of its layers, and its configuration. */
export interface BuiltRecipe {
  diffIds: string[];
  config: ContainerConfig;
}

/** Builds a recipe with the engine's own builder, on snapshots as the simulated engine has them. */
export async function buildRecipe(recipe: Recipe, codecs: Codecs): Promise<BuiltRecipe> {
  const backend = new RecipeBackend(codecs);
  const context = new TarBuilder();
  context.add({
    name: "Dockerfile",
    kind: "file",
    mode: 0o644,
    content: bytesContent(utf8(dockerfileOf(recipe))),
  });
  const layers = layersOf(recipe);
  allSteps(recipe).forEach(({ step }, index) => {
    if ("files" in step)
      context.add({ name: `layer-${index}.tar`, kind: "file", mode: 0o644, content: layers.shift()!() });
  });
  const output = {
    stdout: () => Promise.resolve(),
    stderr: () => Promise.resolve(),
    imageId: () => Promise.resolve(),
    message: () => Promise.resolve(),
  };
  const id = await build(backend, OPTIONS, contentSource(context.finish()), output, new Cancellation());
  const { diffIds, config } = backend.built.get(id)!;
  return { diffIds, config };
}

/** All that is to be known of a recipe: what the project's build writes down. */
export async function digestsOf(recipe: Recipe, codecs: Codecs): Promise<KnownDigests> {
  const { diffIds } = await buildRecipe(recipe, codecs);
  const layers = layersOf(recipe).map((archive, index) => ({
    diffId: diffIds[index]!,
    ...compressed(archive(), codecs),
  }));
  const bytes = configBytes(recipe, diffIds);
  const config = digestOf(codecs, bytes);
  return { layers, config, manifest: digestOf(codecs, manifestBytes({ layers, config }, bytes.length)) };
}

/** By archive: recipes with a common base share its layers. */
const compressions = new WeakMap<FileContent, { digest: string; size: number }>();

function compressed(archive: FileContent, codecs: Codecs): { digest: string; size: number } {
  const before = compressions.get(archive);
  if (before) return before;
  const sum = codecs.sha256();
  let size = 0;
  for (const piece of gzipPieces(archive)) {
    sum.update(piece);
    size += piece.length;
  }
  const made = { digest: `sha256:${sum.hex()}`, size };
  compressions.set(archive, made);
  return made;
}

const OPTIONS: BuildOptions = {
  dockerfile: "",
  tags: [],
  remote: "",
  target: "",
  buildArgs: {},
  labels: {},
  noCache: true,
  cacheFrom: [],
  pull: false,
  remove: true,
  forceRemove: false,
  platform: "",
  host: {
    memory: 0,
    memorySwap: 0,
    cpuShares: 0,
    cpuPeriod: 0,
    cpuQuota: 0,
    cpusetCpus: "",
    cpusetMems: "",
    cgroupParent: "",
    shmSize: 0,
    ulimits: [],
    extraHosts: [],
    networkMode: "",
  },
};

/** As much of an engine as a recipe needs: nothing is run, nothing is named. */
class RecipeBackend implements BuildBackend {
  readonly built = new Map<string, { diffIds: string[]; chainId: string | null; config: ContainerConfig }>();
  readonly #containers = new Map<string, ContainerConfig>();
  readonly #codecs: Codecs;
  readonly #snapshotter: MemorySnapshotter;
  #next = 0;

  constructor(codecs: Codecs) {
    this.#codecs = codecs;
    this.#snapshotter = new MemorySnapshotter({
      host: new MemoryFileSystem({ now: () => 0n }).root,
      dataRoot: "/var/lib/docker",
      codecs,
      random: new SeededRandom(1),
      metadata: new MemoryMetadataStore(),
    });
  }

  images: BuildBackend["images"] = {
    find: () => Promise.reject(new Error("a recipe has no base image")),
    pull: () => Promise.reject(new Error("a recipe has no base image")),
    familiarName: (name) => name,
    tag: () => Promise.resolve(),
    get: () => Promise.reject(new Error("a recipe has no cache")),
    children: () => [],
    parent: () => "",
    setParent: () => Promise.resolve(),
    create: () => Promise.reject(new Error("a recipe has no cache")),
  };

  containers: BuildBackend["containers"] = {
    create: async (config) => {
      const id = this.#key();
      this.#containers.set(id, config);
      return { id, warnings: [] };
    },
    run: () => Promise.reject(new Error("a recipe runs nothing")),
    makeWorkdir: () => Promise.resolve(),
    commit: async (id, step) => {
      const parent = this.built.get(this.#containers.get(id)!.Image ?? "");
      return this.#keep(step, parent?.diffIds ?? [], parent?.chainId ?? null);
    },
    remove: async (id) => void this.#containers.delete(id),
  };

  async layer(imageId: string): Promise<BuildLayer> {
    const key = this.#key();
    const parent = this.built.get(imageId);
    await this.#snapshotter.prepare(key, parent?.chainId ?? null, undefined, { init: false });
    return {
      root: await this.#snapshotter.open(key),
      commit: async (step) => {
        const { diffId, chainId } = await this.#snapshotter.commit(key);
        return this.#keep(step, [...(parent?.diffIds ?? []), diffId], chainId);
      },
      release: () => this.#snapshotter.remove(key),
    };
  }

  async scratch(): Promise<MemoryRootFs> {
    return new MemoryRootFs(new MemoryFileSystem({ now: () => 0n }).root);
  }

  download(): Promise<never> {
    return Promise.reject(new Error("a recipe fetches nothing"));
  }

  step<T>(_instruction: string, work: (backend: BuildBackend) => Promise<T>): Promise<T> {
    return work(this);
  }

  note(): void {}

  sha256() {
    return this.#codecs.sha256();
  }

  async decompress(archive: Parameters<BuildBackend["decompress"]>[0]) {
    return contentSource(await collect(archive));
  }

  #keep(step: StepCommit, diffIds: string[], chainId: string | null): string {
    const id = `sha256:${this.#key()}`;
    this.built.set(id, { diffIds, chainId, config: step.config });
    return id;
  }

  #key(): string {
    return String(++this.#next).padStart(64, "0");
  }
}
