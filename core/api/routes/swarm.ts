import { invalidParameter, notFound, notImplemented, unavailable } from "../../errors/errors.ts";
import { jsonBody } from "../call.ts";
import type { Shape } from "../json/decode.ts";
import { json } from "../responses.ts";
import type { Route } from "../router.ts";

/** What an engine that is in no swarm says to everything about one. */
export const notSwarmManager =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.';

function refused(method: Route["method"], path: string): Route {
  return {
    method,
    path,
    handler() {
      throw unavailable(notSwarmManager);
    },
  };
}

const listenAddress: Shape = { struct: "swarm.InitRequest", fields: { ListenAddr: "string" } };

const nouns = ["services", "nodes", "tasks", "secrets", "configs"];

export const swarmRoutes: readonly Route[] = [
  refused("GET", "/swarm"),
  refused("GET", "/swarm/unlockkey"),
  refused("POST", "/swarm/update"),
  refused("POST", "/swarm/unlock"),
  ...["/swarm/init", "/swarm/join"].map((path): Route => ({
    method: "POST",
    path,
    async handler(call) {
      const { ListenAddr = "" } = (await jsonBody<{ ListenAddr?: string }>(call, listenAddress)) ?? {};
      if (ListenAddr === "") throw invalidParameter('invalid ListenAddr "": invalid empty address');
      throw notImplemented("swarm mode is not part of this engine");
    },
  })),
  {
    method: "POST",
    path: "/swarm/leave",
    handler() {
      throw unavailable("This node is not part of a swarm");
    },
  },
  ...nouns.flatMap((noun) => [
    refused("GET", `/${noun}`),
    refused("GET", `/${noun}/{id:.*}`),
    refused("POST", `/${noun}/{id:.*}`),
    refused("DELETE", `/${noun}/{id:.*}`),
  ]),
  { method: "GET", path: "/plugins", handler: () => json([]) },
  {
    method: "GET",
    path: "/plugins/{name:.*}/json",
    handler(call) {
      throw notFound(`plugin ${JSON.stringify(call.params.name)} not found`);
    },
  },
  {
    method: "DELETE",
    path: "/plugins/{name:.*}",
    handler(call) {
      throw notFound(`plugin ${JSON.stringify(call.params.name)} not found`);
    },
  },
];
