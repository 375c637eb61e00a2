import { command, minimum } from "../command.ts";
import { containerPath } from "./container_path.ts";
import { eachContainer } from "./each.ts";

export const pause = command({
  usage: "pause CONTAINER [CONTAINER...]",
  aliasLine: "docker container pause, docker pause",
  short: "Pause all processes of containers",
  flags: {},
  arguments: minimum(1),
  async run(cli, names) {
    const client = await cli.client();
    await eachContainer(cli, names, async (name) => client.call("POST", `${containerPath(name)}/pause`));
  },
});
