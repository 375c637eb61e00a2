import { Cancelled } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { bytes } from "../flags/sizes.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import { pruneText } from "../prune_report.ts";
import type { Pruned } from "../prune_report.ts";

/** docker builder prune. */
export const builderPrune = command({
  usage: "prune",
  short: "Remove the build cache",
  version: "1.39",
  flags: {
    force: bool({ short: "f", usage: "Do not ask" }),
    all: bool({ short: "a", usage: "All that is not in use, not only what nothing refers to" }),
    filter: filter({ short: undefined, usage: 'Only what matches (such as "until=24h")' }),
    "keep-storage": bytes({ usage: "How much to keep" }),
  },
  arguments: none,
  async run(cli, _, flags) {
    const warning = `WARNING! This will remove all ${flags.all ? "" : "dangling "}build cache. Are you sure you want to continue?`;
    if (!flags.force && !(await confirm(cli, warning)))
      throw new Cancelled("builder prune has been cancelled");
    await cli.out.write(
      pruneText(
        await pruneBuildCache(cli, { all: flags.all, filters: flags.filter, keep: flags["keep-storage"] }),
      ),
    );
  },
});

/** Removes what builds have kept. */
export async function pruneBuildCache(
  cli: Cli,
  options: { all: boolean; filters: Filters; keep?: number },
): Promise<Pruned> {
  const filters = encodeFilters(withConfiguredFilters(cli.config, options.filters)) ?? "";
  const client = await cli.client();
  const report = await client.json<{ CachesDeleted: string[] | null; SpaceReclaimed: number }>(
    "POST",
    "/build/prune",
    {
      query: { all: options.all ? "1" : undefined, "keep-storage": options.keep || undefined, filters },
    },
  );
  const removed = report.CachesDeleted ?? [];
  const text =
    removed.length === 0 ? "" : `Deleted build cache objects:\n${removed.map((id) => `${id}\n`).join("")}`;
  return { spaceReclaimed: report.SpaceReclaimed, text };
}
