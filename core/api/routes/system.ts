import { invalidParameter } from "../../errors/errors.ts";
import { systemDiskUsage, diskUsageTypes, type DiskUsageType } from "../../engine/system/df.ts";
import { eventsRequest, systemEvents } from "../../engine/system/events.ts";
import { systemInfo } from "../../engine/system/info.ts";
import { systemVersion } from "../../engine/system/version.ts";
import { empty, json, jsonMessages, plain } from "../responses.ts";
import type { Route } from "../router.ts";

/** What a client asks first: which API version, which builder. */
const pingHeaders = {
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
  { method: "GET", path: "/version", handler: (call) => json(systemVersion(call.engine)) },
  { method: "GET", path: "/info", handler: (call) => json(systemInfo(call.engine)) },
  {
    method: "GET",
    path: "/system/df",
    async handler(call) {
      const types = call.query.all("type").map((type) => {
        const known = diskUsageTypes.find((one) => one === type);
        if (!known) throw invalidParameter(`unknown object type: ${type}`);
        return known;
      });
      const asked: readonly DiskUsageType[] = types.length > 0 ? types : diskUsageTypes;
      return json(await systemDiskUsage(call.engine, asked));
    },
  },
  {
    method: "GET",
    path: "/events",
    handler(call) {
      const { engine, operation, query } = call;
      const request = eventsRequest(query.get("since"), query.get("until"), query.filters());
      return jsonMessages(operation.cancellation, (send) => systemEvents(engine, operation, request, send));
    },
  },
];
