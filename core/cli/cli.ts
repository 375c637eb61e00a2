import { Client } from "../client/client.ts";
import type { Ping } from "../client/client.ts";
import { Cancellation } from "../platform/cancellation.ts";
import type { ConfigFile } from "./config.ts";
import { configDirectory, readConfig } from "./config.ts";
import type { Console } from "./console.ts";
import { contextEndpoint, defaultEndpoint } from "./endpoint.ts";
import type { Endpoint, EndpointFlags } from "./endpoint.ts";
import { Output } from "./output.ts";
import { version } from "./version.ts";

/** What the global flags chose. */
export interface GlobalChoices extends EndpointFlags {
  configDirectory: string;
  /** --context; "" without it. */
  context: string;
  debug: boolean;
}

/** What every command has at hand. */
export class Cli {
  readonly console: Console;
  readonly out: Output;
  readonly err: Output;
  readonly configDirectory: string;
  readonly config: ConfigFile;
  /** "default" or the name of a context. */
  readonly currentContext: string;
  readonly debug: boolean;
  /** Cancelled by Ctrl-C and SIGTERM; every request that names no other ends with it. */
  readonly cancellation: Cancellation;
  readonly #choices: GlobalChoices;
  #endpoint: Promise<Endpoint> | undefined;
  #connected: Promise<{ client: Client; ping: Ping | undefined }> | undefined;

  private constructor(console: Console, choices: GlobalChoices, outputs: Outputs, config: ConfigFile) {
    this.console = console;
    this.#choices = choices;
    this.out = outputs.out;
    this.err = outputs.err;
    this.cancellation = outputs.cancellation;
    this.configDirectory = configDirectory(console, choices.configDirectory);
    this.config = config;
    this.debug = choices.debug;
    this.currentContext = contextName(console, choices, config);
  }

  /** Reads the configuration; connects to nothing yet. */
  static async open(console: Console, choices: GlobalChoices, outputs: Outputs): Promise<Cli> {
    const directory = configDirectory(console, choices.configDirectory);
    const config = await readConfig(console, directory, (text) => void outputs.err.write(text));
    return new Cli(console, choices, outputs, config);
  }

  /** The engine that the current context stands for. */
  endpoint(): Promise<Endpoint> {
    this.#endpoint ??= (
      this.currentContext === "default"
        ? defaultEndpoint(this.console, this.#choices)
        : contextEndpoint(this.console, this.configDirectory, this.currentContext)
    ).catch((error: Error) => {
      throw new Error(`Failed to initialize: unable to resolve docker endpoint: ${error.message}`);
    });
    return this.#endpoint;
  }

  /** The current engine's host, as `docker context ls` and messages show it. */
  async currentHost(): Promise<string> {
    return (await this.endpoint()).host;
  }

  /** The client of the current engine; the first call asks the engine for its version. */
  async client(): Promise<Client> {
    return (await this.#connect()).client;
  }

  /** What the engine said of itself; undefined when it could not be reached. */
  async serverInfo(): Promise<Ping | undefined> {
    return (await this.#connect()).ping;
  }

  #connect(): Promise<{ client: Client; ping: Ping | undefined }> {
    return (this.#connected ??= this.#open());
  }

  async #open(): Promise<{ client: Client; ping: Ping | undefined }> {
    const { host, tls } = await this.endpoint();
    const apiVersion = this.console.env["DOCKER_API_VERSION"];
    const client = new Client({
      transport: this.console.connect(host, tls ? { tls } : {}),
      host,
      userAgent: `Docker-Client/${version} (${this.console.platform.os})`,
      headers: this.config.HttpHeaders ?? {},
      cancellation: this.cancellation,
      ...(apiVersion ? { version: apiVersion } : {}),
    });
    // An engine that does not answer is reported by the first request that needs it.
    const ping = await client.ping().catch(() => undefined);
    if (ping) client.negotiate(ping);
    return { client, ping };
  }
}

export interface Outputs {
  out: Output;
  err: Output;
  cancellation: Cancellation;
}

export function outputsOf(console: Console): Outputs {
  return {
    out: new Output(console.stdout, console.terminals.stdout),
    err: new Output(console.stderr, console.terminals.stderr),
    cancellation: new Cancellation(),
  };
}

function contextName(console: Console, choices: GlobalChoices, config: ConfigFile): string {
  if (choices.context) return choices.context;
  if (choices.hosts.length > 0 || console.env["DOCKER_HOST"]) return "default";
  return console.env["DOCKER_CONTEXT"] || config.currentContext || "default";
}
