import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net, { type Socket } from "node:net";
import type { ApiResponse, Transport } from "../../core/api/exchange.ts";
import { concat, pump, sourceOf, type ByteSource } from "../../core/platform/bytes.ts";
import { Cancellation } from "../../core/platform/cancellation.ts";
import { admitOldHijack } from "./old-hijack.ts";
import { sinkInto, sourceFrom } from "../streams.ts";

/** A server that carries Engine API requests from sockets to a handler. `listen` it; close() ends its connections too. */
export interface ApiServer {
  /** Listens at "unix:///PATH" or "tcp://ADDRESS:PORT" and returns where (port 0 draws one). */
  listen(host: string): Promise<string>;
  close(): Promise<void>;
}

/** Serves `handler` over HTTP/1.1, hijacked connections included. */
export function createApiServer(handler: Transport): ApiServer {
  const web = http.createServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 60_000 });
  web.on("request", (request, response) => void answer(handler, request, response));
  web.on("upgrade", (request, socket, head) => void hijack(handler, request, socket as Socket, head));
  web.on("clientError", (_error, socket) =>
    socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"),
  );
  const open = new Set<Socket>();
  const servers: net.Server[] = [];
  return {
    async listen(host) {
      const { protocol, path, address, port } = parseHost(host);
      const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        open.add(socket);
        socket.on("close", () => open.delete(socket));
        socket.on("error", () => socket.destroy());
        admitOldHijack(socket, () => web.emit("connection", socket));
      });
      server.listen(protocol === "unix" ? { path } : { host: address, port });
      await once(server, "listening");
      servers.push(server);
      const at = server.address();
      return typeof at === "string" || at === null ? host : `tcp://${at.address}:${at.port}`;
    },
    async close() {
      for (const socket of open) socket.destroy();
      web.close();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Takes "unix:///run/x.sock" or "tcp://127.0.0.1:2375" apart. */
export function parseHost(host: string): {
  protocol: "unix" | "tcp";
  path?: string;
  address?: string;
  port?: number;
} {
  const unix = /^unix:\/\/(\/.*)$/.exec(host);
  if (unix) return { protocol: "unix", path: unix[1]! };
  const tcp = /^tcp:\/\/(\[[0-9a-f:]+\]|[^:/]+):(\d+)$/.exec(host);
  if (tcp) return { protocol: "tcp", address: tcp[1]!.replace(/^\[|\]$/g, ""), port: Number(tcp[2]) };
  throw new Error(`invalid host ${JSON.stringify(host)}: want unix:///PATH or tcp://ADDRESS:PORT`);
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    headers[name] = Array.isArray(value) ? value.join(", ") : (value ?? "");
  return headers;
}

/** A web page has no business here: a browser says where a request comes from, Docker's clients never do. */
const fromBrowser = (request: IncomingMessage) =>
  request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined;

const refusal = JSON.stringify({ message: "this API is not for web pages" }) + "\n";

async function answer(handler: Transport, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (fromBrowser(request)) {
    response.writeHead(403, { "content-type": "application/json" }).end(refusal);
    return;
  }
  const cancellation = new Cancellation();
  response.on("close", () => cancellation.cancel());
  const hasBody =
    request.headers["content-length"] !== undefined || request.headers["transfer-encoding"] !== undefined;
  const reply = await handler({
    method: request.method ?? "GET",
    target: request.url ?? "/",
    headers: headersOf(request),
    body: hasBody ? sourceFrom(request) : null,
    cancellation,
  });
  response.writeHead(reply.status, reply.headers);
  response.flushHeaders();
  // A client that did not ask to upgrade sees what a hijacked connection says as the response's body.
  if (reply.connection) reply.connection.sink.close();
  const body = reply.connection?.source ?? reply.body;
  cancellation.onCancel((reason) => body.cancel(reason));
  await pump(body, sinkInto(response));
}

async function hijack(
  handler: Transport,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Promise<void> {
  const cancellation = new Cancellation();
  socket.on("close", () => cancellation.cancel());
  if (head.length > 0) socket.unshift(head);
  const both = { source: sourceFrom(socket), sink: sinkInto(socket) };
  const { body, rest } = await takeBody(both.source, Number(request.headers["content-length"] ?? 0));
  const headers = headersOf(request);
  const old = headers["upgrade"] === admitOldHijack.marker;
  if (old) {
    delete headers["upgrade"];
    delete headers["connection"];
  }
  const reply = await handler({
    method: request.method ?? "POST",
    target: request.url ?? "/",
    headers,
    body,
    cancellation,
  });
  socket.write(headOf(reply, !reply.connection));
  if (!reply.connection) {
    await pump(reply.body, both.sink);
    return;
  }
  const { source, sink } = reply.connection;
  void pump(rest, sink);
  await pump(source, both.sink);
  // Docker closes the whole connection when the container's side is done, whatever the client still wants to say.
  socket.destroySoon();
}

function headOf(reply: ApiResponse, close: boolean): string {
  const lines = Object.entries(reply.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const reason = reply.status === 101 ? "UPGRADED" : (http.STATUS_CODES[reply.status] ?? "Unknown");
  return `HTTP/1.1 ${reply.status} ${reason}\r\n${lines.join("")}${close ? "Connection: close\r\n" : ""}\r\n`;
}

/** The first `length` bytes as the request's body; what follows is the hijacked stream. */
async function takeBody(
  source: ByteSource,
  length: number,
): Promise<{ body: ByteSource | null; rest: ByteSource }> {
  if (length === 0) return { body: null, rest: source };
  const chunks: Uint8Array[] = [];
  let taken = 0;
  while (taken < length) {
    const chunk = await source.read();
    if (!chunk) break;
    chunks.push(chunk);
    taken += chunk.length;
  }
  const bytes = concat(chunks);
  const over = bytes.subarray(length);
  const rest: ByteSource =
    over.length === 0
      ? source
      : { read: startingWith(over, () => source.read()), cancel: (reason) => source.cancel(reason) };
  return { body: sourceOf(bytes.subarray(0, length)), rest };
}

function startingWith(
  first: Uint8Array,
  then: () => Promise<Uint8Array | null>,
): () => Promise<Uint8Array | null> {
  let given = false;
  return () => {
    if (given) return then();
    given = true;
    return Promise.resolve(first);
  };
}
