import type { ByteDuplex, ByteSource } from "../platform/bytes.ts";
import type { Cancellation } from "../platform/cancellation.ts";

/** One request to an Engine API, whatever carries it: a function call, a socket, a MessagePort. */
export interface ApiRequest {
  method: string;
  /** The request target as sent: path with query, such as `/v1.51/containers/json?all=1`. */
  target: string;
  /** Header values by lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** The request's body; null when it has none. */
  body: ByteSource | null;
  /** Cancelled when the client goes away (or the client's own wish to stop): build, logs -f, wait, events end. */
  cancellation: Cancellation;
}

/** The answer to an ApiRequest. */
export interface ApiResponse {
  status: number;
  /** Header values by lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** The response's body, streamed as it is made; empty when `connection` is there. */
  body: ByteSource;
  /**
   * The client's end of a hijacked connection (attach, exec start, …): after 101 Switching Protocols, or 200 for
   * clients that did not ask to upgrade, raw bytes flow both ways.
   */
  connection?: ByteDuplex;
}

/**
 * Somebody who answers API requests: the engine's handler itself, or a way to reach one.
 * Rejects only when the engine could not be reached or the connection broke, never for an API error.
 */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;
