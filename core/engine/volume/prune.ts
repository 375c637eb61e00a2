import { parseTime } from "../../platform/time.ts";
import { anonymousLabel } from "../../volumes/store.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";
import { pruneFilters } from "../prune-filters.ts";
import { removeVolume } from "./remove.ts";

/** Removes the volumes that no container has: only anonymous ones, unless the filter `all` says so. */
export async function volumesPrune(
  engine: Engine,
  operation: Operation,
  filters: Filters,
): Promise<{ VolumesDeleted: string[]; SpaceReclaimed: number }> {
  const wanted = pruneFilters(engine, filters, ["all"]);
  const all = filters.has("all") && filters.bool("all");
  const deleted: string[] = [];
  let space = 0;
  for (const volume of engine.volumes.all()) {
    if (engine.volumes.users(volume.name).length > 0) continue;
    if (!all && !Object.hasOwn(volume.labels ?? {}, anonymousLabel)) continue;
    if (!wanted({ labels: volume.labels, created: parseTime(volume.created) })) continue;
    operation.cancellation.throwIfCancelled();
    space += await engine.volumeDriver.usage(volume.name);
    await removeVolume(engine, operation, volume.name);
    deleted.push(volume.name);
  }
  engine.events.publish("volume", "prune", "", { reclaimed: String(space) });
  return { VolumesDeleted: deleted, SpaceReclaimed: space };
}
