import { fullName, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import { between, command } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { list } from "../flags/lists.ts";
import { objectName } from "../object_name.ts";

export const commit = command({
  usage: "commit [OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
  aliasLine: "docker container commit, docker commit",
  short: "Make an image of what a container changed",
  flags: {
    pause: bool({ short: "p", usage: "Pause the container meanwhile", default: true }),
    message: string({ short: "m", usage: "A message for the image's history" }),
    author: string({
      short: "a",
      usage: 'Who made it (such as "John Hannibal Smith <hannibal@a-team.com>")',
    }),
    change: list({ short: "c", usage: "Apply a Dockerfile instruction to the image" }),
  },
  interspersed: false,
  arguments: between(1, 2),
  async run(cli, [container = "", name = ""], flags) {
    const client = await cli.client();
    const containerName = objectName("container", container);
    const imageRef = name ? parseImageRef(name) : undefined;
    if (imageRef?.digest) throw new Error("refusing to create a tag with a digest reference");
    const { Id: id } = await client.json<{ Id: string }>("POST", "/commit", {
      query: {
        container: containerName,
        repo: imageRef ? fullName(imageRef) : "",
        tag: imageRef ? withDefaultTag(imageRef).tag : "",
        comment: flags.message,
        author: flags.author,
        changes: flags.change,
        pause: flags.pause ? undefined : "0",
      },
    });
    await cli.out.line(id);
  },
});
