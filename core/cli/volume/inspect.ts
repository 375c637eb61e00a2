import { readAll, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import type { InspectedObject } from "../formatter/inspector.ts";
import { volumeInspect } from "../formatter/types/volume.ts";
import { objectName } from "../object_name.ts";

/** docker volume inspect. */
export const volumeInspectCommand = command({
  usage: "inspect [OPTIONS] VOLUME [VOLUME...]",
  short: "Show all that is known of volumes",
  flags: { format: inspectFormat },
  arguments: minimum(1),
  run: (cli, volumes, { format }) =>
    inspect(cli, volumes, format, async (volume) => ({
      ...(await inspectVolume(cli, volume)),
      typedOnly: true,
    })),
});

/** GET /volumes/VOLUME. */
export async function inspectVolume(cli: Cli, volume: string): Promise<InspectedObject> {
  const client = await cli.client();
  const response = await client.request("GET", `/volumes/${objectName("volume", volume)}`);
  return { raw: text(await readAll(response.body)), type: volumeInspect };
}
