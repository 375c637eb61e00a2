import { systemError } from "../../errors/errors.ts";
import { predefinedNetworks, type NetworkRecord } from "../../networks/record.ts";
import type { Engine } from "../engine.ts";
import type { Filters } from "../../filters/filters.ts";

const accepted = ["dangling", "driver", "id", "label", "name", "scope", "type"];

/** The networks that these filters let through. Throws invalidParameter. */
export function networkList(engine: Engine, filters: Filters): NetworkRecord[] {
  filters.validate(accepted);
  const types = filters.get("type");
  for (const type of types)
    if (type !== "custom" && type !== "builtin") throw systemError(`invalid filter: 'type'='${type}'`);
  const dangling = filters.has("dangling") ? filters.bool("dangling") : undefined;
  return engine.networks.all().filter((network) => {
    const builtin = predefinedNetworks.includes(network.name);
    if (types.length > 0 && !types.includes(builtin ? "builtin" : "custom")) return false;
    if (
      dangling !== undefined &&
      (builtin || (engine.networks.members(network.id).length === 0) !== dangling)
    )
      return false;
    return (
      filters.exact("driver", network.driver) &&
      filters.match("id", network.id) &&
      filters.match("name", network.name) &&
      filters.exact("scope", network.scope) &&
      filters.labels("label", network.labels)
    );
  });
}
