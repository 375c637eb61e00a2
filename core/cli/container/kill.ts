import { command, minimum } from "../command.ts";
import { string } from "../flags/basic.ts";
import { containerPath } from "./container_path.ts";
import { eachContainer } from "./each.ts";

export const kill = command({
  usage: "kill [OPTIONS] CONTAINER [CONTAINER...]",
  aliasLine: "docker container kill, docker kill",
  short: "Kill running containers",
  flags: { signal: string({ short: "s", usage: "The signal to send" }) },
  arguments: minimum(1),
  async run(cli, names, { signal }) {
    const client = await cli.client();
    await eachContainer(cli, names, async (name) =>
      client.call("POST", `${containerPath(name)}/kill`, { query: { signal: signal || undefined } }),
    );
  },
});
