import type { ApiResponse, Transport } from "../api/exchange.ts";
import type { ByteDuplex, ByteSource } from "../platform/bytes.ts";
import { readAll, sourceOf, text, utf8 } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import type { Query } from "./address.ts";
import { encodePath, encodeQuery } from "./address.ts";
import { ApiError, ConnectionError, ConnectionFailed } from "./errors.ts";
import { statusText } from "./status_text.ts";

/** The version of the API that the client speaks when the engine speaks no older one. */
export const clientApiVersion = "1.50";

export interface ClientOptions {
  transport: Transport;
  /** As the user wrote it, for messages: "unix:///var/run/docker.sock". */
  host: string;
  userAgent: string;
  /** From config.json; the client's own headers win. */
  headers?: Readonly<Record<string, string>>;
  /** DOCKER_API_VERSION: spoken without asking. */
  version?: string;
  /** Ends every request that names none of its own. */
  cancellation?: Cancellation;
}

export interface RequestOptions {
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is. */
  rawBody?: ByteSource;
  headers?: Readonly<Record<string, string>>;
  cancellation?: Cancellation;
}

/** What an engine says of itself in the headers of its answer to a ping. */
export interface Ping {
  apiVersion: string;
  osType: string;
  experimental: boolean;
  builderVersion: string;
  swarm?: { nodeState: string; controlAvailable: boolean };
}

/** A client of Docker's Engine API. */
export class Client {
  readonly host: string;
  readonly #options: ClientOptions;
  #version: string;
  #negotiated: boolean;

  constructor(options: ClientOptions) {
    this.#options = options;
    this.host = options.host;
    this.#version = options.version?.replace(/^v/, "") || clientApiVersion;
    this.#negotiated = Boolean(options.version);
  }

  /** The version of the API that is spoken: the engine's own, where that is older. */
  get version(): string {
    return this.#version;
  }

  /** HEAD /_ping, and GET where an engine or a proxy does not take HEAD. */
  async ping(): Promise<Ping> {
    let response: ApiResponse;
    try {
      response = await this.#send("HEAD", "/_ping", {});
      if (response.status !== 200 && response.status !== 500)
        response = await this.#send("GET", "/_ping", {});
    } catch (error) {
      if (error instanceof ConnectionFailed) throw error;
      response = await this.#send("GET", "/_ping", {});
    }
    const { headers } = response;
    const [nodeState, role] = (headers["swarm"] ?? "").split("/");
    const ping: Ping = {
      apiVersion: headers["api-version"] ?? "",
      osType: headers["ostype"] ?? "",
      experimental: headers["docker-experimental"] === "true",
      builderVersion: headers["builder-version"] ?? "",
      ...(headers["swarm"] ? { swarm: { nodeState: nodeState!, controlAvailable: role === "manager" } } : {}),
    };
    if (response.status >= 400 || response.status < 200) {
      if (ping.apiVersion) this.negotiate(ping);
      await this.#check(response, "/_ping");
    }
    response.body.cancel();
    return ping;
  }

