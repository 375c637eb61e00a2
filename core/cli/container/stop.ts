import { command, minimum } from "../command.ts";
import { containerPath } from "./container_path.ts";
import { eachContainer } from "./each.ts";
import { stopFlags, stopQuery } from "./stop_flags.ts";

export const stop = command({
  usage: "stop [OPTIONS] CONTAINER [CONTAINER...]",
  aliasLine: "docker container stop, docker stop",
  short: "Stop running containers",
  flags: stopFlags,
  arguments: minimum(1),
  async run(cli, names, flags, { changed }) {
    const query = stopQuery(flags, changed);
    const client = await cli.client();
    await eachContainer(cli, names, async (name) =>
      client.call("POST", `${containerPath(name)}/stop`, { query }),
    );
  },
});
