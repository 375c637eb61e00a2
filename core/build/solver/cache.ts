import type { ContainerConfig, HistoryEntry, ImageConfig } from "../../oci/image.ts";
import type { BuildImages } from "../backend.ts";
import { sameStep } from "./compare.ts";

/** The image that a step would make, when there is one already. */
export interface StepCache {
  /** Its identifier, or undefined. `step` is what docker history will show, as a container's configuration. */
  find(parentId: string, step: ContainerConfig): Promise<string | undefined>;
}

/** --no-cache. */
export const noCache: StepCache = { find: () => Promise.resolve(undefined) };

/** After a first miss nothing else is found: a later step's image was made on other files. One of these per stage. */
export function untilMissed(cache: StepCache): StepCache {
  let missed = false;
  return {
    async find(parentId, step) {
      const found = missed ? undefined : await cache.find(parentId, step);
      missed = found === undefined;
      return found;
    },
  };
}

/** Docker's own cache: the youngest child of the parent that was made here by the same step. */
export function localCache(images: BuildImages): StepCache {
  return {
    async find(parentId, step) {
      let match: { id: string; created: string } | undefined;
      for (const id of images.children(parentId)) {
        const { created = "", container_config, os, architecture } = await images.get(id);
        if (os !== "linux" || architecture === "") continue;
        if (!container_config || !sameStep(container_config, step)) continue;
        if (!match || match.created < created) match = { id, created };
      }
      return match?.id;
    },
  };
}

/** --cache-from: images, pulled ones too, whose history has the same steps. Those that are not there are passed over. */
export async function cacheFrom(images: BuildImages, names: readonly string[]): Promise<StepCache> {
  let sources: { id: string; config: ImageConfig }[] = [];
  for (const name of names) {
    const source = await images.find(name, undefined).catch(() => undefined);
    if (source) sources.push(source);
  }
  const local = localCache(images);
  return {
    async find(parentId, step) {
      const near = await local.find(parentId, step);
      if (near && sources.some(({ id }) => isAncestor(images, near, id))) return near;

      const parent = parentId === "" ? undefined : await images.get(parentId);
      const known = parent?.history?.length ?? 0;
      for (const source of sources) {
        const history = source.config.history ?? [];
        const entry = history[known];
        if (!entry || !continues(source.config, parent) || entry.created_by !== (step.Cmd ?? []).join(" "))
          continue;
        if (history.length - 1 === known) {
          if (parent) await images.setParent(source.id, parentId);
          return source.id;
        }
        // Do not jump to another image after this: its steps belong together.
        sources = [source];
        return images.create(restored(source.config, parent, known, step), parentId);
      }
      return undefined;
    },
  };
}

function isAncestor(images: BuildImages, ancestor: string, id: string): boolean {
  for (let at = images.parent(id); at !== ""; at = images.parent(at)) if (at === ancestor) return true;
  return false;
}

/** Whether an image's history and layers begin with those of `parent`. */
function continues(image: ImageConfig, parent: ImageConfig | undefined): boolean {
  const history = image.history ?? [];
  const begun = parent?.history ?? [];
  const layers = parent?.rootfs.diff_ids ?? [];
  if (!parent || (begun.length === 0 && layers.length === 0)) return history.length > 0;
  return (
    begun.length < history.length &&
    begun.every((entry, at) => sameEntry(entry, history[at]!)) &&
    layers.every((layer, at) => layer === image.rootfs.diff_ids[at])
  );
}

function sameEntry(a: HistoryEntry, b: HistoryEntry): boolean {
  return (
    a.created === b.created &&
    (a.created_by ?? "") === (b.created_by ?? "") &&
    (a.author ?? "") === (b.author ?? "") &&
    (a.comment ?? "") === (b.comment ?? "") &&
    (a.empty_layer ?? false) === (b.empty_layer ?? false)
  );
}

/** The image that stood between: `source` up to and with the step at `index` of its history. */
function restored(
  source: ImageConfig,
  parent: ImageConfig | undefined,
  index: number,
  step: ContainerConfig,
): ImageConfig {
  const history = (source.history ?? []).slice(0, index + 1);
  const layers = history.filter((entry) => !entry.empty_layer).length;
  const created = history.at(-1)?.created;
  const diffIds = [...(parent?.rootfs.diff_ids ?? [])];
  if (!history.at(-1)?.empty_layer && source.rootfs.diff_ids[layers - 1])
    diffIds.push(source.rootfs.diff_ids[layers - 1]!);
  return {
    architecture: source.architecture,
    os: source.os,
    ...(source.author === undefined ? {} : { author: source.author }),
    ...(created === undefined ? {} : { created }),
    config: step,
    rootfs: { type: "layers", diff_ids: diffIds },
    history,
  };
}
