import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import type { ApiRequest, ApiResponse, Transport } from "../core/api/exchange.ts";
import { ConnectionError } from "../core/client/errors.ts";
import { sourceOf } from "../core/platform/bytes.ts";
import { sinkInto, sourceFrom } from "./streams.ts";

export interface TransportOptions {
  tls?: { ca?: string; cert?: string; key?: string; verify: boolean };
}

/** A way over a socket to the engine at `host`: unix:///path, tcp://name:port, npipe:////./pipe/name. */
export function socketTransport(host: string, options: TransportOptions = {}): Transport {
  const [protocol = "", address = ""] = host.split("://");
  const local = protocol === "unix" || protocol === "npipe";
  const base = local ? undefined : new URL(`http://${address}`);
  const where: RequestOptions = base
    ? { host: base.hostname.replace(/^\[|\]$/g, ""), port: base.port }
    : { socketPath: address };
  const { tls } = options;
  const secured = tls && !local;
  const start = secured ? httpsRequest : httpRequest;
  const security = secured
    ? { ca: tls.ca, cert: tls.cert, key: tls.key, rejectUnauthorized: tls.verify }
    : {};
  const prefix = base && base.pathname !== "/" ? base.pathname.replace(/\/$/, "") : "";

  return (request) =>
    new Promise((resolve, reject) => {
      const outgoing = start({
        ...where,
        ...security,
        agent: false,
        method: request.method,
        path: prefix + request.target,
        headers: {
          host: local ? "api.moby.localhost" : address.replace(/\/.*/, ""),
          // Asked to close, an engine that did not read all of a body resets the connection under its answer.
          connection: "keep-alive",
          ...request.headers,
        },
      });
      new Exchange(request, outgoing, host, resolve, reject).begin();
    });
}

/** One request under way on a socket. */
class Exchange {
  readonly #request: ApiRequest;
  readonly #outgoing: ClientRequest;
  readonly #host: string;
  readonly #resolve: (response: ApiResponse) => void;
  readonly #reject: (error: Error) => void;

  constructor(
    request: ApiRequest,
    outgoing: ClientRequest,
    host: string,
    resolve: (response: ApiResponse) => void,
    reject: (error: Error) => void,
  ) {
    this.#request = request;
    this.#outgoing = outgoing;
    this.#host = host;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const outgoing = this.#outgoing;
    const { cancellation } = this.#request;
    const undo = cancellation.onCancel((reason) => outgoing.destroy(new Error(reason)));
    outgoing.on("error", (error: NodeJS.ErrnoException) => {
      undo();
      this.#reject(
        cancellation.cancelled ? new Error(cancellation.reason) : connectionError(error, this.#host),
      );
    });
    outgoing.on("upgrade", (response: IncomingMessage, socket: Duplex, head: Buffer) => {
      if (head.length > 0) socket.unshift(head);
      this.#hijacked(response, socket);
    });
    outgoing.on("response", (response: IncomingMessage) => {
      response.on("close", undo);
      if (this.#request.headers["upgrade"] && response.statusCode === 200) {
        // An engine that does not upgrade answers 200 and then speaks raw bytes on the same socket.
        this.#hijacked(response, response.socket, response);
        return;
      }
      this.#resolve({
        status: response.statusCode ?? 0,
        headers: headersOf(response),
        body: sourceFrom(response),
      });
    });
    void this.#sendBody();
  }

  #hijacked(response: IncomingMessage, socket: Duplex, readable: NodeJS.ReadableStream = socket): void {
    this.#resolve({
      status: response.statusCode ?? 0,
      headers: headersOf(response),
      body: sourceOf(),
      connection: { source: sourceFrom(readable), sink: sinkInto(socket) },
    });
  }

  async #sendBody(): Promise<void> {
    const { body } = this.#request;
    if (!body) {
      this.#outgoing.end();
      return;
    }
    const sink = sinkInto(this.#outgoing);
    try {
      for (;;) {
        const chunk = await body.read();
        if (!chunk) break;
        await sink.write(chunk);
      }
      sink.close();
    } catch (error) {
      // The engine may answer, and close, before it has read all: then its answer counts.
      body.cancel();
      if (!this.#outgoing.destroyed && !this.#outgoing.writableFinished)
        this.#outgoing.destroy(error as Error);
    }
  }
}

function headersOf(response: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(", ") : value;
  return headers;
}

const reasons: Record<string, string> = {
  ENOENT: "no such file or directory",
  ECONNREFUSED: "connection refused",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ECONNRESET: "connection reset by peer",
  ETIMEDOUT: "i/o timeout",
  EHOSTUNREACH: "no route to host",
  ENETUNREACH: "network is unreachable",
};

/** Node's error in the words of Go's net package. */
function connectionError(error: NodeJS.ErrnoException, host: string): ConnectionError {
  const [protocol = "", address = ""] = host.split("://");
  const code = error.code ?? "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return new ConnectionError(code, `dial tcp: lookup ${address.replace(/:\d+.*/, "")}: no such host`);
  if (code === "ECONNRESET" && error.syscall !== "connect") return new ConnectionError(code, "EOF");
  const network = protocol === "tcp" ? "tcp" : "unix";
  const reason = reasons[code];
  if (error.syscall === "connect" && reason)
    return new ConnectionError(code, `dial ${network} ${address}: connect: ${reason}`);
  return new ConnectionError(code, reason ?? error.message);
}
