import { framingOf, readBody, writeBody } from "../http/body.ts";
import { BufferedSource, MalformedMessage, readHead, writeHead } from "../http/head.ts";
import { BrokenPipe, sourceOf, type ByteDuplex } from "../platform/bytes.ts";
import type { HttpRequest, HttpResponse } from "./http.ts";

/** Makes one request over a connection of its own, which ends with the response's body. */
export async function exchangeOver(connection: ByteDuplex, request: HttpRequest): Promise<HttpResponse> {
  const { host, path } = takeUrlApart(request.url);
  const input = new BufferedSource(connection.source);
  const length = request.headers["content-length"];
  const headers: Record<string, string> = { host, ...request.headers, connection: "close" };
  const chunked = request.body !== null && length === undefined;
  if (chunked) headers["transfer-encoding"] = "chunked";
  request.cancellation?.onCancel((reason) => {
    input.cancel(reason);
    connection.sink.abort(new Error(reason));
  });
  try {
    await connection.sink.write(writeHead({ start: `${request.method} ${path} HTTP/1.1`, headers }));
    if (request.body)
      await writeBody(
        connection.sink,
        request.body,
        chunked ? { kind: "chunked" } : { kind: "length", length: Number(length) },
      );
  } catch (error) {
    // A server may answer, and close, before it has read all.
    if (!(error instanceof BrokenPipe)) throw error;
  }
  const head = await readHead(input);
  if (!head) throw new Error("EOF");
  const status = Number(/^HTTP\/1\.[01] (\d{3})( |$)/.exec(head.start)?.[1]);
  if (!status) throw new MalformedMessage(`malformed HTTP response ${JSON.stringify(head.start)}`);
  const empty = request.method === "HEAD" || status === 204 || status === 304;
  const close = () => connection.sink.close();
  const body = empty ? (close(), sourceOf()) : readBody(input, framingOf(head, { kind: "close" }), close);
  return { status, headers: head.headers, body };
}

/** "http://host:5000/v2/?a=b" as host and request target. */
export function takeUrlApart(url: string): { scheme: string; host: string; path: string } {
  const parts = /^(https?):\/\/([^/?#]+)([^#]*)/.exec(url);
  if (!parts) throw new Error(`unsupported URL ${JSON.stringify(url)}`);
  const rest = parts[3]!;
  return { scheme: parts[1]!, host: parts[2]!, path: rest.startsWith("/") ? rest : `/${rest}` };
}
