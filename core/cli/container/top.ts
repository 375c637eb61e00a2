import { command, minimum } from "../command.ts";
import { alignTabs } from "../formatter/tabwriter.ts";
import { containerPath } from "./container_path.ts";

export const top = command({
  usage: "top CONTAINER [ps OPTIONS]",
  aliasLine: "docker container top, docker top",
  short: "Show the processes of a container",
  flags: {},
  interspersed: false,
  arguments: minimum(1),
  async run(cli, [name = "", ...words]) {
    const client = await cli.client();
    const query = { ps_args: words.length > 0 ? words.join(" ") : undefined };
    const { Titles, Processes } = await client.json<{ Titles: string[]; Processes: string[][] }>(
      "GET",
      `${containerPath(name)}/top`,
      { query },
    );
    const lines = [Titles, ...(Processes ?? [])].map((cells) => cells.join("\t") + "\n").join("");
    await cli.out.write(alignTabs(lines, { minimum: 20, padding: 3 }));
  },
});
