import type { VolumeRecord } from "../../volumes/store.ts";
import type { Engine } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";

const accepted = ["dangling", "name", "driver", "label"];

/** The volumes that these filters let through. Throws invalidParameter. */
export function volumeList(engine: Engine, filters: Filters): VolumeRecord[] {
  filters.validate(accepted);
  const dangling = filters.has("dangling") ? filters.bool("dangling") : undefined;
  return engine.volumes.all().filter((volume) => {
    if (dangling !== undefined && (engine.volumes.users(volume.name).length === 0) !== dangling) return false;
    return (
      filters.match("name", volume.name) &&
      filters.exact("driver", volume.driver) &&
      filters.labels("label", volume.labels)
    );
  });
}
