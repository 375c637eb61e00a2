import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { writeConfig } from "../config.ts";
import { joinErrors } from "../exit.ts";
import { bool } from "../flags/basic.ts";
import { quote } from "../go/strconv.ts";
import { contextExists, removeContext } from "./store.ts";

/** docker context rm. */
export const contextRm = command({
  usage: "rm CONTEXT [CONTEXT...]",
  aliases: ["remove"],
  short: "Remove one or more contexts",
  flags: { force: bool({ short: "f", usage: "Remove the context that is in use, too" }) },
  arguments: minimum(1),
  async run(cli, names, { force }) {
    const errors: Error[] = [];
    for (const name of names) {
      try {
        await remove(cli, name, force);
        await cli.out.line(name);
      } catch (error) {
        errors.push(error as Error);
      }
    }
    const joined = joinErrors(errors);
    if (joined) throw joined;
  },
});

async function remove(cli: Cli, name: string, force: boolean): Promise<void> {
  if (name === "default") throw new Error('context "default" cannot be removed');
  if (name === cli.currentContext) {
    if (!force) throw new Error(`context ${quote(name)} is in use, set -f flag to force remove`);
    delete cli.config.currentContext;
    await writeConfig(cli.console, cli.configDirectory, cli.config);
  }
  if (!force && !(await contextExists(cli, name))) throw new Error(`context ${quote(name)} does not exist`);
  await removeContext(cli, name);
}
