import type { Query } from "../../client/address.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { string } from "../flags/basic.ts";
import { writeAside } from "../write_aside.ts";
import { platformOf } from "./history.ts";

/** docker save, docker image save. */
export const save = command({
  usage: "save [OPTIONS] IMAGE [IMAGE...]",
  aliasLine: "docker image save, docker save",
  short: "Write images to a tar archive (to STDOUT unless told otherwise)",
  flags: {
    output: string({ short: "o", usage: "Write to a file instead of STDOUT" }),
    platform: string({
      usage: 'Save the variant for this platform alone ("os[/arch[/variant]]")',
      version: "1.48",
    }),
  },
  arguments: minimum(1),
  async run(cli, images, { output, platform }) {
    const query = {
      names: images,
      platform: platform ? JSON.stringify(platformOf(platform, cli.console.platform)) : undefined,
    };
    if (output === "") {
      if (cli.out.terminal)
        throw new Error("cowardly refusing to save to a terminal. Use the -o flag or redirect");
      await copyTo(cli, query, (chunk) => cli.out.write(chunk));
      return;
    }
    const file = await writeAside(cli.console, output).catch((error: Error) => {
      throw new Error(`failed to save image: ${error.message}`);
    });
    try {
      await copyTo(cli, query, (chunk) => file.write(chunk));
      await file.keep();
    } catch (error) {
      await file.drop();
      throw error;
    }
  },
});

async function copyTo(cli: Cli, query: Query, write: (chunk: Uint8Array) => Promise<void>): Promise<void> {
  const { body } = await (await cli.client()).request("GET", "/images/get", { query });
  for (let chunk = await body.read(); chunk; chunk = await body.read()) await write(chunk);
}
