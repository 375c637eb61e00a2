import { builtinNames } from "./builtins.ts";
import { FilterSyntaxError } from "./syntax.ts";
import type { Filter, Json } from "./syntax.ts";

/** A name that a filter uses and nothing defines; `message` is jq's. */
export class UndefinedName extends FilterSyntaxError {
  override name = "UndefinedName";
}

/** Checks that every function and variable of `filter` is there. Throws UndefinedName. */
export function checkFilter(filter: Filter, variables: ReadonlyMap<string, Json>): void {
  check(filter, new Set(variables.keys()));
}

function check(filter: Filter, names: ReadonlySet<string>): void {
  if (filter.kind === "variable" && !names.has(filter.name))
    throw new UndefinedName(`$${filter.name} is not defined`);
  if (filter.kind === "call" && !builtinNames.has(`${filter.name}/${filter.args.length}`))
    throw new UndefinedName(`${filter.name}/${filter.args.length} is not defined`);
  if (filter.kind === "literal") return;
  for (const [part, value] of Object.entries(filter)) {
    const binds =
      (filter.kind === "reduce" && part === "update") || (filter.kind === "as" && part === "body");
    for (const child of filtersIn(value)) check(child, binds ? new Set([...names, filter.name]) : names);
  }
}

function filtersIn(value: unknown): Filter[] {
  if (Array.isArray(value)) return value.flatMap(filtersIn);
  if (typeof value !== "object" || value === null) return [];
  return "kind" in value ? [value as Filter] : Object.values(value).flatMap(filtersIn);
}
