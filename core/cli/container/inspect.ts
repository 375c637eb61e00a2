import { readAll, text } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { inspectFormat } from "../formatter/flag_texts.ts";
import { inspect } from "../formatter/inspector.ts";
import type { InspectedObject } from "../formatter/inspector.ts";
import { containerInspect } from "../formatter/types/container.ts";
import { containerPath } from "./container_path.ts";

/** `docker container inspect`. */
export const containerInspectCommand = command({
  usage: "inspect [OPTIONS] CONTAINER [CONTAINER...]",
  short: "Show all that is known of containers",
  flags: {
    format: inspectFormat,
    size: bool({ short: "s", usage: "Show how large the containers' files are" }),
  },
  arguments: minimum(1),
  run: (cli, names, { format, size }) =>
    inspect(cli, names, format, (name) => inspectContainer(cli, name, size)),
});

/** GET /containers/NAME/json. */
export async function inspectContainer(cli: Cli, name: string, size: boolean): Promise<InspectedObject> {
  const client = await cli.client();
  const path = `${containerPath(name)}/json`;
  const response = await client.request("GET", path, { query: { size: size ? "1" : undefined } });
  return { raw: text(await readAll(response.body)), type: containerInspect };
}
