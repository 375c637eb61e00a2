import { command } from "../command.ts";
import { writeConfig } from "../config.ts";
import { quote } from "../go/strconv.ts";
import { checkContextName, contextNamed } from "./store.ts";

/** docker context use. */
export const contextUse = command({
  usage: "use CONTEXT",
  short: "Work in another context from now on",
  flags: {},
  arguments: (args) => {
    if (args.length !== 1) throw new Error(`accepts 1 arg(s), received ${args.length}`);
  },
  async run(cli, [name = ""]) {
    if (name !== "default") {
      checkContextName(name);
      await contextNamed(cli, name);
    }
    const value = name === "default" ? undefined : name;
    if ((cli.config.currentContext || undefined) !== value) {
      if (value === undefined) delete cli.config.currentContext;
      else cli.config.currentContext = value;
      await writeConfig(cli.console, cli.configDirectory, cli.config);
    }
    await cli.out.line(name);
    await cli.err.line(`Current context is now ${quote(name)}`);
    if (value !== undefined && cli.console.env["DOCKER_HOST"]) {
      await cli.err.line(
        `Warning: DOCKER_HOST environment variable overrides the active context. To use ${quote(name)}, either set the global --context flag, or unset DOCKER_HOST environment variable.`,
      );
    }
  },
});
