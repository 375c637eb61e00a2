import { command, minimum } from "../command.ts";
import { containerPath } from "./container_path.ts";
import { eachContainer } from "./each.ts";

export const unpause = command({
  usage: "unpause CONTAINER [CONTAINER...]",
  aliasLine: "docker container unpause, docker unpause",
  short: "Let the processes of paused containers go on",
  flags: {},
  arguments: minimum(1),
  async run(cli, names) {
    const client = await cli.client();
    await eachContainer(cli, names, async (name) => client.call("POST", `${containerPath(name)}/unpause`));
  },
});
