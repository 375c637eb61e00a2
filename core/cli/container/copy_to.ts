import type { ByteSource } from "../../platform/bytes.ts";
import { bytePipe } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { FileError } from "../console.ts";
import { quote } from "../go/strconv.ts";
import { packLocal } from "../local_archive.ts";
import { absolutePath, baseName, cleanFilePath, isAbsolute } from "../paths.ts";
import { humanSize } from "../units.ts";
import { containerPath } from "./container_path.ts";
import type { CopyRequest } from "./cp.ts";
import { CopyCounter } from "./copy_counter.ts";
import {
  assertsDirectory,
  keepEnding,
  planCopy,
  renameFirst,
  resolvedPlace,
  splitEntry,
} from "./copy_paths.ts";
import type { CopyPlace } from "./copy_paths.ts";
import type { PathStat } from "./path_stat.ts";
import { goMode, hasBit, statContainerPath } from "./path_stat.ts";

/** Copies from this machine, or an archive from standard input, to a container. */
export async function copyToContainer(cli: Cli, request: CopyRequest): Promise<void> {
  const { container } = request;
  const client = await cli.client();
  const fromStdin = request.source === "-";
  const destination = await destinationPlace(cli, request);
  const counter = new CopyCounter();
  let content: ByteSource;
  let directory = destination.path;
  if (fromStdin) {
    if (!destination.isDirectory)
      throw new Error(`destination "${container}:${request.destination}" must be a directory`);
    content = cli.console.stdin;
  } else {
    const path = keepEnding(absolutePath(cli.console, request.source), request.source);
    const source = await sourcePlace(cli, path, request.followLink);
    const plan = planCopy(source, destination);
    directory = plan.directory;
    content = counter.through(archiveOf(cli, source, plan.rename));
  }
  const send = () =>
    client.call("PUT", `${containerPath(container)}/archive`, {
      query: {
        path: directory,
        noOverwriteDirNonDir: "true",
        copyUIDGID: request.archive ? "true" : undefined,
      },
      rawBody: content,
    });
  if (request.quiet) return send();
  let failure: Error | undefined;
  await send().catch((error: Error) => (failure = error));
  await cli.err.line(
    `Successfully copied ${humanSize(counter.total, 3)} to ${container}:${destination.path}`,
  );
  if (failure) throw failure;
}

/** What there is at the container's path, after one symbolic link; not knowing is not fatal: the engine decides. */
async function destinationPlace(cli: Cli, { container, destination }: CopyRequest): Promise<CopyPlace> {
  const client = await cli.client();
  const ask = (path: string) => statContainerPath(client, container, path).catch(() => undefined);
  let path = destination;
  let stat: PathStat | undefined = await ask(path);
  if (stat && hasBit(stat, goMode.symlink)) {
    const { linkTarget } = stat;
    path = isAbsolute(linkTarget) ? linkTarget : cleanFilePath(`${splitEntry(path)[0]}/${linkTarget}`);
    stat = await ask(path);
  }
  const kind =
    stat && hasBit(stat, goMode.device)
      ? "a device"
      : stat && hasBit(stat, goMode.irregular)
        ? "an irregular file"
        : "";
  if (kind)
    throw new Error(
      `destination ${quote(`${container}:${destination}`)} must be a directory or a regular file: got ${kind}`,
    );
  return {
    path,
    exists: stat !== undefined,
    isDirectory: stat !== undefined && hasBit(stat, goMode.directory),
    rebaseName: "",
  };
}

/** The local path with the symbolic links of its directories resolved, and with its own when that is asked for. */
async function sourcePlace(cli: Cli, path: string, followLink: boolean): Promise<CopyPlace> {
  const { files } = cli.console;
  let place: { path: string; rebaseName: string };
  if (followLink) place = resolvedPlace(path, await realPath(cli, path));
  else {
    const slash = path.lastIndexOf("/");
    const resolved = `${(await realPath(cli, path.slice(0, slash + 1))).replace(/\/$/, "")}/${path.slice(slash + 1)}`;
    const renamed = path.endsWith("/") && baseName(path) !== baseName(resolved);
    place = { path: resolved, rebaseName: renamed ? baseName(path) : "" };
  }
  const info = await files.lstat(place.path);
  if (assertsDirectory(place.path) && info.kind !== "directory")
    throw new FileError("ENOTDIR", `lstat ${place.path}: not a directory`);
  return { ...place, exists: true, isDirectory: info.kind === "directory" };
}

const mostLinks = 255;

/** Go's filepath.EvalSymlinks. */
async function realPath(cli: Cli, path: string): Promise<string> {
  const { files } = cli.console;
  const left = cleanFilePath(path).split("/").filter(Boolean);
  let at = "";
  let links = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === "..") at = at.slice(0, at.lastIndexOf("/"));
    if (part === "." || part === "..") continue;
    const next = `${at}/${part}`;
    const info = await files.lstat(next);
    if (info.kind !== "symlink") {
      if (left.length > 0 && info.kind !== "directory")
        throw new FileError("ENOTDIR", `lstat ${next}/${left[0]}: not a directory`);
      at = next;
      continue;
    }
    if (++links > mostLinks) throw new Error("EvalSymlinks: too many links");
    const target = await files.readlink(next);
    if (target.startsWith("/")) at = "";
    left.unshift(...target.split("/").filter(Boolean));
  }
  return at || "/";
}

/** The archive of a local path, made as it is read. */
function archiveOf(cli: Cli, source: CopyPlace, rename: (name: string) => string): ByteSource {
  const [directory, base] = splitEntry(source.path);
  const path = base === "." ? directory : cleanFilePath(`${directory}/${base}`);
  const rebase = source.rebaseName ? renameFirst(base, source.rebaseName) : (name: string) => name;
  const pipe = bytePipe();
  packLocal(cli.console, path, base === "/" ? "" : base, pipe.sink, (name) => rename(rebase(name))).catch(
    (error: Error) => pipe.sink.abort(error),
  );
  return pipe.source;
}
