import { olderThan } from "../../client/client.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import { pruneBuildCache } from "../builder/prune.ts";
import { command, none } from "../command.ts";
import { confirm } from "../confirm.ts";
import { pruneContainers } from "../container/prune.ts";
import { bool } from "../flags/basic.ts";
import { filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { pruneImages } from "../image/prune.ts";
import { naturalCompare } from "../natural_order.ts";
import { pruneNetworks } from "../network/prune.ts";
import { withConfiguredFilters } from "../prune_filters.ts";
import { humanSize } from "../units.ts";
import { pruneVolumes } from "../volume/prune.ts";

/** docker system prune. */
export const systemPrune = command({
  usage: "prune [OPTIONS]",
  short: "Remove what is not used",
  version: "1.25",
  flags: {
    force: bool({ short: "f", usage: "Do not ask" }),
    all: bool({ short: "a", usage: "All unused images, not only those without a name" }),
    volumes: bool({ usage: "Anonymous volumes, too" }),
    filter: filter({
      short: undefined,
      usage: 'Only what matches (such as "label=<key>=<value>")',
      version: "1.28",
    }),
  },
  arguments: none,
  async run(cli, _, flags) {
    const { all, volumes } = flags;
    if (volumes && flags.filter["until"])
      throw new Error('ERROR: The "until" filter is not supported with "--volumes"');
    const hasBuildCache = !olderThan((await cli.client()).version, "1.31");
    if (!flags.force) {
      const filters = withConfiguredFilters(cli.config, flags.filter);
      if (!(await confirm(cli, warning({ all, volumes, hasBuildCache, filters }))))
        throw new Cancelled("system prune has been cancelled");
    }
    const containers = await pruneContainers(cli, flags.filter);
    let total = containers.reclaimed;
    if (containers.text) await cli.out.line(containers.text);
    const rest = [
      () => pruneNetworks(cli, flags.filter),
      ...(volumes ? [() => pruneVolumes(cli, flags.filter)] : []),
      () => pruneImages(cli, all, flags.filter),
      ...(hasBuildCache ? [() => pruneBuildCache(cli, { all, filters: flags.filter })] : []),
    ];
    for (const prune of rest) {
      const { spaceReclaimed, text } = await prune();
      total += spaceReclaimed;
      if (text) await cli.out.line(text);
    }
    await cli.out.line(`Total reclaimed space: ${humanSize(total)}`);
  },
});

function warning(chosen: {
  all: boolean;
  volumes: boolean;
  hasBuildCache: boolean;
  filters: Filters;
}): string {
  const { all, volumes, hasBuildCache, filters } = chosen;
  const removed = ["all stopped containers", "all networks not used by at least one container"];
  if (volumes) removed.push("all anonymous volumes not used by at least one container");
  removed.push(all ? "all images without at least one container associated to them" : "all dangling images");
  if (hasBuildCache) removed.push(all ? "all build cache" : "unused build cache");
  const by = ["label", "label!", "until"].flatMap((name) =>
    (filters[name] ?? []).map((value) => `${name}=${value}`),
  );
  const items = (lines: string[]) => lines.map((line) => `\n  - ${line}`).join("");
  const filtered =
    Object.keys(filters).length && by.length
      ? `\n  Items to be pruned will be filtered with:${items(by.sort(naturalCompare))}\n`
      : "";
  return `WARNING! This will remove:${items(removed)}\n${filtered}\nAre you sure you want to continue?`;
}
