import { command, none } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatRows } from "../formatter/format.ts";
import { volumeFormat, volumeRows } from "../formatter/volumes.ts";
import type { VolumeSummary } from "../formatter/volumes.ts";
import { naturalCompare } from "../natural_order.ts";

const clusterFormat = "table {{.Name}}\t{{.Group}}\t{{.Driver}}\t{{.Availability}}\t{{.Status}}";

/** docker volume ls. */
export const volumeLs = command({
  usage: "ls [OPTIONS]",
  aliases: ["list"],
  short: "List volumes",
  flags: {
    quiet: bool({ short: "q", usage: "Print volume names alone" }),
    format: listFormat,
    filter: filter({ usage: 'Only those that match (such as "dangling=true")' }),
    cluster: bool({ usage: "Cluster volumes alone", version: "1.42", hidden: true }),
  },
  arguments: none,
  async run(cli, _, { quiet, format, filter, cluster }) {
    const client = await cli.client();
    const query = { filters: encodeFilters(filter) };
    const listed = await client.json<{ Volumes: VolumeSummary[] | null }>("GET", "/volumes", { query });
    let volumes = listed.Volumes ?? [];
    let chosen = format || (quiet ? "" : cli.config.volumesFormat) || "table";
    if (cluster) {
      volumes = volumes.filter((volume) => volume.ClusterVolume);
      chosen = quiet ? "table" : clusterFormat;
    }
    volumes.sort((a, b) => naturalCompare(a.Name, b.Name));
    await cli.out.write(formatRows(volumeFormat(chosen, quiet), volumeRows, volumes));
  },
});