  /** Speaks the engine's version from now on, if that is older. */
  negotiate(ping: Ping): void {
    if (this.#options.version) return;
    const theirs = ping.apiVersion || "1.24";
    if (olderThan(theirs, this.#version)) this.#version = theirs;
    this.#negotiated = true;
  }

  /** Sends a request; rejects with ApiError for an error status. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<ApiResponse> {
    const target = await this.#target(path, options.query);
    const response = await this.#send(method, target, options);
    return this.#check(response, target);
  }

  /** The JSON of the answer. */
  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.request(method, path, options);
    return JSON.parse(text(await readAll(response.body))) as T;
  }

  /** Sends a request whose answer's body does not matter. */
  async call(method: string, path: string, options: RequestOptions = {}): Promise<void> {
    const response = await this.request(method, path, options);
    await readAll(response.body);
  }

  /** Sends a request after which raw bytes flow both ways. `contentType` tells whether both streams are multiplexed in one. */
  async hijack(
    path: string,
    options: RequestOptions = {},
  ): Promise<{ connection: ByteDuplex; contentType: string }> {
    const target = await this.#target(path, options.query);
    const headers = { ...options.headers, connection: "Upgrade", upgrade: "tcp" };
    const response = await this.#send("POST", target, { ...options, headers });
    if (!response.connection) {
      response.body.cancel();
      throw new Error(`unable to upgrade to tcp, received ${response.status}`);
    }
    return { connection: response.connection, contentType: response.headers["content-type"] ?? "" };
  }

  /** Agrees with the engine on a version, unless that has been; rejects when the engine cannot be reached. */
  async checkVersion(): Promise<void> {
    if (!this.#negotiated) this.negotiate(await this.ping());
  }

  async #target(path: string, query: Query | undefined): Promise<string> {
    // What is wrong with the engine shows in the answer to the request itself.
    await this.checkVersion().catch(() => {});
    const encoded = query ? encodeQuery(query) : "";
    return `${encodePath(`/v${this.#version}${path}`)}${encoded ? `?${encoded}` : ""}`;
  }

  async #send(method: string, target: string, options: RequestOptions): Promise<ApiResponse> {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(this.#options.headers ?? {}))
      headers[name.toLowerCase()] = value;
    let body: ByteSource | null = options.rawBody ?? null;
    if (options.body !== undefined) {
      const bytes = encodeJson(options.body);
      body = sourceOf(bytes);
      headers["content-type"] = "application/json";
      headers["content-length"] = String(bytes.length);
    }
    for (const [name, value] of Object.entries(options.headers ?? {})) headers[name.toLowerCase()] = value;
    if (body && !headers["content-type"]) headers["content-type"] = "text/plain";
    headers["user-agent"] = this.#options.userAgent;
    const cancellation = options.cancellation ?? this.#options.cancellation ?? new Cancellation();
    cancellation.throwIfCancelled();
    try {
      const response = await this.#options.transport({ method, target, headers, body, cancellation });
      return { ...response, body: failingWhenCancelled(response.body, cancellation) };
    } catch (error) {
      throw error instanceof ConnectionError ? this.#failed(error, method, target) : error;
    }
  }

  #failed(error: ConnectionError, method: string, target: string): ConnectionFailed {
    const verb = method[0] + method.slice(1).toLowerCase();
    const cause = `${verb} "${this.#url(target)}": ${error.message}`;
    if (error.code === "EACCES" || error.code === "EPERM")
      return new ConnectionFailed(
        `permission denied while trying to connect to the Docker daemon socket at ${this.host}: ${cause}`,
      );
    if (error.code === "ETIMEDOUT" || error.code === "ECONNREFUSED" || error.message.includes("dial unix"))
      return new ConnectionFailed(
        `Cannot connect to the Docker daemon at ${this.host}. Is the docker daemon running?`,
      );
    return new ConnectionFailed(`error during connect: ${cause}`);
  }

  /** The URL of a request as Go's HTTP client writes it in messages. */
  #url(target: string): string {
    const address = this.host.slice(this.host.indexOf("://") + 3);
    return `http://${this.host.startsWith("tcp:") ? address : encodeURIComponent(address)}${target}`;
  }

  async #check(response: ApiResponse, target: string): Promise<ApiResponse> {
    const { status } = response;
    if (status >= 200 && status < 400) return response;
    const route = `for API route and version ${this.#url(target)}, check if the server supports the requested API version`;
    const shown = `${status} ${statusText(status)}`.trim();
    const limit = 1024 * 1024;
    const body = await readAll(response.body, limit - 1).catch(() => undefined);
    if (!body)
      throw new ApiError(status, `request returned ${shown} with a message (> ${limit} bytes) ${route}`);
    if (body.length === 0) throw new ApiError(status, `request returned ${shown} ${route}`);
    throw new ApiError(status, `Error response from daemon: ${errorText(response, text(body))}`);
  }
}

function errorText(response: ApiResponse, body: string): string {
  if (response.headers["content-type"] !== "application/json") return body.trim();
  const answer = JSON.parse(body) as { message?: string };
  return (
    answer.message?.trim() ||
    `API returned a ${response.status} (${statusText(response.status)}) but provided no error-message`
  );
}

/** `value` as Go's JSON encoder writes it: what HTML could trip over escaped, a line feed at the end. */
export function encodeJson(value: unknown): Uint8Array {
  const json = JSON.stringify(value);
  const escaped = json.replace(
    /[<>&\u2028\u2029]/g,
    (found) => "\\u" + found.charCodeAt(0).toString(16).padStart(4, "0"),
  );
  return utf8(escaped + "\n");
}

/** Whether API version `a` ("1.44") is older than `b`. */
export function olderThan(a: string, b: string): boolean {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** A body that a cancelled request was to bring ends in that, wherever the other side closed it in good order. */
function failingWhenCancelled(body: ByteSource, cancellation: Cancellation): ByteSource {
  return {
    async read() {
      const bytes = await body.read();
      if (bytes === null) cancellation.throwIfCancelled();
      return bytes;
    },
    cancel: (reason) => body.cancel(reason),
  };
}
