import { command, exact } from "../command.ts";
import { containerPath } from "./container_path.ts";

export const diff = command({
  usage: "diff CONTAINER",
  aliasLine: "docker container diff, docker diff",
  short: "Show which files a container changed, added and deleted",
  flags: {},
  arguments: exact(1),
  async run(cli, [name = ""]) {
    if (name === "") throw new Error("Container name cannot be empty");
    const client = await cli.client();
    const changes = await client.json<{ Path: string; Kind: number }[] | null>(
      "GET",
      `${containerPath(name)}/changes`,
    );
    const kinds = ["C", "A", "D"];
    await cli.out.write((changes ?? []).map(({ Kind, Path }) => `${kinds[Kind] ?? ""} ${Path}\n`).join(""));
  },
});
