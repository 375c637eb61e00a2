import { isObject } from "../oci/config.ts";
import { readAll, text } from "../platform/bytes.ts";
import type { HttpResponse } from "./http.ts";
import { responseChallenges } from "./challenges.ts";

/** What a registry answered instead of what it was asked for: the first of its errors counts. */
export class RegistryError extends Error {
  override name = "RegistryError";
  /** "MANIFEST_UNKNOWN", "DENIED" … */
  readonly code: string;
  readonly status: number;
  /** Of the first error alone: "manifest unknown: manifest unknown". */
  readonly first: string;
  readonly #errors: readonly { code: string; message: string }[];

  constructor(errors: readonly { code: string; message: string }[], status: number) {
    const lines = errors.map(({ code, message }) => `${code.toLowerCase().replaceAll("_", " ")}: ${message}`);
    super(lines.length === 1 ? lines[0]! : `errors:\n${lines.join("\n")}\n`);
    this.#errors = errors;
    this.code = errors[0]!.code;
    this.first = lines[0]!;
    this.status = status;
  }

  /** The same without the errors after the first. */
  alone(): RegistryError {
    return new RegistryError(this.#errors.slice(0, 1), this.status);
  }
}

/** An answer that is none of a registry: "error parsing HTTP 404 response body: …", "received unexpected HTTP status: …". */
export class UnexpectedResponse extends Error {
  override name = "UnexpectedResponse";
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** A request that got no answer; Go's url.Error: `Get "https://…": dial tcp …`. */
export class RequestError extends Error {
  override name = "RequestError";
  /** Without the method and the address. */
  readonly reason: string;
  constructor(method: string, url: string, reason: string) {
    const verb = `${method.charAt(0)}${method.slice(1).toLowerCase()}`;
    super(`${verb} ${JSON.stringify(url)}: ${reason}`);
    this.reason = reason;
  }
}

/** What the distribution protocol's codes say when a registry gives no message of its own. */
const messages: Readonly<Record<string, string>> = {
  UNAUTHORIZED: "authentication required",
  DENIED: "requested access to the resource is denied",
  TOOMANYREQUESTS: "too many requests",
  MANIFEST_UNKNOWN: "manifest unknown",
  NAME_UNKNOWN: "repository name not known to registry",
  BLOB_UNKNOWN: "blob unknown to registry",
  UNSUPPORTED: "The operation is unsupported.",
  UNKNOWN: "unknown error",
};

/** What came is not what the digest says; asking again would not help. */
export class VerificationFailed extends Error {
  override name = "VerificationFailed";
  constructor(digest: string) {
    super(`filesystem layer verification failed for digest ${digest}`);
  }
}

const ERROR_LIMIT = 1 << 20;

/** The error that an answer with status 400 or more stands for. */
export async function responseError(response: HttpResponse): Promise<Error> {
  const { status } = response;
  if (status < 400 || status >= 500) {
    return new UnexpectedResponse(
      `received unexpected HTTP status: ${status} ${statusText(status)}`.trimEnd(),
      status,
    );
  }
  const body = text(await readAll(response.body, ERROR_LIMIT));
  const errors = parseErrors(body, status);
  for (const { scheme, parameters } of responseChallenges(response)) {
    if (scheme !== "bearer") continue;
    const code = { invalid_token: "UNAUTHORIZED", insufficient_scope: "DENIED" }[parameters.error ?? ""];
    if (!code) continue;
    const message = parameters.error_description || messages[code]!;
    return new RegistryError([{ code, message }, ...(Array.isArray(errors) ? errors : [])], status);
  }
  if (Array.isArray(errors)) return new RegistryError(errors, status);
  if (status === 401)
    return new RegistryError([{ code: "UNAUTHORIZED", message: messages.UNAUTHORIZED! }], status);
  return new UnexpectedResponse(
    `error parsing HTTP ${status} response body: ${errors}: ${JSON.stringify(body)}`,
    status,
  );
}

/** The errors of a body, or why there are none. */
function parseErrors(body: string, status: number): { code: string; message: string }[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return jsonFault(body);
  }
  if (isObject(parsed) && typeof parsed.details === "string" && parsed.details !== "") {
    const code = { 401: "UNAUTHORIZED", 403: "DENIED", 429: "TOOMANYREQUESTS" }[status] ?? "UNKNOWN";
    return [{ code, message: parsed.details }];
  }
  const list = isObject(parsed) && Array.isArray(parsed.errors) ? parsed.errors.filter(isObject) : [];
  if (list.length === 0) return "no error details found in HTTP response body";
  return list.map(({ code, message }) => {
    const known = typeof code === "string" ? code : "UNKNOWN";
    return {
      code: known,
      message:
        typeof message === "string" && message !== "" ? message : (messages[known] ?? messages.UNKNOWN!),
    };
  });
}

/** What Go's decoder says of a text that is not JSON. */
function jsonFault(body: string): string {
  const trimmed = body.trimStart();
  if (trimmed === "") return "unexpected end of JSON input";
  const number = /^-?\d+(\.\d+)?\s+/.exec(trimmed);
  if (number) return `invalid character '${trimmed[number[0].length] ?? ""}' after top-level value`;
  return `invalid character '${trimmed[0]}' looking for beginning of value`;
}

export function statusText(status: number): string {
  return statuses[status] ?? "";
}

const statuses: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  202: "Accepted",
  204: "No Content",
  206: "Partial Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  307: "Temporary Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  416: "Requested Range Not Satisfiable",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};
