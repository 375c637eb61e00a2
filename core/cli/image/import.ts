import { parseImageRef } from "../../oci/reference.ts";
import { command, minimum } from "../command.ts";
import { string } from "../flags/basic.ts";
import { list } from "../flags/lists.ts";
import { displayMessages } from "../progress/messages.ts";
import { openNamed } from "./load.ts";
import { platformFlag, platformValue } from "./platform_flag.ts";

/** docker import, docker image import. */
export const importImage = command({
  usage: "import [OPTIONS] file|URL|- [REPOSITORY[:TAG]]",
  aliasLine: "docker image import, docker import",
  short: "Make an image of the files in a tarball",
  flags: {
    change: list({ short: "c", usage: "Apply a Dockerfile instruction to the image" }),
    message: string({ short: "m", usage: "A commit message for the image" }),
    platform: platformFlag,
  },
  arguments: minimum(1),
  async run(cli, [source = "", target = ""], { change, message, platform }) {
    const fromEngine = source.startsWith("https://") || source.startsWith("http://");
    const archive =
      source === "-" ? cli.console.stdin : fromEngine ? undefined : await openNamed(cli.console, source);
    const client = await cli.client();
    if (target !== "") parseImageRef(target);
    const response = await client.request("POST", "/images/create", {
      query: {
        fromSrc: archive ? "-" : source,
        repo: target || undefined,
        message: message || undefined,
        platform: platformValue(cli, platform)?.toLowerCase(),
        changes: change.length > 0 ? change : undefined,
      },
      ...(archive ? { rawBody: archive } : {}),
    });
    await displayMessages(response.body, cli.out, cli.console.clock);
  },
});
