import type { ConfigFile } from "./config.ts";
import type { Filters } from "./flags/lists.ts";

/** The filters of a prune together with those that config.json sets for all of them; labels given here win. */
export function withConfiguredFilters(config: ConfigFile, given: Filters): Filters {
  const filters: Filters = Object.fromEntries(
    Object.entries(given).map(([name, values]) => [name, [...values]]),
  );
  for (const configured of config.pruneFilters ?? []) {
    const equals = configured.indexOf("=");
    if (equals < 0) continue;
    const [name, value] = [configured.slice(0, equals), configured.slice(equals + 1)];
    const opposite = { label: "label!", "label!": "label" }[name];
    if (opposite && filters[opposite]?.includes(value)) continue;
    const values = (filters[name] ??= []);
    if (!values.includes(value)) values.push(value);
  }
  return filters;
}
