import { isNotFound } from "../../client/errors.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import type { Command } from "../command.ts";
import { joinErrors } from "../exit.ts";
import { bool } from "../flags/basic.ts";
import { strings } from "../flags/lists.ts";
import { parsePlatform } from "../platform.ts";

const flags = {
  force: bool({ short: "f", usage: "Remove it even where that takes names from it" }),
  "no-prune": bool({ usage: "Keep parents without a name" }),
  platform: strings({
    usage: 'Remove the variant for this platform alone ("os[/arch[/variant]]")',
    version: "1.50",
  }),
};

/** docker image rm. */
export const imageRm: Command = removeCommand("rm", ["rmi", "remove"]);
/** docker rmi. */
export const rmi: Command = removeCommand("rmi", []);

function removeCommand(name: string, aliases: string[]): Command {
  return command({
    usage: `${name} [OPTIONS] IMAGE [IMAGE...]`,
    ...(aliases.length ? { aliases } : {}),
    aliasLine: "docker image rm, docker image remove, docker rmi",
    short: "Remove one or more images",
    flags,
    arguments: minimum(1),
    run: (cli, references, values) =>
      removeImages(cli, references, { ...values, noPrune: values["no-prune"] }),
  });
}

async function removeImages(
  cli: Cli,
  references: string[],
  { force, noPrune, platform }: { force: boolean; noPrune: boolean; platform: string[] },
): Promise<void> {
  const client = await cli.client();
  const platforms = platform.map((one) => JSON.stringify(parsePlatform(one, cli.console.platform)));
  const query = {
    force: force ? "1" : undefined,
    noprune: noPrune ? "1" : undefined,
    platforms: platforms.length ? platforms : undefined,
  };
  const errors: Error[] = [];
  for (const reference of references) {
    try {
      const removed = await client.json<{ Deleted?: string; Untagged?: string }[]>(
        "DELETE",
        `/images/${reference}`,
        { query },
      );
      for (const { Deleted, Untagged } of removed) {
        await cli.out.line(Deleted ? `Deleted: ${Deleted}` : `Untagged: ${Untagged ?? ""}`);
      }
    } catch (error) {
      errors.push(error as Error);
    }
  }
  const joined = joinErrors(errors);
  if (!joined) return;
  // What is not there need not be removed: by force that is no failure.
  if (!force || !errors.every(isNotFound)) throw joined;
  await cli.err.line(joined.message);
}
