import { containerCreate } from "../../engine/container/create.ts";
import { containerInspect } from "../../engine/container/inspect.ts";
import { containerKill } from "../../engine/container/kill.ts";
import { containerList } from "../../engine/container/list.ts";
import { containerPause } from "../../engine/container/pause.ts";
import { containersPrune } from "../../engine/container/prune.ts";
import { containerRemove } from "../../engine/container/remove.ts";
import { containerRename } from "../../engine/container/rename.ts";
import { containerResize } from "../../engine/container/resize.ts";
import { containerRestart } from "../../engine/container/restart.ts";
import { containerStart } from "../../engine/container/start.ts";
import { containerStats } from "../../engine/container/stats.ts";
import { containerStop, type StopOptions } from "../../engine/container/stop.ts";
import { containerTop } from "../../engine/container/top.ts";
import { containerUnpause } from "../../engine/container/unpause.ts";
import { containerUpdate } from "../../engine/container/update.ts";
import { containerWait } from "../../engine/container/wait.ts";
import type { HostConfig } from "../../containers/hostconfig.ts";
import type { EndpointRequest } from "../../containers/record.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { jsonBody, requiredJsonBody, type ApiCall } from "../call.ts";
import { empty, json, jsonMessages, streamed, encodeJson } from "../responses.ts";
import { utf8 } from "../../platform/bytes.ts";
import type { Route } from "../router.ts";
import { configFields, createRequest, updateRequest } from "../shapes/container.ts";
import { atLeast } from "../version.ts";
import { gateInspect, gateList } from "../versions/container.ts";
import { attachRoutes } from "./attach.ts";
import { logsRoutes } from "./logs.ts";

const name = (call: ApiCall) => call.params.name!;

export const containerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/containers/json",
    async handler(call) {
      const { query, engine, version } = call;
      const filters = query.filters();
      const limit = query.int("limit", "system") ?? 0;
      const list = await containerList(engine, {
        all: query.bool("all"),
        limit,
        size: query.bool("size"),
        filters,
      });
      return json(gateList(list, version));
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/json",
    async handler(call) {
      const inspected = await containerInspect(call.engine, name(call), call.query.bool("size"));
      return json(gateInspect(inspected, call.version));
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/top",
    async handler(call) {
      const { titles, processes } = await containerTop(call.engine, name(call), call.query.get("ps_args"));
      return json({ Processes: processes, Titles: titles });
    },
  },
  {
    method: "GET",
    path: "/containers/{name:.*}/stats",
    handler(call) {
      const { engine, operation, query } = call;
      const container = engine.containers.resolve(name(call));
      const stream = query.boolOr("stream", true);
      const oneShot = atLeast(call.version, "1.41") && query.bool("one-shot");
      if (stream && oneShot) throw invalidParameter("cannot have stream=true and one-shot=true");
      return jsonMessages(operation.cancellation, async (send) => {
        const readings = containerStats(engine, operation, container, { once: !stream, oneShot });
        for await (const reading of readings) await send(reading);
      });
    },
  },
  ...logsRoutes,
  ...attachRoutes,
  {
    method: "POST",
    path: "/containers/create",
    async handler(call) {
      const body = await requiredJsonBody<CreateBody>(call, createRequest);
      const { HostConfig: hostConfig = {}, NetworkingConfig, ...config } = body;
      const given = Object.keys(config).some((field) => field in configFields);
      const { id, warnings } = await containerCreate(call.engine, call.operation, {
        name: call.query.get("name") || undefined,
        config: given ? config : undefined,
        hostConfig,
        endpoints: NetworkingConfig?.EndpointsConfig ?? {},
        platform: call.query.get("platform"),
      });
      return json({ Id: id, Warnings: warnings }, 201);
    },
  },
  {
    method: "POST",
    path: "/containers/prune",
    handler: async (call) => json(await containersPrune(call.engine, call.operation, call.query.filters())),
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/kill",
    async handler(call) {
      await containerKill(call.engine, call.operation, name(call), call.query.get("signal"));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/pause",
    async handler(call) {
      await containerPause(call.engine, call.operation, name(call));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/unpause",
    async handler(call) {
      await containerUnpause(call.engine, call.operation, name(call));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/restart",
    async handler(call) {
      await containerRestart(call.engine, call.operation, name(call), stopOptions(call));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/start",
    async handler(call) {
      await containerStart(call.engine, call.operation, name(call));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/stop",
    async handler(call) {
      await containerStop(call.engine, call.operation, name(call), stopOptions(call));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/wait",
    handler(call) {
      const condition = atLeast(call.version, "1.30") ? call.query.get("condition") : "";
      const { result } = containerWait(call.engine, call.operation, name(call), condition);
      // The head goes out at once: the client starts the container when it knows that its end will not be missed.
      return streamed(call.operation.cancellation, async (sink) => {
        const { exitCode, error } = await result;
        await sink.write(
          utf8(encodeJson({ ...(error ? { Error: { Message: error } } : {}), StatusCode: exitCode })),
        );
      });
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/resize",
    async handler(call) {
      const { height, width } = terminalSize(call);
      await containerResize(call.engine, name(call), height, width);
      return empty(200);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/rename",
    async handler(call) {
      await containerRename(call.engine, call.operation, name(call), call.query.get("name"));
      return empty(204);
    },
  },
  {
    method: "POST",
    path: "/containers/{name:.*}/update",
    async handler(call) {
      const change = (await jsonBody<HostConfig>(call, updateRequest)) ?? {};
      return json({
        Warnings: nullIfNone(await containerUpdate(call.engine, call.operation, name(call), change)),
      });
    },
  },
  {
    method: "DELETE",
    path: "/containers/{name:.*}",
    async handler(call) {
      const { query } = call;
      const options = { force: query.bool("force"), volumes: query.bool("v"), link: query.bool("link") };
      await containerRemove(call.engine, call.operation, name(call), options);
      return empty(204);
    },
  },
];

type CreateBody = ContainerConfig & {
  HostConfig?: HostConfig;
  NetworkingConfig?: { EndpointsConfig?: Record<string, EndpointRequest | null> };
};

function nullIfNone<T>(list: T[]): T[] | null {
  return list.length > 0 ? list : null;
}

function stopOptions(call: ApiCall): StopOptions {
  const timeout = call.query.int("t", "system");
  const signal = atLeast(call.version, "1.42") ? call.query.get("signal") : "";
  return { signal, ...(timeout === undefined ? {} : { timeout }) };
}

/** A terminal's size. Throws with Go's text for what is no number. */
export function terminalSize(call: ApiCall): { height: number; width: number } {
  const [height, width] = ["h", "w"].map((field) => {
    const value = call.query.get(field);
    if (/^\d{1,9}$/.test(value)) return Number(value);
    throw invalidParameter(
      `invalid resize ${field === "h" ? "height" : "width"} ${JSON.stringify(value)}: invalid syntax`,
    );
  });
  return { height: height!, width: width! };
}
