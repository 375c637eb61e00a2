import type { EndpointRequest } from "../../containers/record.ts";
import { networkConnect, networkDisconnect } from "../../engine/network/connect.ts";
import { networkCreate, type NetworkRequest } from "../../engine/network/create.ts";
import { networkJson } from "../../engine/network/json.ts";
import { networkList } from "../../engine/network/list.ts";
import { networksPrune } from "../../engine/network/prune.ts";
import { networkRemove } from "../../engine/network/remove.ts";
import { notFound } from "../../errors/errors.ts";
import type { ApiHandler } from "../call.ts";
import { requiredJsonBody } from "../call.ts";
import { empty, json } from "../responses.ts";
import type { Route } from "../router.ts";
import { networkConnectRequest, networkCreateRequest, networkDisconnectRequest } from "../shapes/network.ts";
import { atLeast } from "../version.ts";

const list: ApiHandler = (call) => {
  const networks = networkList(call.engine, call.query.filters());
  return json(networks.map((network) => gate(networkJson(call.engine, network, false), call.version)));
};

export const networkRoutes: readonly Route[] = [
  { method: "GET", path: "/networks", handler: list },
  { method: "GET", path: "/networks/", handler: list },
  {
    method: "GET",
    path: "/networks/{id:.*}",
    handler(call) {
      const network = call.engine.networks.resolve(call.params.id!);
      const scope = call.query.get("scope");
      if (scope !== "" && scope !== network.scope) throw notFound(`network ${call.params.id} not found`);
      return json(gate(networkJson(call.engine, network, true), call.version));
    },
  },
  {
    method: "POST",
    path: "/networks/create",
    async handler(call) {
      const request = await requiredJsonBody<NetworkRequest>(call, networkCreateRequest);
      return json({ Id: await networkCreate(call.engine, call.operation, request), Warning: "" }, 201);
    },
  },
  {
    method: "POST",
    path: "/networks/prune",
    handler: async (call) => json(await networksPrune(call.engine, call.operation, call.query.filters())),
  },
  {
    method: "POST",
    path: "/networks/{id:.*}/connect",
    async handler(call) {
      const { Container = "", EndpointConfig } = await requiredJsonBody<{
        Container?: string;
        EndpointConfig?: EndpointRequest;
      }>(call, networkConnectRequest);
      await networkConnect(call.engine, call.operation, call.params.id!, Container, EndpointConfig ?? {});
      return empty(200);
    },
  },
  {
    method: "POST",
    path: "/networks/{id:.*}/disconnect",
    async handler(call) {
      const { Container = "", Force = false } = await requiredJsonBody<{
        Container?: string;
        Force?: boolean;
      }>(call, networkDisconnectRequest);
      await networkDisconnect(call.engine, call.operation, call.params.id!, Container, Force);
      return empty(200);
    },
  },
  {
    method: "DELETE",
    path: "/networks/{id:.*}",
    async handler(call) {
      await networkRemove(call.engine, call.operation, call.params.id!);
      return empty(204);
    },
  },
];

/** EnableIPv4 came with API 1.47. */
function gate(network: Record<string, unknown>, version: string): Record<string, unknown> {
  if (atLeast(version, "1.47")) return network;
  const { EnableIPv4: _, ...rest } = network;
  return rest;
}
