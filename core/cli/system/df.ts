import { command, none } from "../command.ts";
import { bool } from "../flags/basic.ts";
import type { DiskUsage } from "../formatter/disk_usage.ts";
import { detailedDiskUsageText, diskUsageText } from "../formatter/disk_usage.ts";
import { listFormat } from "../formatter/flag_texts.ts";

/** docker system df. */
export const systemDf = command({
  usage: "df [OPTIONS]",
  short: "Show how much disk docker uses",
  version: "1.25",
  flags: {
    verbose: bool({ short: "v", usage: "Show what uses it" }),
    format: listFormat,
  },
  arguments: none,
  async run(cli, _, { verbose, format }) {
    const usage = await (await cli.client()).json<DiskUsage>("GET", "/system/df");
    const chosen = format || "table";
    await cli.out.write(
      verbose ? detailedDiskUsageText(usage, chosen, cli.console.clock.now()) : diskUsageText(usage, chosen),
    );
  },
});
