import { invalidParameter, notFound, unavailable } from "../../errors/errors.ts";
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

const nouns = ["services", "nodes", "tasks", "secrets", "configs"];

export const swarmRoutes: readonly Route[] = [
  refused("GET", "/swarm"),
  refused("GET", "/swarm/unlockkey"),
  refused("POST", "/swarm/update"),
  refused("POST", "/swarm/unlock"),
  refused("POST", "/swarm/leave"),
  {
    method: "POST",
    path: "/swarm/init",
    handler() {
      throw invalidParameter("swarm mode is not part of this engine");
    },
  },
  {
    method: "POST",
    path: "/swarm/join",
    handler() {
      throw invalidParameter("swarm mode is not part of this engine");
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
