import { isNotFound } from "../../client/errors.ts";
import { command, minimum } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { containerPath } from "./container_path.ts";
import { eachContainer } from "./each.ts";

export const rm = command({
  usage: "rm [OPTIONS] CONTAINER [CONTAINER...]",
  aliases: ["remove"],
  aliasLine: "docker container rm, docker container remove, docker rm",
  short: "Remove containers",
  flags: {
    volumes: bool({ short: "v", usage: "Remove the container's anonymous volumes too" }),
    link: bool({ short: "l", usage: "Remove the link of this name, not a container" }),
    force: bool({ short: "f", usage: "Remove a running container too (it is killed with SIGKILL)" }),
  },
  arguments: minimum(1),
  async run(cli, names, flags) {
    const client = await cli.client();
    const one = (wanted: boolean) => (wanted ? "1" : undefined);
    const query = { v: one(flags.volumes), link: one(flags.link), force: one(flags.force) };
    const remove = async (name: string) => {
      const trimmed = name.replace(/^\/+|\/+$/g, "");
      if (trimmed === "") throw new Error("container name cannot be empty");
      await client.call("DELETE", containerPath(trimmed), { query });
    };
    await eachContainer(cli, names, remove, async (error) => {
      if (!flags.force || !isNotFound(error)) return false;
      await cli.err.line(error.message);
      return true;
    });
  },
});
