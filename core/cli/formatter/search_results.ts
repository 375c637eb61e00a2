import { string } from "../template/gotype.ts";
import { GoValue } from "../template/govalue.ts";
import { rowType } from "./format.ts";
import { ellipsis } from "./width.ts";

/** registry.SearchResult of the API. */
export interface SearchResult {
  name: string;
  description: string;
  star_count: number;
  is_official: boolean;
  is_automated?: boolean;
}

export interface SearchRow {
  result: SearchResult;
  truncate: boolean;
}

export const searchFormat = (source: string) =>
  source === "" || source === "table"
    ? "table {{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}"
    : source;

export const searchRows = rowType<SearchRow>(
  "registry.searchContext",
  { Name: "NAME", Description: "DESCRIPTION", StarCount: "STARS", IsOfficial: "OFFICIAL" },
  {
    Name: ({ result }) => result.name,
    Description: ({ result, truncate }) => {
      const line = result.description.replace(/[\n\r]/g, " ");
      return truncate ? ellipsis(line, 45) : line;
    },
    StarCount: ({ result }) => String(result.star_count),
    IsOfficial: ({ result }) => official(result.is_official),
  },
);

/** "[OK]" or nothing in a table, "true" or "false" in JSON. */
function official(value: boolean): GoValue {
  return new GoValue({ ...string, marshal: () => `"${value}"` }, value ? "[OK]" : "");
}
