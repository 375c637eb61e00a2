import { configure, type ConfigOperation } from "../../../build/configure.ts";
import { expanderOf, parseDockerfile } from "../../../build/dockerfile/parse.ts";
import { expandWords } from "../../../build/graph.ts";
import { BuildArguments } from "../../../build/solver/arguments.ts";
import { noCache } from "../../../build/solver/cache.ts";
import { BuildStage } from "../../../build/solver/stage.ts";
import type { KnownContent } from "../../../content/store.ts";
import type { FileContent } from "../../../files/filesystem.ts";
import { serialiseImageConfig } from "../../../oci/config.ts";
import type { ContainerConfig, HistoryEntry, ImageConfig } from "../../../oci/image.ts";
import { type ByteSource, utf8 } from "../../../platform/bytes.ts";
import { parseTime } from "../../../platform/time.ts";
import type { Publication } from "./catalogue.ts";
import known from "./digests.json";
import { gzipPieces } from "./gzip.ts";
import { allSteps, dockerfileOf, type FilesStep, type Recipe } from "./recipe.ts";
import { layerArchive } from "./tree.ts";

/** What was computed of a recipe when the project was built. */
export interface KnownDigests {
  layers: { diffId: string; digest: string; size: number }[];
  config: string;
  manifest: string;
}

export const MANIFEST_TYPE = "application/vnd.docker.distribution.manifest.v2+json";
export const CONFIG_TYPE = "application/vnd.docker.container.image.v1+json";
export const LAYER_TYPE = "application/vnd.docker.image.rootfs.diff.tar.gzip";

const publications = new Map<string, Publication>();

/** The image of a recipe, with the digests that are known of it; made once. */
export function publication(recipe: Recipe): Publication {
  const made = publications.get(recipe.name) ?? publish(recipe);
  publications.set(recipe.name, made);
  return made;
}

function publish(recipe: Recipe): Publication {
  const digests = (known as Record<string, KnownDigests | undefined>)[recipe.name];
  if (!digests) throw new Error(`the digests of ${recipe.name} are not known: build the catalogue`);
  const config = configBytes(
    recipe,
    digests.layers.map(({ diffId }) => diffId),
  );
  const manifest = manifestBytes(digests, config.length);
  const contents = layersOf(recipe);
  return {
    manifest: { mediaType: MANIFEST_TYPE, digest: digests.manifest, bytes: manifest },
    config: { mediaType: CONFIG_TYPE, digest: digests.config, bytes: config },
    layers: digests.layers.map(({ diffId, digest, size }, index) =>
      layer(contents[index]!, diffId, digest, size),
    ),
    layerMediaType: LAYER_TYPE,
  };
}

/** By recipe and step: those that have a common base share its layers. */
const archives = new WeakMap<Recipe, Map<FilesStep, FileContent>>();

/** The archives of a recipe's layers, the lowest first; each is made once, when it is asked for. */
export function layersOf(recipe: Recipe): (() => FileContent)[] {
  return allSteps(recipe)
    .filter((entry): entry is { recipe: Recipe; step: FilesStep } => "files" in entry.step)
    .map(({ recipe: owner, step }) => () => {
      let made = archives.get(owner);
      if (!made) archives.set(owner, (made = new Map()));
      const archive = made.get(step) ?? layerArchive(step.files(), parseTime(owner.created));
      made.set(step, archive);
      return archive;
    });
}

/** The image's configuration, as the builder makes it and the publisher has dressed it. */
export function configBytes(recipe: Recipe, diffIds: readonly string[]): Uint8Array {
  const [stage] = parseDockerfile(dockerfileOf(recipe)).stages;
  const state = new BuildStage("", undefined, new BuildArguments({}), noCache);
  const history: HistoryEntry[] = [];
  allSteps(recipe).forEach(({ recipe: { created, history: style }, step }, index) => {
    const comment = style === "buildkit" ? { comment: "buildkit.dockerfile.v0" } : {};
    if ("files" in step) {
      history.push({ created, created_by: step.shown, ...comment });
      return;
    }
    const variables = state.variables();
    const expander = expanderOf((name) => variables.get(name), "\\");
    const shown = configure(expandWords(stage!.steps[index]!.operation as ConfigOperation, expander), state);
    const words =
      style === "buildkit" ? inBuildKitsWords(shown, state.config) : `/bin/sh -c #(nop)  ${shown}`;
    if (!step.silent) history.push({ created, created_by: words, ...comment, empty_layer: true });
  });
  const image: ImageConfig = {
    architecture: "amd64",
    os: "linux",
    created: recipe.created,
    config: published(state.config),
    rootfs: { type: "layers", diff_ids: [...diffIds] },
    history,
  };
  return serialiseImageConfig(image);
}

/** A configuration without what only building needs. */
export function published({ Image: _, ...config }: ContainerConfig): ContainerConfig {
  return config;
}

export function manifestBytes(
  { layers, config }: Pick<KnownDigests, "layers" | "config">,
  configSize: number,
): Uint8Array {
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config: { mediaType: CONFIG_TYPE, size: configSize, digest: config },
    layers: layers.map(({ digest, size }) => ({ mediaType: LAYER_TYPE, size, digest })),
  };
  return utf8(JSON.stringify(manifest, null, 3));
}

/** BuildKit writes EXPOSE as Go shows its map. */
function inBuildKitsWords(shown: string, config: ContainerConfig): string {
  if (!shown.startsWith("EXPOSE")) return shown;
  const ports = Object.keys(config.ExposedPorts ?? {}).sort();
  return `EXPOSE map[${ports.map((port) => `${port}:{}`).join(" ")}]`;
}

function layer(archive: () => FileContent, diffId: string, digest: string, size: number): KnownContent {
  return {
    digest,
    size,
    open: (offset = 0) => skipping(gzipPieces(archive()), offset),
    layer: {
      diffId,
      get archive() {
        return archive();
      },
    },
  };
}

/** Pieces as a source, without the first `offset` bytes. */
function skipping(pieces: Iterator<Uint8Array>, offset: number): ByteSource {
  let skip = offset;
  let over = false;
  return {
    async read() {
      while (!over) {
        const { done, value } = pieces.next();
        if (done) return null;
        if (skip < value.length) {
          const piece = value.subarray(skip);
          skip = 0;
          return piece;
        }
        skip -= value.length;
      }
      return null;
    },
    cancel: () => void (over = true),
  };
}
