import { command, minimum } from "../command.ts";
import { containerPath } from "./container_path.ts";
import { eachContainerInTurn } from "./each.ts";
import { stopFlags, stopQuery } from "./stop_flags.ts";

export const restart = command({
  usage: "restart [OPTIONS] CONTAINER [CONTAINER...]",
  aliasLine: "docker container restart, docker restart",
  short: "Stop containers and start them again",
  flags: stopFlags,
  arguments: minimum(1),
  async run(cli, names, flags, { changed }) {
    const query = stopQuery(flags, changed);
    const client = await cli.client();
    await eachContainerInTurn(cli, names, async (name) =>
      client.call("POST", `${containerPath(name)}/restart`, { query }),
    );
  },
});
