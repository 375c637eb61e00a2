import { command, exact } from "../command.ts";
import { bool } from "../flags/basic.ts";
import { isAbsolute } from "../paths.ts";
import { copyFromContainer } from "./copy_from.ts";
import { copyToContainer } from "./copy_to.ts";

/** One docker cp. */
export interface CopyRequest {
  container: string;
  source: string;
  destination: string;
  followLink: boolean;
  /** Keep owners. */
  archive: boolean;
  quiet: boolean;
}

export const cp = command({
  usage: "cp [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
  aliasLine: "docker container cp, docker cp",
  short: "Copy files between a container and this machine",
  long: `Copy files and directories between a container and this machine

With '-' as the source, a tar archive is read from STDIN and
unpacked in a directory of the container.
With '-' as the destination, what is copied is written to STDOUT
as a tar archive.`,
  flags: {
    "follow-link": bool({ short: "L", usage: "Copy what a symbolic link at SRC_PATH leads to" }),
    archive: bool({ short: "a", usage: "Keep users and groups" }),
    quiet: bool({ short: "q", usage: "Do not show progress; it is never shown where there is no terminal" }),
  },
  arguments: exact(2),
  async run(cli, [from = "", to = ""], flags, { changed }) {
    if (from === "") throw new Error("source can not be empty");
    if (to === "") throw new Error("destination can not be empty");
    const [fromContainer, source] = splitArgument(from);
    const [toContainer, destination] = splitArgument(to);
    const request: CopyRequest = {
      container: fromContainer || toContainer,
      source,
      destination,
      followLink: flags["follow-link"],
      archive: flags.archive,
      quiet: changed.has("quiet") ? flags.quiet : !cli.out.terminal,
    };
    if (fromContainer && toContainer) throw new Error("copying between containers is not supported");
    if (fromContainer) return copyFromContainer(cli, request);
    if (toContainer) return copyToContainer(cli, request);
    throw new Error("must specify at least one container source");
  },
});

/** "container:path"; a local path may hold a colon when it begins with "/" or ".". */
function splitArgument(text: string): [container: string, path: string] {
  const colon = text.indexOf(":");
  if (isAbsolute(text) || colon < 0 || text.startsWith(".")) return ["", text];
  return [text.slice(0, colon), text.slice(colon + 1)];
}
