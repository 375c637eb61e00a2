import http from "node:http";
import net from "node:net";

/** One request that a client sent to the engine. */
export interface SeenRequest {
  method: string;
  /** The path without the API version, and the query. */
  url: string;
  /** The headers that mean something: what goes to registries, the type of the body, what to upgrade to. */
  headers: Record<string, string>;
  /** The body where it is JSON, parsed; the words "a body" where it is anything else. */
  body?: unknown;
}

const telling = ["content-type", "x-registry-auth", "x-registry-config", "upgrade"];

/** Listens on a socket, hands every request on to the engine's socket, and tells of each. */
export async function startProxy(
  listenOn: string,
  engine: string,
  seen: (request: SeenRequest) => void,
): Promise<{ stop: () => void }> {
  const tell = (request: http.IncomingMessage, body: Buffer) => {
    const headers: Record<string, string> = {};
    for (const name of telling) {
      const value = request.headers[name];
      if (typeof value === "string") headers[name] = value;
    }
    seen({
      method: request.method!,
      url: request.url!.replace(/^\/v\d+\.\d+(?=\/)/, ""),
      headers,
      ...(body.length > 0 ? { body: readBody(body) } : {}),
    });
  };
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    const onward = http.request(
      { socketPath: engine, method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => tell(request, Buffer.concat(chunks)));
    request.pipe(onward);
  });
  // What is upgraded or hijacked becomes plain bytes in both directions.
  server.on("upgrade", (request: http.IncomingMessage, client: net.Socket, first: Buffer) => {
    const length = Number(request.headers["content-length"] ?? 0);
    tell(request, first.subarray(0, length));
    const onward = net.connect({ path: engine, allowHalfOpen: true }, () => {
      const lines = [`${request.method} ${request.url} HTTP/1.1`];
      for (let at = 0; at < request.rawHeaders.length; at += 2)
        lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
      onward.write(lines.join("\r\n") + "\r\n\r\n");
      onward.write(first);
      client.pipe(onward);
      onward.pipe(client);
    });
    onward.on("error", () => client.destroy());
    client.on("error", () => onward.destroy());
  });
  server.on("connection", (socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => server.listen({ path: listenOn }, resolve));
  return {
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function readBody(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    return "a body";
  }
}
