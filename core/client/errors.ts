/**
 * Thrown by a Transport that did not reach its engine. The message is Go's for the failure ("dial unix
 * /run/docker.sock: connect: no such file or directory"), the code POSIX's.
 */
export class ConnectionError extends Error {
  override name = "ConnectionError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The engine could not be reached; the message is the docker client's. */
export class ConnectionFailed extends Error {
  override name = "ConnectionFailed";
}

/** The engine answered with an error: "Error response from daemon: …". */
export class ApiError extends Error {
  override name = "ApiError";
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const isNotFound = (error: unknown) => error instanceof ApiError && error.status === 404;
