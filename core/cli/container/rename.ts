import { command, exact } from "../command.ts";

export const rename = command({
  usage: "rename CONTAINER NEW_NAME",
  aliasLine: "docker container rename, docker rename",
  short: "Give a container another name",
  flags: {},
  arguments: exact(2),
  async run(cli, args) {
    const [from = "", to = ""] = args.map((name) => name.trim());
    if (from === "" || to === "") throw new Error("Error: Neither old nor new names may be empty");
    const client = await cli.client();
    try {
      await client.call("POST", `/containers/${from}/rename`, { query: { name: to } });
    } catch (error) {
      await cli.err.line((error as Error).message);
      throw new Error(`Error: failed to rename container named ${from}`);
    }
  },
});
