import { command, none } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatRows } from "../formatter/format.ts";
import { networkFormat, networkRows } from "../formatter/networks.ts";
import type { NetworkSummary } from "../formatter/networks.ts";
import { naturalCompare } from "../natural_order.ts";

/** docker network ls. */
export const networkLs = command({
  usage: "ls [OPTIONS]",
  aliases: ["list"],
  short: "List networks",
  flags: {
    quiet: bool({ short: "q", usage: "Print network IDs alone" }),
    "no-trunc": bool({ usage: "Do not cut identifiers short" }),
    format: listFormat,
    filter: filter({ usage: 'Only those that match (such as "driver=bridge")' }),
  },
  arguments: none,
  async run(cli, _, flags) {
    const client = await cli.client();
    const networks = await client.json<NetworkSummary[]>("GET", "/networks", {
      query: { filters: encodeFilters(flags.filter) },
    });
    networks.sort((a, b) => naturalCompare(a.Name, b.Name));
    const chosen = flags.format || (flags.quiet ? "" : cli.config.networksFormat) || "table";
    const rows = networks.map((network) => ({ network, truncate: !flags["no-trunc"] }));
    await cli.out.write(formatRows(networkFormat(chosen, flags.quiet), networkRows, rows));
  },
});
