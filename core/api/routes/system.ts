import { empty, plain } from "../responses.ts";
import type { Route } from "../router.ts";

/** What a client asks first: which API version, which builder. */
const pingHeaders = {
  "api-version": "1.51",
  "builder-version": "2",
  "cache-control": "no-cache, no-store, must-revalidate",
  pragma: "no-cache",
  swarm: "inactive",
};

export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/_ping", handler: () => plain("OK", 200, pingHeaders) },
  {
    method: "HEAD",
    path: "/_ping",
    handler: () => empty(200, { ...pingHeaders, "content-type": "text/plain; charset=utf-8" }),
  },
];
