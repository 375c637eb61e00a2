import { command, exact } from "../command.ts";
import { bool, int, string } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import { formatRows } from "../formatter/format.ts";
import { searchFormat, searchRows } from "../formatter/search_results.ts";
import type { SearchResult } from "../formatter/search_results.ts";
import { registryAuthHeader } from "./credentials.ts";

/** docker search. */
export const search = command({
  usage: "search [OPTIONS] TERM",
  short: "Search for images on Docker Hub",
  commonRank: 10,
  flags: {
    "no-trunc": bool({ usage: "Do not cut anything short" }),
    filter: filter(),
    limit: int({ usage: "The most that are to be found" }),
    format: string({ usage: "Print them by a Go template" }),
  },
  arguments: exact(1),
  async run(cli, [term = ""], flags) {
    if (flags.filter["is-automated"]) {
      await cli.err.line(
        'WARNING: the "is-automated" filter is deprecated, and searching for "is-automated=true" will not yield any results in future.',
      );
    }
    const client = await cli.client();
    const results = await client.json<SearchResult[]>("GET", "/images/search", {
      query: { term, limit: flags.limit > 0 ? flags.limit : undefined, filters: encodeFilters(flags.filter) },
      headers: { "x-registry-auth": registryAuthHeader(cli.config, searchedRegistry(term)) },
    });
    const rows = results.map((result) => ({ result, truncate: !flags["no-trunc"] }));
    await cli.out.write(formatRows(searchFormat(flags.format), searchRows, rows));
  },
});

/** The registry that a term names before its slash; Docker Hub when it names none. */
function searchedRegistry(term: string): string {
  const first = term.slice(0, Math.max(term.indexOf("/"), 0));
  return first === "localhost" || /[.:]/.test(first) ? first : "docker.io";
}
