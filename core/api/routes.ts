import type { Route } from "./router.ts";
import { buildRoutes } from "./routes/build.ts";
import { containerRoutes } from "./routes/containers.ts";
import { drydockRoutes } from "./routes/drydock.ts";
import { execRoutes } from "./routes/exec.ts";
import { networkRoutes } from "./routes/networks.ts";
import { swarmRoutes } from "./routes/swarm.ts";
import { systemRoutes } from "./routes/system.ts";
import { volumeRoutes } from "./routes/volumes.ts";

/** Every path of the API, one line per noun. The first that matches a request answers it. */
export const routes: readonly Route[] = [
  ...systemRoutes,
  ...execRoutes,
  ...containerRoutes,
  ...buildRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...swarmRoutes,
  ...drydockRoutes,
];
