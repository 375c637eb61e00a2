import type { Engine, Operation } from "../engine/engine.ts";
import { invalidParameter } from "../errors/errors.ts";
import { readAll, text } from "../platform/bytes.ts";
import type { ApiRequest, ApiResponse } from "./exchange.ts";
import { decodeJson, type Shape } from "./json/decode.ts";
import { parseJson } from "./json/syntax.ts";
import type { Query } from "./query.ts";

/** One request on its way through a route. */
export interface ApiCall {
  engine: Engine;
  request: ApiRequest;
  /** The API version it is made in: of its path, or the newest. */
  version: string;
  /** What the route's `{…}` matched, decoded. */
  params: Readonly<Record<string, string>>;
  query: Query;
  operation: Operation;
}

/** Answers a call. Errors it throws become Docker's JSON errors. */
export type ApiHandler = (call: ApiCall) => Promise<ApiResponse> | ApiResponse;

/** No JSON body of Docker's API is near this. */
const maxJsonBody = 64 * 2 ** 20;

/**
 * The request's JSON body, checked against `shape`; undefined when there is none.
 * Throws invalidParameter with Docker's texts: "unsupported Content-Type header (text/plain): must be 'application/json'", "invalid JSON: …".
 */
export async function jsonBody<T>(call: ApiCall, shape: Shape): Promise<T | undefined> {
  const { headers, body } = call.request;
  const contentType = headers["content-type"] ?? "";
  const none = body === null || headers["content-length"] === "0";
  if (none && contentType === "") return undefined;
  const mediaType = contentType.split(";")[0]!.trim().toLowerCase();
  if (mediaType === "")
    throw invalidParameter(`malformed Content-Type header (${contentType}): mime: no media type`);
  if (mediaType !== "application/json")
    throw invalidParameter(`unsupported Content-Type header (${contentType}): must be 'application/json'`);
  const source = body === null ? "" : text(await readAll(body, maxJsonBody));
  if (source.trim() === "") {
    if (none || headers["content-length"] === undefined) return undefined;
    throw invalidParameter("invalid JSON: got EOF while reading request body");
  }
  return decodeJson(shape, parseJson(source)) as T | undefined;
}

/** As jsonBody, for a body that must be there. Throws invalidParameter "invalid JSON: got EOF while reading request body". */
export async function requiredJsonBody<T>(call: ApiCall, shape: Shape): Promise<T> {
  const value = await jsonBody<T>(call, shape);
  if (value === undefined && (call.request.body === null || call.request.headers["content-length"] === "0"))
    throw invalidParameter("invalid JSON: got EOF while reading request body");
  return value ?? ({} as T);
}
