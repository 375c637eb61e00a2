import { volumeCreate } from "../../engine/volume/create.ts";
import { volumeJson } from "../../engine/volume/json.ts";
import { volumeList } from "../../engine/volume/list.ts";
import { volumesPrune } from "../../engine/volume/prune.ts";
import { volumeRemove } from "../../engine/volume/remove.ts";
import { unavailable } from "../../errors/errors.ts";
import { jsonBody } from "../call.ts";
import { stringMap, type Shape } from "../json/decode.ts";
import { empty, json } from "../responses.ts";
import type { Route } from "../router.ts";
import { atLeast } from "../version.ts";

const createOptions: Shape = {
  struct: "volume.CreateOptions",
  fields: {
    Name: "string",
    Driver: "string",
    DriverOpts: stringMap,
    Labels: stringMap,
    ClusterVolumeSpec: "any",
  },
};

interface CreateBody {
  Name?: string;
  Driver?: string;
  DriverOpts?: Record<string, string>;
  Labels?: Record<string, string>;
}

export const volumeRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/volumes",
    handler(call) {
      const volumes = volumeList(call.engine, call.query.filters());
      return json({ Volumes: volumes.map((volume) => volumeJson(volume)), Warnings: null });
    },
  },
  {
    method: "GET",
    path: "/volumes/{name:.*}",
    handler: (call) => json(volumeJson(call.engine.volumes.resolve(call.params.name!))),
  },
  {
    method: "POST",
    path: "/volumes/create",
    async handler(call) {
      const {
        Name = "",
        Driver = "",
        DriverOpts = null,
        Labels = null,
      } = (await jsonBody<CreateBody>(call, createOptions)) ?? {};
      const request = { name: Name, driver: Driver, options: DriverOpts, labels: Labels };
      return json(volumeJson(await volumeCreate(call.engine, call.operation, request)), 201);
    },
  },
  {
    method: "POST",
    path: "/volumes/prune",
    async handler(call) {
      const filters = call.query.filters();
      // Before 1.42 a prune took volumes with names too.
      if (!atLeast(call.version, "1.42")) filters.add("all", "true");
      return json(await volumesPrune(call.engine, call.operation, filters));
    },
  },
  {
    method: "PUT",
    path: "/volumes/{name:.*}",
    since: "1.42",
    handler() {
      throw unavailable("volume update only valid for cluster volumes, but swarm is unavailable");
    },
  },
  {
    method: "DELETE",
    path: "/volumes/{name:.*}",
    async handler(call) {
      await volumeRemove(call.engine, call.operation, call.params.name!, call.query.bool("force"));
      return empty(204);
    },
  },
];
