import { conflict, DockerError, systemError } from "../../errors/errors.ts";
import type { Image } from "../../images/image.ts";
import { isDigestName } from "../../images/references.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";
import { parseTimestamp } from "../timestamp.ts";
import { chainOf } from "./list.ts";
import { imageRemove } from "./remove.ts";
import type { RemovedImage } from "./remove.ts";

export interface ImagesPruned {
  ImagesDeleted: RemovedImage[] | null;
  SpaceReclaimed: number;
}

const running = new WeakSet<Engine>();

/** Deletes dangling images, or with the filter dangling=false all that no container uses. Throws Docker's errors for bad filters. */
export async function imagePrune(
  engine: Engine,
  filters: Filters,
  operation: Operation,
): Promise<ImagesPruned> {
  if (running.has(engine)) throw conflict("a prune operation is already running");
  running.add(engine);
  try {
    return await prune(engine, filters, operation);
  } finally {
    running.delete(engine);
  }
}

async function prune(engine: Engine, filters: Filters, { cancellation }: Operation): Promise<ImagesPruned> {
  filters.validate(["dangling", "label", "label!", "until"]);
  const danglingOnly = filters.bool("dangling", true);
  const moments = filters.get("until");
  if (moments.length > 1) throw systemError("more than one until filter specified");
  const until = moments[0] === undefined ? undefined : parseTimestamp(moments[0], engine.clock.now());
  const layerSizes = new Map<string, number>();
  const chosen = [...engine.images.all()].filter((image) => {
    for (const chainId of chainOf(engine, image.chainId))
      layerSizes.set(chainId, engine.snapshotter.layer(chainId)!.size);
    return isChosen(engine, image, filters, until);
  });

  const deleted: RemovedImage[] = [];
  for (const { id } of chosen) {
    if (cancellation.cancelled) break;
    const names = engine.images.references.of(id);
    if (danglingOnly && names.some((name) => !isDigestName(name))) continue;
    for (const name of names.length > 0 ? names : [id.slice("sha256:".length)]) {
      try {
        deleted.push(...(await imageRemove(engine, name, { force: false, prune: true })));
      } catch (error) {
        // In use, or gone with an image that was made from it.
        if (!(error instanceof DockerError) || (error.kind !== "conflict" && error.kind !== "notFound"))
          throw error;
      }
    }
  }
  let reclaimed = 0;
  for (const item of deleted) if ("Deleted" in item) reclaimed += layerSizes.get(item.Deleted) ?? 0;
  engine.events.publish("image", "prune", "", { reclaimed: String(reclaimed) });
  return { ImagesDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: reclaimed };
}

function isChosen(engine: Engine, image: Image, filters: Filters, until: bigint | undefined): boolean {
  if (engine.images.references.of(image.id).length === 0 && image.children.size > 0) return false;
  if (until !== undefined && (image.created === undefined || image.created > until)) return false;
  if (!filters.labels("label", image.labels)) return false;
  return !filters.has("label!") || !filters.labels("label!", image.labels);
}
