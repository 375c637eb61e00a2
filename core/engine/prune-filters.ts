import { invalidParameter } from "../errors/errors.ts";
import type { Instant } from "../platform/clock.ts";
import { parseTimestamp } from "../platform/timestamp.ts";
import type { Engine } from "./engine.ts";
import type { Filters } from "../filters/filters.ts";

/** What a prune looks at of an object. */
interface Candidate {
  labels: Readonly<Record<string, string>> | null | undefined;
  created: Instant;
}

/**
 * What a prune's filters `label`, `label!` and `until` let through. Throws invalidParameter for filters Docker does
 * not know here; `accepted` names more that the caller reads itself.
 */
export function pruneFilters(
  engine: Engine,
  filters: Filters,
  accepted: readonly string[] = [],
): (candidate: Candidate) => boolean {
  filters.validate(["label", "label!", "until", ...accepted]);
  const until = untilOf(engine, filters);
  return ({ labels, created }) => {
    if (until !== undefined && created > until) return false;
    if (!filters.labels("label", labels)) return false;
    return !filters.has("label!") || !filters.labels("label!", labels);
  };
}

function untilOf(engine: Engine, filters: Filters): Instant | undefined {
  if (!filters.has("until")) return undefined;
  const values = filters.get("until");
  if (values.length > 1) throw invalidParameter("more than one until filter specified");
  const until = parseTimestamp(values[0]!, engine.clock.now());
  if (until === undefined)
    throw invalidParameter(`failed to parse value as time or duration: ${JSON.stringify(values[0])}`);
  return until;
}
