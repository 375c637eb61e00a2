import { predefinedNetworks } from "../../networks/record.ts";
import { parseTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";
import { pruneFilters } from "../prune-filters.ts";
import { removeNetwork } from "./remove.ts";

/** Removes every network of the user's that no container is on. */
export async function networksPrune(
  engine: Engine,
  operation: Operation,
  filters: Filters,
): Promise<{ NetworksDeleted: string[] | null }> {
  const wanted = pruneFilters(engine, filters);
  const deleted: string[] = [];
  await engine.networks.lock.run(async () => {
    for (const network of engine.networks.all()) {
      if (predefinedNetworks.includes(network.name) || engine.networks.members(network.id).length > 0)
        continue;
      if (!wanted({ labels: network.labels, created: parseTime(network.created) })) continue;
      operation.cancellation.throwIfCancelled();
      await removeNetwork(engine, operation, network);
      deleted.push(network.name);
    }
  });
  engine.events.publish("network", "prune", "", { reclaimed: "0" });
  return { NetworksDeleted: deleted.length > 0 ? deleted : null };
}
