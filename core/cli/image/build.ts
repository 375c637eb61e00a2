import { Gzip } from "fflate";
import { bytePipe, text, utf8 } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { parseImageRef } from "../../oci/reference.ts";
import type { Cli } from "../cli.ts";
import { command, exact } from "../command.ts";
import { FileError } from "../console.ts";
import { StatusError } from "../exit.ts";
import { bool, int64, string } from "../flags/basic.ts";
import { list, strings } from "../flags/lists.ts";
import { bytes, memorySwap } from "../flags/sizes.ts";
import { ulimit } from "../flags/ulimit.ts";
import { validEnvironment, validExtraHost, validLabel } from "../flags/validation.ts";
import { absolutePath } from "../paths.ts";
import { displayMessages, MessageError } from "../progress/messages.ts";
import type { MessageSink } from "../progress/messages.ts";
import { counted } from "../progress/upload.ts";
import { encodeBase64 } from "../registry/base64.ts";
import { allCredentials } from "../registry/credentials.ts";
import { prepareContext } from "./build_context.ts";
import { buildQuery } from "./build_query.ts";
import { checkContentTrust, disableContentTrust } from "./content_trust.ts";

/** --tag: anything that can be the name of an image. */
function validTag(tag: string): string {
  parseImageRef(tag);
  return tag;
}

export const buildFlags = {
  tag: list({
    short: "t",
    usage: 'A name for the image, perhaps with a tag ("name:tag")',
    validate: validTag,
  }),
  "build-arg": list({ usage: "Set variables of the build", validate: validEnvironment }),
  ulimit: ulimit({ usage: "Set resource limits" }),
  file: string({ short: "f", usage: 'The Dockerfile ("PATH/Dockerfile" by default)' }),
  memory: bytes({ short: "m", usage: "The most memory" }),
  "memory-swap": memorySwap({ usage: "The most memory and swap together; -1 for any" }),
  "shm-size": bytes({ usage: 'Size of "/dev/shm"' }),
  "cpu-shares": int64({ short: "c", usage: "CPU shares, relative to others" }),
  "cpu-period": int64({ usage: "The period of the CPU scheduler (CFS)" }),
  "cpu-quota": int64({ usage: "The share of that period (CFS)" }),
  "cpuset-cpus": string({ usage: "CPUs to run on (0-3, 0,1)" }),
  "cpuset-mems": string({ usage: "Memory nodes to run on (0-3, 0,1)" }),
  "cgroup-parent": string({ usage: "The cgroup above those of RUN" }),
  isolation: string({ usage: "How containers are isolated" }),
  label: list({ usage: "Put metadata on the image", validate: validLabel }),
  "no-cache": bool({ usage: "Build every step anew" }),
  rm: bool({ usage: "Remove intermediate containers after a build that succeeded", default: true }),
  "force-rm": bool({ usage: "Remove intermediate containers always" }),
  quiet: bool({ short: "q", usage: "Show nothing but the image ID" }),
  pull: bool({ usage: "Look for a newer version of the image to begin with" }),
  "cache-from": strings({ usage: "Images whose steps may be used again" }),
  compress: bool({ usage: "Send the build context compressed" }),
  "security-opt": strings({ usage: "Security options" }),
  network: string({ usage: "The network of RUN", default: "default", version: "1.25" }),
  "add-host": list({ usage: 'An entry for the hosts file ("host:ip")', validate: validExtraHost }),
  target: string({ usage: "The stage to build" }),
  iidfile: string({ usage: "Write the image ID to a file" }),
  "disable-content-trust": disableContentTrust,
  platform: string({ usage: "The platform, where the engine knows several", version: "1.38" }),
  squash: bool({ usage: "Make one layer of those that were built", experimental: true, version: "1.25" }),
};

/** docker build, docker image build, docker builder build: without BuildKit. */
export const build = command({
  usage: "build [OPTIONS] PATH | URL | -",
  aliasLine: "docker image build, docker build, docker builder build",
  short: "Build an image from a Dockerfile",
  commonRank: 4,
  flags: buildFlags,
  arguments: exact(1),
  async run(cli, [given = ""], flags) {
    checkContentTrust(flags["disable-content-trust"]);
    if (flags.file === "-" && given === "-")
      throw new Error("invalid argument: can't use stdin for both build context and dockerfile");
    const { quiet, iidfile } = flags;
    // A file of an earlier build must not be taken for this one's.
    if (iidfile) await removeFile(cli, iidfile);
    const hidden = quietSink();
    const shown: MessageSink = quiet ? hidden : cli.out;
    const context = await prepareContext(cli, given, flags.file);
    const archive = flags.compress ? compressed(context.archive) : context.archive;
    const sent = counted(archive, cli, shown, "Sending build context to Docker daemon");
    let identifier = "";
    try {
      const client = await cli.client();
      const response = await client.request("POST", "/build", {
        query: buildQuery(cli, flags, context.dockerfile, client.host),
        rawBody: sent,
        headers: {
          "content-type": "application/x-tar",
          "x-registry-config": encodeBase64(utf8(JSON.stringify(allCredentials(cli.config))), true),
        },
      });
      hidden.mark();
      await displayMessages(response.body, shown, cli.console.clock, (aux) => {
        identifier = (aux as { ID?: string }).ID ?? identifier;
      });
    } catch (error) {
      if (quiet) await cli.err.write(hidden.all());
      if (error instanceof MessageError) throw new StatusError(error.code || 1, error.message);
      throw error;
    }
    if (quiet) {
      identifier = hidden.sinceMark();
      await cli.out.write(identifier);
    }
    if (iidfile) await writeIdentifier(cli, iidfile, identifier);
  },
});

/** Keeps what a quiet build would have shown, for when it fails. */
function quietSink() {
  let kept = "";
  let mark = 0;
  return {
    columns: undefined,
    write: (data: string | Uint8Array) => {
      kept += typeof data === "string" ? data : text(data);
      return Promise.resolve();
    },
    mark: () => void (mark = kept.length),
    all: () => kept,
    sinceMark: () => kept.slice(mark),
  };
}

async function removeFile(cli: Cli, path: string): Promise<void> {
  try {
    await cli.console.files.remove(absolutePath(cli.console, path));
  } catch (error) {
    if (error instanceof FileError) throw new Error(`Removing image ID file: ${error.message}`);
    throw error;
  }
}

async function writeIdentifier(cli: Cli, path: string, identifier: string): Promise<void> {
  if (identifier === "") throw new Error(`Server did not provide an image ID. Cannot write ${path}`);
  const { sink, closed } = await cli.console.files.create(absolutePath(cli.console, path), 0o666);
  await sink.write(utf8(identifier));
  sink.close();
  await closed;
}

/** `source` through gzip, as it comes. */
function compressed(source: ByteSource): ByteSource {
  const pipe = bytePipe();
  const work = async () => {
    const made: Uint8Array[] = [];
    const gzip = new Gzip({ mtime: 0 }, (chunk) => void made.push(chunk));
    try {
      for (;;) {
        const chunk = await source.read();
        gzip.push(chunk ?? new Uint8Array(0), chunk === null);
        for (const piece of made.splice(0)) await pipe.sink.write(piece);
        if (chunk === null) break;
      }
      pipe.sink.close();
    } catch (error) {
      pipe.sink.abort(error as Error);
    }
  };
  void work();
  return pipe.source;
}
