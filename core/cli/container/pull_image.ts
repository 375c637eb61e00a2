import { fullName, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import type { Cli } from "../cli.ts";
import { displayMessages } from "../progress/messages.ts";
import { imageAuthHeader } from "../registry/credentials.ts";

/** Pulls the image of a container that is to be made; its progress goes to standard error. */
export async function pullImage(
  cli: Cli,
  image: string,
  flags: { platform: string; quiet: boolean },
): Promise<void> {
  const imageRef = withDefaultTag(parseImageRef(image));
  const client = await cli.client();
  const response = await client.request("POST", "/images/create", {
    query: {
      fromImage: fullName(imageRef),
      tag: imageRef.digest ?? imageRef.tag,
      platform: flags.platform.toLowerCase() || undefined,
    },
    headers: { "x-registry-auth": imageAuthHeader(cli.config, image) },
  });
  const nowhere = { write: () => Promise.resolve(), columns: undefined };
  await displayMessages(response.body, flags.quiet ? nowhere : cli.err, cli.console.clock);
}
