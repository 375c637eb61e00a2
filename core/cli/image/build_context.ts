import { IgnorePatterns, readIgnoreFile } from "../../archive/ignore-patterns.ts";
import { readAll, text } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { FileError } from "../console.ts";
import { quote } from "../go/strconv.ts";
import { absolutePath, isAbsolute } from "../paths.ts";
import { realPath, relativePath } from "../real_path.ts";
import { archiveOfDockerfile, isArchive, withDockerfile } from "./context_archive.ts";
import { packContext } from "./context_pack.ts";
import { download, isGitUrl, isUrl } from "./context_url.ts";
import { openNamed } from "./load.ts";

/** What a build sends to the engine. */
export interface BuildContext {
  /** A tar archive. */
  archive: ByteSource;
  /** The Dockerfile's path in it; "" lets the engine choose. */
  dockerfile: string;
}

/** The context that `docker build GIVEN -f FILE` means: a directory, "-" for stdin, or a URL. Throws docker's texts. */
export async function prepareContext(cli: Cli, given: string, file: string): Promise<BuildContext> {
  if (given === "-") return fromReader(cli.console.stdin, file, cli).catch(unprepared);
  const absolute = absolutePath(cli.console, given);
  const exists = await cli.console.files.stat(absolute).then(
    () => true,
    () => false,
  );
  if (exists) return fromDirectory(cli, absolute, file);
  if (isGitUrl(given))
    throw new Error(
      `unable to prepare context: unable to find 'git': exec: "git": executable file not found in $PATH`,
    );
  if (!isUrl(given)) throw new Error(`unable to prepare context: path ${quote(given)} not found`);
  const context = await download(cli, given)
    .then((source) => fromReader(source, file, cli))
    .catch(unprepared);
  return file === "-" ? replaced(context, cli.console.stdin, cli) : context;
}

function unprepared(error: Error): never {
  throw new Error(`unable to prepare context: ${error.message}`);
}

async function replaced(context: BuildContext, dockerfile: ByteSource, cli: Cli): Promise<BuildContext> {
  return withDockerfile(context.archive, await readAll(dockerfile), cli.console.clock.now());
}

/** An archive, or a Dockerfile that is all of the context. */
async function fromReader(source: ByteSource, file: string, cli: Cli): Promise<BuildContext> {
  const head: Uint8Array[] = [];
  for (let length = 0; length < 1024;) {
    const chunk = await source.read();
    if (!chunk) break;
    head.push(chunk);
    length += chunk.length;
  }
  const whole: ByteSource = {
    read: async () => head.shift() ?? source.read(),
    cancel: (reason) => source.cancel(reason),
  };
  if (isArchive(head)) return { archive: whole, dockerfile: file === "-" ? "" : file };
  if (file === "-") throw new Error("build context is not an archive");
  if (file !== "")
    throw new Error("ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles");
  return {
    archive: archiveOfDockerfile(await readAll(whole), cli.console.clock.now()),
    dockerfile: "Dockerfile",
  };
}

async function fromDirectory(cli: Cli, given: string, file: string): Promise<BuildContext> {
  const { console } = cli;
  const directory = await contextDirectory(cli, given).catch(unprepared);
  const dockerfile = await dockerfilePath(cli, directory, file).catch(unprepared);
  const patterns = await readDockerignore(cli, directory);
  const outside = dockerfile.startsWith("../");
  const replacement = file === "-" ? console.stdin : outside ? await openDockerfile(cli, file) : undefined;
  const excludes = withBuildFiles(patterns, dockerfile, file === "-");
  const archive = await packContext(console, directory, patterns, excludes);
  if (replacement) return replaced({ archive, dockerfile }, replacement, cli);
  return { archive, dockerfile };
}

async function openDockerfile(cli: Cli, file: string): Promise<ByteSource> {
  return openNamed(cli.console, file).catch((error: Error) => {
    throw new Error(`unable to prepare context: unable to open Dockerfile: ${error.message}`);
  });
}

async function contextDirectory(cli: Cli, given: string): Promise<string> {
  const directory = await realPath(cli.console, given).catch((error: Error) => {
    throw new Error(`unable to evaluate symlinks in context path: ${error.message}`);
  });
  if ((await cli.console.files.lstat(directory)).kind !== "directory")
    throw new Error(`context must be a directory: ${directory}`);
  return directory;
}

/** The Dockerfile's path from the context's directory; "-" stays what it is. */
async function dockerfilePath(cli: Cli, directory: string, file: string): Promise<string> {
  if (file === "-") return file;
  const { files } = cli.console;
  let path = file === "" ? `${directory}/Dockerfile` : absolutePath(cli.console, file);
  if (file === "" && !(await there(cli, path)) && (await there(cli, `${directory}/dockerfile`)))
    path = `${directory}/dockerfile`;
  if (!isAbsolute(path)) path = `${directory}/${path}`;
  const real = await realPath(cli.console, path).catch((error: Error) => {
    throw new Error(`unable to evaluate symlinks in Dockerfile path: ${error.message}`);
  });
  await files.lstat(real).catch((error: Error) => {
    const missing = error instanceof FileError && error.code === "ENOENT";
    throw new Error(
      missing ? `Cannot locate Dockerfile: ${quote(real)}` : `unable to stat Dockerfile: ${error.message}`,
    );
  });
  return relativePath(directory, real);
}

function there(cli: Cli, path: string): Promise<boolean> {
  return cli.console.files.lstat(path).then(
    () => true,
    () => false,
  );
}

async function readDockerignore(cli: Cli, directory: string): Promise<string[]> {
  let content: Uint8Array;
  try {
    content = await readAll(await cli.console.files.open(`${directory}/.dockerignore`));
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return [];
    throw error;
  }
  return readIgnoreFile(text(content));
}

/** The engine needs .dockerignore and the Dockerfile, and leaves them out itself afterwards. */
function withBuildFiles(patterns: string[], dockerfile: string, fromStdin: boolean): string[] {
  const all = [...patterns];
  if (matches(".dockerignore", all)) all.push("!.dockerignore");
  if (!fromStdin && matches(dockerfile, all)) all.push(`!${dockerfile}`);
  return all;
}

function matches(path: string, patterns: string[]): boolean {
  try {
    return new IgnorePatterns(patterns).excludes(path);
  } catch {
    // A pattern that is none is reported when the context is checked.
    return false;
  }
}
