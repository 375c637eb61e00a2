import { fullName, fullRef, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import { command, exact } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { displayMessages } from "../progress/messages.ts";
import { nowhere } from "../progress/nowhere.ts";
import { imageAuthHeader } from "../registry/credentials.ts";
import { checkContentTrust, disableContentTrust } from "./content_trust.ts";
import { platformFlag, platformValue } from "./platform_flag.ts";

/** docker pull, docker image pull. */
export const pull = command({
  usage: "pull [OPTIONS] NAME[:TAG|@DIGEST]",
  aliasLine: "docker image pull, docker pull",
  short: "Download an image from a registry",
  commonRank: 5,
  flags: {
    "all-tags": bool({ short: "a", usage: "All images of the repository" }),
    quiet: bool({ short: "q", usage: "Show no progress" }),
    platform: platformFlag,
    "disable-content-trust": disableContentTrust,
  },
  arguments: exact(1),
  async run(cli, [remote = ""], flags) {
    checkContentTrust(flags["disable-content-trust"]);
    const named = parseImageRef(remote);
    const all = flags["all-tags"];
    const nameOnly = !named.tag && !named.digest;
    if (all && !nameOnly) throw new Error("tag can't be used with --all-tags/-a");
    const imageRef = all ? named : withDefaultTag(named);
    if (!all && nameOnly && !flags.quiet) await cli.out.line("Using default tag: latest");
    const client = await cli.client();
    const response = await client.request("POST", "/images/create", {
      query: {
        fromImage: fullName(imageRef),
        tag: all ? undefined : (imageRef.digest ?? imageRef.tag),
        platform: platformValue(cli, flags.platform)?.toLowerCase(),
      },
      headers: { "x-registry-auth": imageAuthHeader(cli.config, remote) },
    });
    await displayMessages(response.body, flags.quiet ? nowhere : cli.out, cli.console.clock);
    await cli.out.line(fullRef(imageRef));
  },
});
