import type { Client } from "../../client/client.ts";
import { isNotFound } from "../../client/errors.ts";
import { utf8 } from "../../platform/bytes.ts";
import { familiarRef, isImageId, parseImageRef, withDefaultTag } from "../../oci/reference.ts";
import type { Cli } from "../cli.ts";
import { command, minimum } from "../command.ts";
import { StatusError } from "../exit.ts";
import { string } from "../flags/basic.ts";
import { absolutePath } from "../paths.ts";
import { parsePlatform } from "../platform.ts";
import { addEngineAccess } from "./api_socket.ts";
import { configurationFlags, creationFlags } from "./create_flags.ts";
import type { CreationValues } from "./create_flags.ts";
import { createRequest } from "./create_request.ts";
import type { CreateRequest } from "./create_request.ts";
import { pullImage } from "./pull_image.ts";

export const create = command({
  usage: "create [OPTIONS] IMAGE [COMMAND] [ARG...]",
  aliasLine: "docker container create, docker create",
  short: "Make a container, without starting it",
  flags: {
    pull: string({ usage: 'Pull the image first ("always", "|missing", "never")', default: "missing" }),
    ...creationFlags,
    ...configurationFlags,
  },
  interspersed: false,
  arguments: minimum(1),
  async run(cli, [image = "", ...words], flags, { changed }) {
    const request = await withHelp("create", async () => {
      checkPull(flags.pull);
      return createRequest(cli, image, words, flags, changed);
    });
    await cli.out.line(await createContainer(cli, request, flags));
  },
});

/** Runs `work`, whose errors are those of the command line: they point to --help and end with 125. */
export async function withHelp<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw helpError(name, error as Error, 125);
  }
}

export function helpError(name: string, error: Error, status: number): StatusError {
  return new StatusError(
    status,
    `docker: ${error.message}\n\nRun 'docker ${name} --help' for more information`,
  );
}

export function checkPull(pull: string): void {
  if (!["always", "missing", "never", ""].includes(pull))
    throw new Error(`invalid pull option: '${pull}': must be one of "always", "missing" or "never"`);
}

/** Makes the container, pulling its image where that is asked for; its ID. */
export async function createContainer(
  cli: Cli,
  request: CreateRequest,
  flags: CreationValues & { cidfile: string },
): Promise<string> {
  const idFile = await openIdFile(cli, flags.cidfile);
  let id = "";
  try {
    const imageRef = isImageId(request.Image) ? undefined : withDefaultTag(parseImageRef(request.Image));
    const giveCredentials = flags["use-api-socket"] ? await addEngineAccess(cli, request) : undefined;
    const platform = flags.platform ? platformOf(cli, flags.platform) : undefined;
    if (flags.pull === "always") await pullImage(cli, request.Image, flags);
    const size = cli.out.terminal?.size();
    request.HostConfig.ConsoleSize = [size?.rows ?? 0, size?.columns ?? 0];
    const client = await cli.client();
    let answer: CreateAnswer;
    try {
      answer = await post(client, request, flags.name, platform);
    } catch (error) {
      if (!isNotFound(error) || !imageRef || flags.pull !== "missing") throw error;
      if (!flags.quiet) await cli.err.line(`Unable to find image '${familiarRef(imageRef)}' locally`);
      await pullImage(cli, request.Image, flags);
      answer = await post(client, request, flags.name, platform);
    }
    id = answer.Id;
    for (const warning of [...(answer.Warnings ?? []), ...dnsWarning(request)])
      await cli.err.line(`WARNING: ${warning}`);
    await giveCredentials?.(id);
    return id;
  } finally {
    await idFile(id);
  }
}

interface CreateAnswer {
  Id: string;
  Warnings: string[] | null;
}

async function post(
  client: Client,
  request: CreateRequest,
  name: string,
  platform: string | undefined,
): Promise<CreateAnswer> {
  await client.checkVersion();
  const query = { name: name || undefined, platform };
  return client.json<CreateAnswer>("POST", "/containers/create", { query, body: request });
}

/** Claims the --cidfile; what it returns writes the ID, or removes the file when there is none. */
async function openIdFile(cli: Cli, path: string): Promise<(id: string) => Promise<void>> {
  if (path === "") return () => Promise.resolve();
  const { files } = cli.console;
  const file = absolutePath(cli.console, path);
  const exists = await files.stat(file).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new Error(`container ID file found, make sure the other container isn't running or delete ${path}`);
  const created = await files.create(file).catch((error: Error) => {
    throw new Error(`failed to create the container ID file: ${error.message.replace(file, path)}`);
  });
  return async (id) => {
    if (id) await created.sink.write(utf8(id));
    created.sink.close();
    await created.closed;
    if (!id) await files.remove(file);
  };
}

/** A resolver on the host's own loopback cannot be reached from the container's network namespace. */
function dnsWarning(request: CreateRequest): string[] {
  const loopback = request.HostConfig.Dns.find((address) => address.startsWith("127.") || address === "::1");
  return loopback ? [`Localhost DNS (${loopback}) may fail in containers.`] : [];
}

/** "linux/arm/v7" of what the user wrote. */
function platformOf(cli: Cli, written: string): string {
  try {
    const { os, architecture, variant } = parsePlatform(written, cli.console.platform);
    return [os, architecture, variant].filter(Boolean).join("/");
  } catch (error) {
    throw new Error(`error parsing specified platform: ${(error as Error).message}`);
  }
}
