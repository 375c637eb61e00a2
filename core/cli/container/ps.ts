import type { Cli } from "../cli.ts";
import type { Command } from "../command.ts";
import { command, none } from "../command.ts";
import type { FlagValues } from "../flags.ts";
import { bool, int } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import { asksForSize, containerFormat, formatContainers } from "../formatter/container.ts";
import type { ContainerSummary } from "../formatter/container.ts";
import { listFormat } from "../formatter/flag_texts.ts";

const flags = {
  all: bool({ short: "a", usage: "All containers (default shows just running)" }),
  filter: filter(),
  format: listFormat,
  last: int({ short: "n", usage: "The last n that were made, running or not", default: -1 }),
  latest: bool({ short: "l", usage: "The last that was made, running or not" }),
  "no-trunc": bool({ usage: "Show everything in full" }),
  quiet: bool({ short: "q", usage: "Show IDs alone" }),
  size: bool({ short: "s", usage: "Show how large the containers' files are" }),
};

export const ps = command({
  usage: "ps [OPTIONS]",
  aliasLine: "docker container ls, docker container list, docker container ps, docker ps",
  short: "List containers",
  commonRank: 3,
  flags,
  arguments: none,
  run: (cli, _args, values, { changed }) => list(cli, values, changed),
});

/** `docker container ls`. */
export const ls: Command = { ...ps, name: "ls", usage: "ls [OPTIONS]", aliases: ["ps", "list"] };

async function list(cli: Cli, values: FlagValues<typeof flags>, changed: ReadonlySet<string>): Promise<void> {
  const { quiet } = values;
  if (values.format && quiet)
    await cli.err.write("WARNING: Ignoring custom format, because both --format and --quiet are set.\n");
  const format = values.format || cli.config.psFormat || "";
  const asksSize = format !== "" && asksForSize(format);
  const size = values.size || (!quiet && !changed.has("size") && asksSize);
  const limit = values.latest && values.last === -1 ? 1 : values.last;
  const client = await cli.client();
  const containers = await client.json<ContainerSummary[] | null>("GET", "/containers/json", {
    query: {
      all: values.all ? "1" : undefined,
      limit: limit > 0 ? limit : undefined,
      size: size ? "1" : undefined,
      filters: encodeFilters(values.filter),
    },
  });
  const view = { truncate: !values["no-trunc"], now: cli.console.clock.now() };
  await cli.out.write(formatContainers(containerFormat(format, quiet, size), containers ?? [], view));
}
