import { fullName, isImageId, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import { command, exact } from "../command.ts";
import { quote } from "../go/strconv.ts";

/** docker tag, docker image tag. */
export const tag = command({
  usage: "tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
  aliasLine: "docker image tag, docker tag",
  short: "Give an image another name",
  flags: {},
  interspersed: false,
  arguments: exact(2),
  async run(cli, [source = "", target = ""]) {
    const client = await cli.client();
    if (!isImageId(source)) readReference(source);
    const imageRef = readReference(target);
    if (imageRef.digest) throw new Error("refusing to create a tag with a digest reference");
    const query = { repo: fullName(imageRef), tag: withDefaultTag(imageRef).tag };
    await client.call("POST", `/images/${source}/tag`, { query });
  },
});

function readReference(text: string) {
  try {
    return parseImageRef(text);
  } catch (error) {
    throw new Error(
      `Error parsing reference: ${quote(text)} is not a valid repository/tag: ${(error as Error).message}`,
    );
  }
}
