import type { ByteSource } from "../platform/bytes.ts";
import type { Cancellation } from "../platform/cancellation.ts";

export interface HttpRequest {
  method: string;
  /** Absolute: "https://registry-1.docker.io/v2/". */
  url: string;
  /** By lower-case name. */
  headers: Record<string, string>;
  body: ByteSource | null;
  cancellation?: Cancellation;
}

export interface HttpResponse {
  status: number;
  /** By lower-case name. */
  headers: Record<string, string>;
  /** A KnownBlob when the other side is the simulated catalogue. */
  body: ByteSource;
}

/**
 * How the engine reaches a registry: the host's own network, simulated or real. Rejects when nothing answers, with Go's
 * text of it ("dial tcp 127.0.0.1:5000: connect: connection refused", "… no such host",
 * "http: server gave HTTP response to HTTPS client").
 */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;
