import { framingOf, readBody, writeBody, type Framing } from "../http/body.ts";
import { BufferedSource, MalformedMessage, readHead, writeHead, type MessageHead } from "../http/head.ts";
import { BrokenPipe, pump, utf8, type ByteDuplex } from "../platform/bytes.ts";
import { Cancellation } from "../platform/cancellation.ts";
import type { ApiResponse, Transport } from "./exchange.ts";

/**
 * Answers the requests that come over one connection (a socket of the simulated machine) with `handler`, until the client
 * closes it or hijacks it.
 */
export async function serveHttpConnection({ source, sink }: ByteDuplex, handler: Transport): Promise<void> {
  const input = new BufferedSource(source);
  try {
    for (let head = await readHead(input); head; head = await readHead(input)) {
      if (!(await answer(head, input, { source: input, sink }, handler))) break;
    }
  } catch (error) {
    if (error instanceof MalformedMessage)
      await sink
        .write(
          utf8(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request",
          ),
        )
        .catch(() => {});
    else if (!(error instanceof BrokenPipe)) throw error;
  } finally {
    sink.close();
    input.cancel();
  }
}

/** Answers one request; false when the connection is over with it. */
async function answer(
  head: MessageHead,
  input: BufferedSource,
  connection: ByteDuplex,
  handler: Transport,
): Promise<boolean> {
  const [, method, target, version] = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/.exec(head.start) ?? [];
  if (method === undefined || target === undefined)
    throw new MalformedMessage(`malformed request line ${JSON.stringify(head.start)}`);
  const framing = framingOf(head, { kind: "length", length: 0 });
  let bodyRead = false;
  const hasBody = framing.kind === "chunked" || (framing.kind === "length" && framing.length > 0);
  const body = readBody(input, framing, () => (bodyRead = true));
  const cancellation = new Cancellation();
  const reply = await handler({
    method,
    target,
    headers: head.headers,
    body: hasBody ? body : null,
    cancellation,
  });
  if (reply.connection) {
    await connection.sink.write(writeHead({ start: startLine(reply), headers: { ...reply.headers } }));
    await Promise.all([pump(input, reply.connection.sink), pump(reply.connection.source, connection.sink)]);
    return false;
  }
  const keep =
    version === "1" && (bodyRead || !hasBody) && !/\bclose\b/i.test(head.headers["connection"] ?? "");
  const replyFraming: Framing = framingOf(
    { start: "", headers: { ...reply.headers } },
    keep ? { kind: "chunked" } : { kind: "close" },
  );
  const empty = method === "HEAD" || reply.status === 204 || reply.status === 304 || reply.status < 200;
  const headers: Record<string, string> = { ...reply.headers };
  if (!empty && replyFraming.kind === "chunked") headers["transfer-encoding"] = "chunked";
  if (!keep) headers["connection"] = "close";
  try {
    await connection.sink.write(writeHead({ start: startLine(reply), headers }));
    if (empty) reply.body.cancel();
    else await writeBody(connection.sink, reply.body, replyFraming);
  } catch (error) {
    cancellation.cancel();
    reply.body.cancel((error as Error).message);
    throw error;
  }
  return keep;
}

const reasons: Record<number, string> = {
  101: "UPGRADED", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 206: "Partial Content", 301: "Moved Permanently",
  304: "Not Modified", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
  405: "Method Not Allowed", 409: "Conflict", 416: "Requested Range Not Satisfiable", 500: "Internal Server Error",
  501: "Not Implemented", 503: "Service Unavailable",
}; // prettier-ignore

function startLine({ status }: ApiResponse): string {
  return `HTTP/1.1 ${status} ${reasons[status] ?? "Unknown"}`;
}
