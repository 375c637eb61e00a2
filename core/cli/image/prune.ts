import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import type { Pruned } from "../prune_report.ts";
import { pruneText } from "../prune_report.ts";

/** docker image prune. */
export const imagePrune = command({
  usage: "prune [OPTIONS]",
  short: "Remove unused images",
  version: "1.25",
  flags: {
    force: bool({ short: "f", usage: "Do not ask" }),
    all: bool({ short: "a", usage: "All unused images, not only those without a name" }),
    filter: filter({ short: undefined, usage: 'Only those that match (such as "until=<timestamp>")' }),
  },
  arguments: none,
  async run(cli, _, flags) {
    const which = flags.all
      ? "all images without at least one container associated to them"
      : "all dangling images";
    const warning = `WARNING! This will remove ${which}.\nAre you sure you want to continue?`;
    if (!flags.force && !(await confirm(cli, warning))) throw new Cancelled("image prune has been cancelled");
    await cli.out.write(pruneText(await pruneImages(cli, flags.all, flags.filter)));
  },
});

/** Removes the images that nothing uses: those without a name or, with `all`, all of them. */
export async function pruneImages(cli: Cli, all: boolean, filters: Filters): Promise<Pruned> {
  const chosen = withConfiguredFilters(cli.config, {
    ...filters,
    dangling: [...(filters["dangling"] ?? []), String(!all)],
  });
  const client = await cli.client();
  const report = await client.json<{
    ImagesDeleted: { Untagged?: string; Deleted?: string }[] | null;
    SpaceReclaimed: number;
  }>("POST", "/images/prune", { query: { filters: encodeFilters(chosen) } });
  const removed = report.ImagesDeleted ?? [];
  if (removed.length === 0) return { spaceReclaimed: 0, text: "" };
  const lines = removed.map(({ Untagged, Deleted }) =>
    Untagged ? `untagged: ${Untagged}\n` : `deleted: ${Deleted ?? ""}\n`,
  );
  return { spaceReclaimed: report.SpaceReclaimed, text: `Deleted Images:\n${lines.join("")}` };
}
