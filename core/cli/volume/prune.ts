import { olderThan } from "../../client/client.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import { pruneText } from "../prune_report.ts";
import type { Pruned } from "../prune_report.ts";

/** docker volume prune. */
export const volumePrune = command({
  usage: "prune [OPTIONS]",
  short: "Remove local volumes that nothing uses",
  version: "1.25",
  flags: {
    all: bool({ short: "a", usage: "All unused volumes, not only anonymous ones", version: "1.42" }),
    force: bool({ short: "f", usage: "Do not ask" }),
    filter: filter({ short: undefined, usage: 'Only those that match (such as "label=<label>")' }),
  },
  arguments: none,
  async run(cli, _, flags) {
    const filters = withConfiguredFilters(cli.config, flags.filter);
    const knowsAnonymous = !olderThan((await cli.client()).version, "1.42");
    if (flags.all && knowsAnonymous) {
      if (filters["all"])
        throw new Error("conflicting options: cannot specify both --all and --filter all=1");
      filters["all"] = ["true"];
    }
    const which = flags.all || !knowsAnonymous ? "all local volumes" : "anonymous local volumes";
    const warning = `WARNING! This will remove ${which} not used by at least one container.\nAre you sure you want to continue?`;
    if (!flags.force && !(await confirm(cli, warning)))
      throw new Cancelled("volume prune has been cancelled");
    await cli.out.write(pruneText(await request(cli, filters)));
  },
});

/** Removes the anonymous volumes that no container uses. */
export function pruneVolumes(cli: Cli, filters: Filters): Promise<Pruned> {
  return request(cli, withConfiguredFilters(cli.config, filters));
}

async function request(cli: Cli, filters: Filters): Promise<Pruned> {
  const client = await cli.client();
  const report = await client.json<{ VolumesDeleted: string[] | null; SpaceReclaimed: number }>(
    "POST",
    "/volumes/prune",
    {
      query: { filters: encodeFilters(filters) },
    },
  );
  const removed = report.VolumesDeleted ?? [];
  if (removed.length === 0) return { spaceReclaimed: 0, text: "" };
  return {
    spaceReclaimed: report.SpaceReclaimed,
    text: `Deleted Volumes:\n${removed.map((name) => `${name}\n`).join("")}`,
  };
}
