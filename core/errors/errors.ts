/**
 * What went wrong, by kind, as the Engine's errors are told apart (moby's errdefs). Only the API layer knows
 * which HTTP status each is, only the command line knows exit statuses.
 */
export type ErrorKind =
  | "invalidParameter" // 400
  | "unauthorized" // 401
  | "forbidden" // 403
  | "notFound" // 404
  | "conflict" // 409
  | "notModified" // 304: it was so already
  | "unavailable" // 503
  | "notImplemented" // 501
  | "system" // 500
  | "cancelled";

/** An error of the engine. The message is Docker's own text, without the "Error response from daemon: " prefix. */
export class DockerError extends Error {
  override name = "DockerError";
  readonly kind: ErrorKind;
  /** What the message is about, for pictures and lessons: `{ container: "…" }`. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(kind: ErrorKind, message: string, data: Record<string, unknown> = {}) {
    super(message);
    this.kind = kind;
    this.data = data;
  }
}

export const notFound = (message: string, data?: Record<string, unknown>) =>
  new DockerError("notFound", message, data);
export const conflict = (message: string, data?: Record<string, unknown>) =>
  new DockerError("conflict", message, data);
export const invalidParameter = (message: string, data?: Record<string, unknown>) =>
  new DockerError("invalidParameter", message, data);
export const systemError = (message: string, data?: Record<string, unknown>) =>
  new DockerError("system", message, data);
export const notModified = (message = "") => new DockerError("notModified", message);
export const notImplemented = (message: string) => new DockerError("notImplemented", message);
export const forbidden = (message: string) => new DockerError("forbidden", message);
export const unauthorized = (message: string) => new DockerError("unauthorized", message);
export const unavailable = (message: string) => new DockerError("unavailable", message);
