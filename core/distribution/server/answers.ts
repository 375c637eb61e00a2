import { goJson } from "../../oci/json.ts";
import { sourceOf, utf8 } from "../../platform/bytes.ts";
import type { HttpResponse } from "../http.ts";

/** The errors of the distribution protocol: their statuses and messages. */
const errors = {
  BLOB_UNKNOWN: [404, "blob unknown to registry"],
  BLOB_UPLOAD_INVALID: [404, "blob upload invalid"],
  BLOB_UPLOAD_UNKNOWN: [404, "blob upload unknown to registry"],
  DIGEST_INVALID: [400, "provided digest did not match uploaded content"],
  MANIFEST_BLOB_UNKNOWN: [400, "blob unknown to registry"],
  MANIFEST_INVALID: [400, "manifest invalid"],
  MANIFEST_UNKNOWN: [404, "manifest unknown"],
  NAME_INVALID: [400, "invalid repository name"],
  NAME_UNKNOWN: [404, "repository name not known to registry"],
  PAGINATION_NUMBER_INVALID: [400, "invalid number of results requested"],
  RANGE_INVALID: [416, "invalid content range"],
  SIZE_INVALID: [400, "provided length did not match content length"],
  TAG_INVALID: [400, "manifest tag did not match URI"],
  UNAUTHORIZED: [401, "authentication required"],
  DENIED: [403, "requested access to the resource is denied"],
  UNSUPPORTED: [405, "The operation is unsupported."],
} as const;

export type ServerErrorCode = keyof typeof errors;

/** A refusal in the protocol's own words. */
export class ServerError extends Error {
  override name = "ServerError";
  readonly code: ServerErrorCode;
  readonly detail: unknown;
  readonly headers: Record<string, string>;

  constructor(code: ServerErrorCode, detail: unknown = null, headers: Record<string, string> = {}) {
    super(errors[code][1]);
    this.code = code;
    this.detail = detail;
    this.headers = headers;
  }

  get status(): number {
    return errors[this.code][0];
  }
}

const common = { "docker-distribution-api-version": "registry/2.0", "x-content-type-options": "nosniff" };

export function answer(
  status: number,
  headers: Record<string, string> = {},
  body: Uint8Array = new Uint8Array(0),
): HttpResponse {
  return {
    status,
    headers: { ...common, "content-length": String(body.length), ...headers },
    body: sourceOf(body),
  };
}

export function jsonAnswer(value: unknown, headers: Record<string, string> = {}, status = 200): HttpResponse {
  return answer(
    status,
    { "content-type": "application/json; charset=utf-8", ...headers },
    utf8(`${goJson(value)}\n`),
  );
}

export function refusal(refused: readonly ServerError[]): HttpResponse {
  const list = refused.map(({ code, message, detail }) => ({ code, message, detail }));
  const headers = Object.assign({}, ...refused.map((error) => error.headers)) as Record<string, string>;
  return jsonAnswer({ errors: list }, headers, refused[0]!.status);
}
