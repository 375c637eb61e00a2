import type { Cli } from "../cli.ts";
import { command, maximum } from "../command.ts";
import type { Command } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { encodeFilters, filter } from "../flags/lists.ts";
import type { Filters } from "../flags/lists.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatRows } from "../formatter/format.ts";
import { imageFormat, imageRows, rowsOf } from "../formatter/images.ts";
import type { ImageSummary } from "../formatter/images.ts";
import { quote } from "../go/strconv.ts";
import { imageTree } from "./tree.ts";

const flags = {
  quiet: bool({ short: "q", usage: "Print image IDs alone" }),
  all: bool({ short: "a", usage: "All images (default hides intermediate images)" }),
  "no-trunc": bool({ usage: "Do not cut identifiers short" }),
  digests: bool({ usage: "Show digests" }),
  format: listFormat,
  filter: filter(),
  tree: bool({ usage: "Images of several platforms as a tree", version: "1.47" }),
};

type Values = { [name in "quiet" | "all" | "no-trunc" | "digests" | "tree"]: boolean } & {
  format: string;
  filter: Filters;
};

/** docker image ls. */
export const imageLs: Command = listCommand("ls", ["list"]);
/** docker images. */
export const images: Command = listCommand("images", []);

function listCommand(name: string, aliases: string[]): Command {
  return command({
    usage: `${name} [OPTIONS] [REPOSITORY[:TAG]]`,
    ...(aliases.length ? { aliases } : {}),
    aliasLine: "docker image ls, docker image list, docker images",
    short: "List images",
    commonRank: 7,
    flags,
    arguments: maximum(1),
    run: (cli, [reference], values) => listImages(cli, reference, values, name),
  });
}

async function listImages(
  cli: Cli,
  reference: string | undefined,
  values: Values,
  calledAs: string,
): Promise<void> {
  const filters = reference
    ? { ...values.filter, reference: [...(values.filter["reference"] ?? []), reference] }
    : values.filter;
  if (values.tree) checkTreeFlags(values);
  const client = await cli.client();
  const found = await client.json<ImageSummary[]>("GET", "/images/json", {
    query: {
      all: values.all ? "1" : undefined,
      filters: encodeFilters(filters),
      manifests: values.tree ? "1" : undefined,
    },
  });
  if (values.tree) {
    await cli.out.write(imageTree(found, values.all, cli.out));
    return;
  }
  const chosen = values.format || (values.quiet ? "" : cli.config.imagesFormat) || "table";
  const format = imageFormat(chosen, values.quiet, values.digests);
  const options = {
    truncate: !values["no-trunc"],
    now: cli.console.clock.now(),
    digests: values.digests,
    format,
  };
  await cli.out.write(
    formatRows(
      format,
      imageRows,
      found.flatMap((image) => rowsOf(image, options)),
    ),
  );
  if (reference && found.length === 0 && calledAs === "images" && subcommands.includes(reference)) {
    await cli.err.write(
      `\nNo images found matching ${quote(reference)}: did you mean "docker image ${reference}"?\n`,
    );
  }
}

/** What somebody may have meant who typed `docker images rm`. */
const subcommands = [
  "build",
  "history",
  "import",
  "inspect",
  "list",
  "load",
  "ls",
  "prune",
  "pull",
  "push",
  "rm",
  "save",
  "tag",
];

function checkTreeFlags(values: Values): void {
  if (values.quiet) throw new Error("--quiet is not yet supported with --tree");
  if (values["no-trunc"]) throw new Error("--no-trunc is not yet supported with --tree");
  if (values.digests) throw new Error("--show-digest is not yet supported with --tree");
  if (values.format) throw new Error("--format is not yet supported with --tree");
}
