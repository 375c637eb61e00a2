import type { Cli } from "../cli.ts";
import { readAll, text } from "../../platform/bytes.ts";
import { command, minimum } from "../command.ts";
import { string } from "../flags/basic.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import type { InspectedObject } from "../formatter/inspector.ts";
import { imageInspect } from "../formatter/types/image.ts";
import { platformOf } from "./history.ts";

/** docker image inspect. */
export const imageInspectCommand = command({
  usage: "inspect [OPTIONS] IMAGE [IMAGE...]",
  short: "Show all that is known of images",
  flags: {
    format: inspectFormat,
    platform: string({ usage: 'The variant for this platform ("os[/arch[/variant]]")', version: "1.49" }),
  },
  arguments: minimum(1),
  async run(cli, images, { format, platform }) {
    await cli.client();
    const chosen = platform ? JSON.stringify(platformOf(platform, cli.console.platform)) : undefined;
    await inspect(cli, images, format, (image) => inspectImage(cli, image, chosen));
  },
});

/** GET /images/IMAGE/json. */
export async function inspectImage(cli: Cli, image: string, platform?: string): Promise<InspectedObject> {
  // Docker's client does not ask for what has no name.
  if (image === "") throw new Error("Error: No such image: ");
  const client = await cli.client();
  const response = await client.request("GET", `/images/${image}/json`, { query: { platform } });
  return { raw: text(await readAll(response.body)), type: imageInspect };
}
