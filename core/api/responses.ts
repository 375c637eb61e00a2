import {
  BrokenPipe,
  bytePipe,
  duplexPair,
  sourceOf,
  utf8,
  type ByteDuplex,
  type ByteSink,
} from "../platform/bytes.ts";
import { Cancelled, type Cancellation } from "../platform/cancellation.ts";
import { DockerError } from "../errors/errors.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";

/** An answer in JSON; every one ends with a line feed, as Go's encoder writes it. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): ApiResponse {
  const body = utf8(encodeJson(value));
  return {
    status,
    headers: { "content-type": "application/json", "content-length": String(body.length), ...headers },
    body: sourceOf(body),
  };
}

/** JSON as Go writes it: HTML's characters escaped, and a line feed at the end. */
export function encodeJson(value: unknown): string {
  const encoded = JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${encoded}\n`;
}

/** An answer without a body: 200, 201, 204, 304 … */
export function empty(status: number, headers: Record<string, string> = {}): ApiResponse {
  const length: Record<string, string> = status === 204 || status === 304 ? {} : { "content-length": "0" };
  return { status, headers: { ...length, ...headers }, body: sourceOf() };
}

export function plain(text: string, status = 200, headers: Record<string, string> = {}): ApiResponse {
  const body = utf8(text);
  return {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "content-length": String(body.length),
      ...headers,
    },
    body: sourceOf(body),
  };
}

/**
 * An answer that is written while it is sent. `work` gets the sink; when it ends the body ends, and when the reader goes
 * away `cancellation` is cancelled. An error before the first byte would be too late for a status: check first.
 */
export function streamed(
  cancellation: Cancellation,
  work: (sink: ByteSink) => Promise<void>,
  headers: Record<string, string> = { "content-type": "application/json" },
  status = 200,
): ApiResponse {
  const { source, sink } = bytePipe();
  void work(sink).then(
    () => sink.close(),
    (error: Error) => {
      if (error instanceof BrokenPipe || error instanceof Cancelled) sink.close();
      else if (error instanceof DockerError)
        void sink.write(utf8(encodeJson({ message: error.message }))).then(
          () => sink.close(),
          () => {},
        );
      else sink.abort(error);
    },
  );
  const body = {
    read: () => source.read(),
    cancel: (reason?: string) => {
      source.cancel(reason);
      cancellation.cancel(reason ?? "context canceled");
    },
  };
  return { status, headers, body };
}

/** As `streamed`, for JSON messages, each in a chunk of its own and ended by `end`. */
export function jsonMessages(
  cancellation: Cancellation,
  work: (send: (message: unknown) => Promise<void>) => Promise<void>,
  headers: Record<string, string> = { "content-type": "application/json" },
): ApiResponse {
  return streamed(cancellation, (sink) => work((message) => sink.write(utf8(encodeJson(message)))), headers);
}

/** Docker's two kinds of hijacked stream: one of raw bytes (a terminal), one in frames that say stdout or stderr. */
export type StreamKind = "raw" | "multiplexed";

/**
 * An answer that turns the connection into a pipe both ways. `work` gets the engine's end, which is closed after it.
 * Clients that asked to upgrade get 101 UPGRADED, older ones 200.
 */
export function hijacked(
  request: ApiRequest,
  kind: StreamKind,
  work: (connection: ByteDuplex) => Promise<void>,
): ApiResponse {
  const [client, engine] = duplexPair();
  void work(engine).then(
    () => engine.sink.close(),
    (error: Error) => engine.sink.abort(error),
  );
  const upgrade = "upgrade" in request.headers;
  const contentType = `application/vnd.docker.${upgrade ? kind : "raw"}-stream`;
  const headers: Record<string, string> = { "content-type": contentType };
  if (upgrade) Object.assign(headers, { connection: "Upgrade", upgrade: "tcp" });
  return { status: upgrade ? 101 : 200, headers, body: sourceOf(), connection: client };
}
