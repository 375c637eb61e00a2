import { readAll, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import type { InspectedObject } from "../formatter/inspector.ts";
import { networkInspect } from "../formatter/types/network.ts";
import { objectName } from "../object_name.ts";

/** docker network inspect. */
export const networkInspectCommand = command({
  usage: "inspect [OPTIONS] NETWORK [NETWORK...]",
  short: "Show all that is known of networks",
  flags: {
    format: inspectFormat,
    verbose: bool({ short: "v", usage: "Show more, to find faults" }),
  },
  arguments: minimum(1),
  run: (cli, networks, { format, verbose }) =>
    inspect(cli, networks, format, (network) => inspectNetwork(cli, network, verbose)),
});

/** GET /networks/NETWORK. */
export async function inspectNetwork(cli: Cli, network: string, verbose = false): Promise<InspectedObject> {
  const client = await cli.client();
  const path = `/networks/${objectName("network", network)}`;
  const response = await client.request("GET", path, { query: { verbose: verbose ? "true" : undefined } });
  return { raw: text(await readAll(response.body)), type: networkInspect };
}
