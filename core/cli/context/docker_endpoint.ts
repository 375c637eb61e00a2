import { readAll } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import type { ContextMetadata } from "../contexts.ts";
import type { Flag, FlagOptions } from "../flags.ts";
import { readCsv } from "../go/csv.ts";
import { parseBool, quote } from "../go/strconv.ts";
import { absolutePath } from "../paths.ts";
import type { ContextTls } from "./store.ts";
import { contextNamed } from "./store.ts";

/** The keys of --docker, and what they say. */
export const endpointKeys: readonly [key: string, meaning: string][] = [
  ["from", "The context to take the endpoint from"],
  ["host", "The engine to connect to"],
  ["ca", "The one authority whose certificates are trusted"],
  ["cert", "The file of the TLS certificate"],
  ["key", "The file of the TLS key"],
  ["skip-tls-verify", "Do not check the engine's certificate"],
];

/** --help's part on --docker. */
export const endpointHelp = `Docker endpoint config:

${[["NAME", "DESCRIPTION"], ...endpointKeys].map(([key, meaning]) => `${key!.padEnd(20)}${meaning}\n`).join("")}`;

/** --docker key=value,key=value: undefined when it is not given. */
export function endpointFlag(options: FlagOptions): Flag<Record<string, string> | undefined> {
  return {
    ...options,
    type: "stringToString",
    shownDefault: "[]",
    start: () => {
      let values: Record<string, string> | undefined;
      return {
        set: (text) => {
          const single = text.split("=").length === 2;
          const pairs = single ? [text.replace(/^"+|"+$/g, "")] : readCsv(text);
          const read = pairs.map((pair) => {
            const equals = pair.indexOf("=");
            if (equals < 0) throw new Error(`${pair} must be formatted as key=value`);
            return [pair.slice(0, equals), pair.slice(equals + 1)] as const;
          });
          values = { ...values, ...Object.fromEntries(read) };
        },
        get: () => values,
      };
    },
  };
}

export interface DockerEndpoint {
  meta: NonNullable<ContextMetadata["Endpoints"]["docker"]>;
  /** Certificates, when there are some. */
  tls: ContextTls[string] | undefined;
}

/** The endpoint that --docker describes. Throws docker's texts. */
export async function endpointOf(cli: Cli, config: Record<string, string>): Promise<DockerEndpoint> {
  try {
    return await readEndpoint(cli, config);
  } catch (error) {
    throw new Error(`unable to create docker endpoint config: ${(error as Error).message}`);
  }
}

async function readEndpoint(cli: Cli, config: Record<string, string>): Promise<DockerEndpoint> {
  const unknown = Object.keys(config).filter((key) => !endpointKeys.some(([known]) => known === key));
  if (unknown.length > 0) throw new Error(unknown.map((key) => `unrecognized config key: ${key}`).join("\n"));
  if (config["from"] !== undefined) {
    const docker = (await contextNamed(cli, config["from"])).Endpoints.docker;
    if (!docker) throw new Error(`unable to get endpoint from context ${quote(config["from"])}`);
    return { meta: docker, tls: undefined };
  }
  const tls: ContextTls[string] = {};
  for (const part of ["ca", "cert", "key"] as const) {
    const path = config[part];
    if (path) tls[`${part}.pem`] = await readPem(cli, path);
  }
  const skip = skipVerify(config["skip-tls-verify"]);
  checkHost(config["host"] ?? "");
  return {
    meta: { Host: config["host"] ?? "", SkipTLSVerify: skip },
    tls: Object.keys(tls).length > 0 ? tls : undefined,
  };
}

async function readPem(cli: Cli, path: string): Promise<Uint8Array> {
  const absolute = absolutePath(cli.console, path);
  const source = await cli.console.files.open(absolute).catch((error: Error) => {
    throw new Error(error.message.replace(absolute, path));
  });
  return readAll(source);
}

function skipVerify(written: string | undefined): boolean {
  if (written === undefined) return false;
  try {
    return parseBool(written);
  } catch {
    throw new Error(`skip-tls-verify: parsing ${quote(written)}: invalid syntax`);
  }
}

function checkHost(host: string): void {
  if (host !== "" && !host.includes("://"))
    throw new Error(`unable to apply docker endpoint options: unable to parse docker host \`${host}\``);
}
