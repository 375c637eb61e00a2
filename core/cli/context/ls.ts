import type { Cli } from "../cli.ts";
import { command, none } from "../command.ts";
import { bool } from "../flags/basic.ts";
import type { ClientContextRow } from "../formatter/client_contexts.ts";
import { clientContextFormat, clientContextRows } from "../formatter/client_contexts.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatRows } from "../formatter/format.ts";
import { naturalCompare } from "../natural_order.ts";
import { contextNamed, contextNames } from "./store.ts";

/** docker context ls. */
export const contextLs = command({
  usage: "ls [OPTIONS]",
  aliases: ["list"],
  short: "List contexts",
  flags: {
    format: listFormat,
    quiet: bool({ short: "q", usage: "Print names alone" }),
  },
  arguments: none,
  async run(cli, _, { format, quiet }) {
    const names = new Set(["default", ...(await contextNames(cli)), cli.currentContext]);
    const rows: ClientContextRow[] = [];
    for (const name of [...names].sort(naturalCompare)) rows.push(await rowOf(cli, name));
    await cli.out.write(formatRows(clientContextFormat(format || "table", quiet), clientContextRows, rows));
    if (cli.console.env["DOCKER_HOST"]) {
      await cli.err.line(
        "Warning: DOCKER_HOST environment variable overrides the active context. To use a context, either set the global --context flag, or unset DOCKER_HOST environment variable.",
      );
    }
  },
});

async function rowOf(cli: Cli, name: string): Promise<ClientContextRow> {
  const current = name === cli.currentContext;
  try {
    const { Metadata, Endpoints } = await contextNamed(cli, name);
    const error = Endpoints.docker ? "" : "cannot find docker endpoint in context";
    return {
      name,
      current,
      description: Metadata.Description ?? "",
      dockerEndpoint: Endpoints.docker?.Host ?? "",
      error,
    };
  } catch (error) {
    return { name, current, description: "", dockerEndpoint: "", error: (error as Error).message };
  }
}
