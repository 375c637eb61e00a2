import { readAll, text, utf8 } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { makeDirectories } from "../config.ts";
import { FileError } from "../console.ts";
import type { ContextMetadata } from "../contexts.ts";
import { contextMetadataDirectory, contextTlsDirectory, readContext } from "../contexts.ts";
import { defaultEndpoint } from "../endpoint.ts";
import { quote } from "../go/strconv.ts";

/** Certificates of a context's endpoints: file contents by name, by endpoint. */
export type ContextTls = Record<string, Record<string, Uint8Array>>;

const namePattern = "^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$";

/** Throws docker's text for what cannot be the name of a context that is kept. */
export function checkContextName(name: string): void {
  if (name === "") throw new Error("context name cannot be empty");
  if (name === "default") throw new Error('"default" is a reserved context name');
  if (!new RegExp(namePattern).test(name)) {
    throw new Error(
      `context name ${quote(name)} is invalid, names are validated against regexp ${quote(namePattern)}`,
    );
  }
}

/** Throws unless a context may be made under that name. */
export async function checkNewContext(cli: Cli, name: string): Promise<void> {
  checkContextName(name);
  if (await contextExists(cli, name)) throw new Error(`context ${quote(name)} already exists`);
}

export async function contextExists(cli: Cli, name: string): Promise<boolean> {
  return found(cli.console.files.stat(contextMetadataDirectory(cli.configDirectory, name)));
}

/** A context by its name; "default" is made of the flags and the environment. */
export async function contextNamed(cli: Cli, name: string): Promise<ContextMetadata> {
  if (name !== "default") return readContext(cli.console, cli.configDirectory, name);
  const host =
    cli.currentContext === "default"
      ? await cli.currentHost()
      : (await defaultEndpoint(cli.console, { hosts: [] })).host;
  return {
    Name: "default",
    Metadata: { Description: "Current DOCKER_HOST based configuration" },
    Endpoints: { docker: { Host: host, SkipTLSVerify: false } },
  };
}

/** The names of all contexts but "default", in no particular order. */
export async function contextNames(cli: Cli): Promise<string[]> {
  const directory = `${cli.configDirectory}/contexts/meta`;
  const entries = await cli.console.files.readdir(directory).catch(missingIs<string[]>([]));
  const names: string[] = [];
  for (const entry of entries) {
    const path = `${directory}/${entry}/meta.json`;
    const content = await cli.console.files.open(path).then(readAll).catch(missingIs(undefined));
    if (content) names.push((JSON.parse(text(content)) as ContextMetadata).Name);
  }
  return names;
}

/** Keeps a context's metadata. */
export async function writeContext(cli: Cli, context: ContextMetadata): Promise<void> {
  const directory = contextMetadataDirectory(cli.configDirectory, context.Name);
  await makeDirectories(cli.console, directory, 0o755);
  await writeFile(cli, `${directory}/meta.json`, utf8(metadataJson(context)), 0o644);
}

/** A context's metadata as it lies in meta.json. */
export function metadataJson({ Name, Metadata, Endpoints }: ContextMetadata): string {
  const docker = Endpoints.docker;
  const endpoints = docker
    ? {
        ...Endpoints,
        docker: {
          ...(docker.Host ? { Host: docker.Host } : {}),
          SkipTLSVerify: docker.SkipTLSVerify ?? false,
        },
      }
    : Endpoints;
  const fields = Object.entries(Metadata).filter(([key, value]) => key !== "Description" || value !== "");
  const metadata = Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify({ ...(Name ? { Name } : {}), Metadata: metadata, Endpoints: endpoints });
}

/** The certificates that are kept for a context; those of `endpoint` alone when it is given. */
export async function readTls(cli: Cli, name: string): Promise<ContextTls> {
  if (name === "default") return {};
  const directory = contextTlsDirectory(cli.configDirectory, name);
  const { files } = cli.console;
  const tls: ContextTls = {};
  for (const endpoint of await files.readdir(directory).catch(missingIs<string[]>([]))) {
    const contents: Record<string, Uint8Array> = {};
    for (const file of await files.readdir(`${directory}/${endpoint}`)) {
      contents[file] = await readAll(await files.open(`${directory}/${endpoint}/${file}`));
    }
    tls[endpoint] = contents;
  }
  return tls;
}

/** Keeps these certificates for a context, and no others. */
export async function writeTls(cli: Cli, name: string, tls: ContextTls): Promise<void> {
  const directory = contextTlsDirectory(cli.configDirectory, name);
  await cli.console.files.remove(directory);
  for (const [endpoint, contents] of Object.entries(tls)) {
    await makeDirectories(cli.console, `${directory}/${endpoint}`, 0o700);
    for (const [file, content] of Object.entries(contents))
      await writeFile(cli, `${directory}/${endpoint}/${file}`, content, 0o600);
  }
}

/** Removes all that is kept of a context. */
export async function removeContext(cli: Cli, name: string): Promise<void> {
  await cli.console.files.remove(contextMetadataDirectory(cli.configDirectory, name));
  await cli.console.files.remove(contextTlsDirectory(cli.configDirectory, name));
}

async function writeFile(cli: Cli, path: string, content: Uint8Array, mode: number): Promise<void> {
  const { sink, closed } = await cli.console.files.create(path, mode);
  await sink.write(content);
  sink.close();
  await closed;
}

function found(looked: Promise<unknown>): Promise<boolean> {
  return looked.then(() => true).catch(missingIs(false));
}

/** What a file that is not there stands for. */
export function missingIs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return value;
    throw error;
  };
}
