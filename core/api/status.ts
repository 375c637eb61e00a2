import type { ErrorKind } from "../errors/errors.ts";

/** The one map from what went wrong to an HTTP status. */
const statusOfKind: Readonly<Record<ErrorKind, number>> = {
  invalidParameter: 400,
  unauthorized: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  notModified: 304,
  unavailable: 503,
  notImplemented: 501,
  system: 500,
  // What Docker answers when the one who asked has gone; nobody is there to read it.
  cancelled: 499,
};

/** The HTTP status of an error of this kind. */
export function httpStatus(kind: ErrorKind): number {
  return statusOfKind[kind];
}
