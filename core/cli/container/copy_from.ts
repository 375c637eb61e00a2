import type { Cli } from "../cli.ts";
import { extractArchive } from "../extract_archive.ts";
import { quote } from "../go/strconv.ts";
import { absolutePath, cleanFilePath, directoryOf, isAbsolute } from "../paths.ts";
import { humanSize } from "../units.ts";
import { containerPath } from "./container_path.ts";
import type { CopyRequest } from "./cp.ts";
import { CopyCounter } from "./copy_counter.ts";
import { keepEnding, planCopy, renameFirst, resolvedPlace, splitEntry } from "./copy_paths.ts";
import type { CopyPlace } from "./copy_paths.ts";
import { goMode, hasBit, pathStatOf, statContainerPath } from "./path_stat.ts";

/** Copies from a container to this machine, or to standard output as an archive. */
export async function copyFromContainer(cli: Cli, request: CopyRequest): Promise<void> {
  const { container } = request;
  const toStdout = request.destination === "-";
  const destination = toStdout
    ? "-"
    : keepEnding(absolutePath(cli.console, request.destination), request.destination);
  await checkOutputPath(cli, destination);
  const client = await cli.client();
  let place = { path: request.source, rebaseName: "" };
  if (request.followLink) place = await followed(cli, request);
  const response = await client.request("GET", `${containerPath(container)}/archive`, {
    query: { path: place.path },
  });
  let stat;
  try {
    stat = pathStatOf(response.headers);
  } catch (error) {
    throw new Error(`unable to get resource stat from response: ${(error as Error).message}`);
  }
  if (toStdout) {
    for (let chunk = await response.body.read(); chunk; chunk = await response.body.read())
      await cli.out.write(chunk);
    return;
  }
  const source: CopyPlace = { ...place, exists: true, isDirectory: hasBit(stat, goMode.directory) };
  const counter = new CopyCounter();
  const unpack = async () => {
    const target = await destinationPlace(cli, destination);
    const plan = planCopy(source, target);
    const rebase = source.rebaseName
      ? renameFirst(splitEntry(source.path)[1], source.rebaseName)
      : (name: string) => name;
    await extractArchive(cli.console, counter.through(response.body), plan.directory, (name) =>
      plan.rename(rebase(name)),
    );
  };
  if (request.quiet) return unpack();
  let failure: Error | undefined;
  await unpack().catch((error: Error) => (failure = error));
  await cli.err.line(`Successfully copied ${humanSize(counter.total, 3)} to ${destination}`);
  if (failure) throw failure;
}

async function followed(
  cli: Cli,
  { container, source }: CopyRequest,
): Promise<{ path: string; rebaseName: string }> {
  const stat = await statContainerPath(await cli.client(), container, source).catch(() => undefined);
  if (!stat || !hasBit(stat, goMode.symlink)) return { path: source, rebaseName: "" };
  const { linkTarget } = stat;
  const target = isAbsolute(linkTarget)
    ? linkTarget
    : cleanFilePath(`${splitEntry(source)[0]}/${linkTarget}`);
  return resolvedPlace(source, target);
}

/** Docker refuses to write below a directory that is not there, or over a device. */
async function checkOutputPath(cli: Cli, path: string): Promise<void> {
  const { files } = cli.console;
  const directory = directoryOf(cleanFilePath(path));
  if (directory !== "." && !(await files.stat(directory).catch(() => undefined)))
    throw new Error(`invalid output path: directory ${quote(directory)} does not exist`);
  const info = await files.stat(path).catch(() => undefined);
  if (info?.kind === "other")
    throw new Error(
      `invalid output path: ${quote(path)} must be a directory or a regular file: got a device`,
    );
}

const mostLinks = 10;

/** What there is at a local path, after symbolic links; nothing, when only the directory above is there. */
async function destinationPlace(cli: Cli, path: string): Promise<CopyPlace> {
  const { files } = cli.console;
  let at = path;
  for (let links = 0; ; links++) {
    const info = await files.lstat(at).catch(() => undefined);
    if (info && info.kind !== "symlink")
      return { path: at, exists: true, isDirectory: info.kind === "directory", rebaseName: "" };
    if (!info) break;
    if (links > mostLinks) throw new Error(`too many symlinks in ${path}`);
    const target = await files.readlink(at);
    at = isAbsolute(target) ? target : cleanFilePath(`${splitEntry(at)[0]}/${target}`);
  }
  const parent = await files.stat(splitEntry(at)[0]);
  if (parent.kind !== "directory") throw new Error("not a directory");
  return { path: at, exists: false, isDirectory: false, rebaseName: "" };
}
