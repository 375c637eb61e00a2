import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";
import { pruneFilters } from "../prune-filters.ts";
import { parseTime } from "../../platform/time.ts";
import { removeContainer } from "./remove.ts";

/** Removes every container that does not run. */
export async function containersPrune(
  engine: Engine,
  operation: Operation,
  filters: Filters,
): Promise<{ ContainersDeleted: string[] | null; SpaceReclaimed: number }> {
  const wanted = pruneFilters(engine, filters);
  const deleted: string[] = [];
  let space = 0;
  for (const container of [...engine.containers.all()]) {
    const { record } = container;
    if (record.state.running || !wanted({ labels: record.config.Labels, created: parseTime(record.created) }))
      continue;
    operation.cancellation.throwIfCancelled();
    const { size } = await engine.snapshotter.usage(record.id);
    await removeContainer(engine, operation, container, { force: false, volumes: false });
    space += size;
    deleted.push(record.id);
  }
  engine.events.publish("container", "prune", "", { reclaimed: String(space) });
  return { ContainersDeleted: deleted.length > 0 ? deleted : null, SpaceReclaimed: space };
}
