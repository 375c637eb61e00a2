import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import { humanSize } from "../units.ts";

export const prune = command({
  usage: "prune [OPTIONS]",
  short: "Remove all containers that do not run",
  version: "1.25",
  flags: {
    force: bool({ short: "f", usage: "Do not ask first" }),
    filter: { ...filter({ usage: 'Only those that match (such as "until=<timestamp>")' }), short: "" },
  },
  arguments: none,
  async run(cli, _args, flags) {
    const warning = "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?";
    if (!flags.force && !(await confirm(cli, warning)))
      throw new Cancelled("container prune has been cancelled");
    const { reclaimed, text } = await pruneContainers(cli, flags.filter);
    if (text) await cli.out.line(text);
    await cli.out.line(`Total reclaimed space: ${humanSize(reclaimed)}`);
  },
});

/** Removes the containers that do not run; what is to be printed of it, and the bytes that were freed. */
export async function pruneContainers(
  cli: Cli,
  filters: Filters,
): Promise<{ reclaimed: number; text: string }> {
  const client = await cli.client();
  const chosen = encodeFilters(withConfiguredFilters(cli.config, filters));
  const report = await client.json<{ ContainersDeleted: string[] | null; SpaceReclaimed: number }>(
    "POST",
    "/containers/prune",
    { query: { filters: chosen } },
  );
  const deleted = report.ContainersDeleted ?? [];
  if (deleted.length === 0) return { reclaimed: 0, text: "" };
  return {
    reclaimed: report.SpaceReclaimed,
    text: `Deleted Containers:\n${deleted.map((id) => `${id}\n`).join("")}`,
  };
}
