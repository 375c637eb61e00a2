import type { Engine } from "../engine/engine.ts";
import { DockerError, invalidParameter } from "../errors/errors.ts";
import { Cancellation, Cancelled } from "../platform/cancellation.ts";
import { Errno } from "../files/filesystem.ts";
import type { Trace } from "../steps/trace.ts";
import type { ApiCall } from "./call.ts";
import type { ApiRequest, ApiResponse, Transport } from "./exchange.ts";
import { Query } from "./query.ts";
import { empty, json, plain } from "./responses.ts";
import { Router, type Match } from "./router.ts";
import { routes } from "./routes.ts";
import { httpStatus } from "./status.ts";
import { apiVersion, atLeast, compareVersions, minApiVersion } from "./version.ts";

/** How an engine's API is served. */
export interface ApiOptions {
  /**
   * Decides whether a call may go on; throws a DockerError ("forbidden", "unauthorized") where it may not. Called for
   * every path, those under /_drydock/ too, once its route is known and before its body is read.
   */
  authorize?(call: ApiCall, route: Match["route"]): void | Promise<void>;
}

/**
 * The Engine API of `engine`: a plain request in, a plain response out. It never rejects: what goes wrong is an answer.
 *
 * Steps of each call are recorded below a step "GET /containers/json" of actor "api", but for /_ping and /_drydock/,
 * which the pictures themselves ask all the time.
 */
export function createApiHandler(engine: Engine, options: ApiOptions = {}): Transport {
  const router = new Router(routes);
  return (request) => answer(engine, router, options, request);
}

async function answer(
  engine: Engine,
  router: Router,
  options: ApiOptions,
  request: ApiRequest,
): Promise<ApiResponse> {
  const [target = "", ...queries] = request.target.split("?");
  const versioned = /^\/v([0-9.]+)(\/.*)$/.exec(target);
  const version = versioned?.[1] ?? apiVersion;
  const path = versioned?.[2] ?? target;
  const found =
    request.method === "OPTIONS" ? { route: optionsRoute, params: {} } : router.match(request.method, path);
  if (!found) return json({ message: "page not found" }, 404);
  const product = {
    "api-version": apiVersion,
    ostype: "linux",
    server: `Docker/${engine.settings.version} (linux)`,
  };
  const fault = versionFault(version);
  if (fault) return withHeaders(failure(fault, version), product);
  const headers = { ...product, "docker-experimental": "false" };
  if (found.route.since && !atLeast(version, found.route.since))
    return json({ message: "page not found" }, 404);
  const cancellation = new Cancellation();
  const undo = request.cancellation.onCancel((reason) => cancellation.cancel(reason));
  try {
    const respond = async (trace: Trace) => {
      const call: ApiCall = {
        engine,
        request,
        version,
        params: found.params,
        query: new Query(queries.join("?")),
        operation: { trace, cancellation },
      };
      await options.authorize?.(call, found.route);
      return found.route.handler(call);
    };
    const response = silent(path)
      ? await respond(engine.steps.root())
      : await engine.steps
          .root()
          .step("api", `${request.method} ${path}`, { version, query: queries.join("?") }, respond);
    return withHeaders(response, headers);
  } catch (error) {
    undo();
    return withHeaders(failure(error as Error, version), headers);
  }
}

const optionsRoute: Match["route"] = { method: "OPTIONS", path: "/{any:.*}", handler: () => empty(200) };

/** Pictures and keep-alives ask these all the time; they would push the steps of real work out of the log. */
function silent(path: string): boolean {
  return path === "/_ping" || path.startsWith("/_drydock/");
}

function versionFault(version: string): DockerError | undefined {
  if (compareVersions(version, minApiVersion) < 0)
    return invalidParameter(
      `client version ${version} is too old. Minimum supported API version is ${minApiVersion}, please upgrade your client to a newer version`,
    );
  if (compareVersions(version, apiVersion) > 0)
    return invalidParameter(
      `client version ${version} is too new. Maximum supported API version is ${apiVersion}`,
    );
  return undefined;
}

/** The answer that an error is. */
function failure(error: Error, version: string): ApiResponse {
  const status =
    error instanceof DockerError
      ? httpStatus(error.kind)
      : error instanceof Cancelled
        ? httpStatus("cancelled")
        : error instanceof Errno && error.code === "ENOENT"
          ? 404
          : 500;
  if (status === 304) return empty(304);
  // Before 1.24 errors were plain text; only the refusal itself is still sent that way.
  if (!atLeast(version, minApiVersion))
    return plain(`${error.message}\n`, status, { "x-content-type-options": "nosniff" });
  return json({ message: error.message }, status);
}

function withHeaders(response: ApiResponse, headers: Record<string, string>): ApiResponse {
  return { ...response, headers: { ...headers, ...response.headers } };
}
