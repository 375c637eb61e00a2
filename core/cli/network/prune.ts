import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import type { Pruned } from "../prune_report.ts";

const warning = `WARNING! This will remove all custom networks not used by at least one container.
Are you sure you want to continue?`;

/** docker network prune. */
export const networkPrune = command({
  usage: "prune [OPTIONS]",
  short: "Remove all networks that nothing uses",
  version: "1.25",
  flags: {
    force: bool({ short: "f", usage: "Do not ask" }),
    filter: filter({ short: undefined, usage: 'Only those that match (such as "until=<timestamp>")' }),
  },
  arguments: none,
  async run(cli, _, flags) {
    if (!flags.force && !(await confirm(cli, warning)))
      throw new Cancelled("network prune has been cancelled");
    const { text } = await pruneNetworks(cli, flags.filter);
    if (text) await cli.out.line(text);
  },
});

/** Removes the networks that no container uses. */
export async function pruneNetworks(cli: Cli, filters: Filters): Promise<Pruned> {
  const chosen = withConfiguredFilters(cli.config, filters);
  const client = await cli.client();
  const report = await client.json<{ NetworksDeleted: string[] | null }>("POST", "/networks/prune", {
    query: { filters: encodeFilters(chosen) },
  });
  const removed = report.NetworksDeleted ?? [];
  const text =
    removed.length === 0 ? "" : `Deleted Networks:\n${removed.map((name) => `${name}\n`).join("")}`;
  return { spaceReclaimed: 0, text };
}
