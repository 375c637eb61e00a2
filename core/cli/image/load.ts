import type { ByteSource } from "../../platform/bytes.ts";
import { command, none } from "../command.ts";
import type { Console } from "../console.ts";
import { bool, string } from "../flags/basic.ts";
import { absolutePath } from "../paths.ts";
import { displayMessages } from "../progress/messages.ts";
import { platformOf } from "./history.ts";

/** docker load, docker image load. */
export const load = command({
  usage: "load [OPTIONS]",
  aliasLine: "docker image load, docker load",
  short: "Load images from a tar archive or STDIN",
  flags: {
    input: string({ short: "i", usage: "Read from a tar archive instead of STDIN" }),
    quiet: bool({ short: "q", usage: "Show no progress" }),
    platform: string({
      usage: 'Load the variant for this platform alone ("os[/arch[/variant]]")',
      version: "1.48",
    }),
  },
  arguments: none,
  async run(cli, _, { input, quiet, platform }) {
    if (input === "" && cli.console.terminals.stdin)
      throw new Error("requested load from stdin, but stdin is empty");
    const archive = input === "" ? cli.console.stdin : await openNamed(cli.console, input);
    const client = await cli.client();
    const response = await client.request("POST", "/images/load", {
      query: {
        quiet: quiet || !cli.out.terminal ? "1" : "0",
        platform: platform ? JSON.stringify(platformOf(platform, cli.console.platform)) : undefined,
      },
      rawBody: archive,
      headers: { "content-type": "application/x-tar" },
    });
    if (response.headers["content-type"] === "application/json") {
      await displayMessages(response.body, cli.out, cli.console.clock);
      return;
    }
    for (let chunk = await response.body.read(); chunk; chunk = await response.body.read())
      await cli.out.write(chunk);
  },
});

/** Opens a file; errors name it as it was written. */
export async function openNamed(console: Console, path: string): Promise<ByteSource> {
  const absolute = absolutePath(console, path);
  return console.files.open(absolute).catch((error: Error) => {
    throw new Error(error.message.replace(absolute, path));
  });
}
