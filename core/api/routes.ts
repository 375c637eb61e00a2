import type { Route } from "./router.ts";
import { archiveRoutes } from "./routes/archive.ts";
import { commitRoutes } from "./routes/commit.ts";
import { imageStreamRoutes } from "./routes/image_streams.ts";
import { imageRoutes } from "./routes/images.ts";
import { registryRoutes } from "./routes/registry.ts";
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
  ...archiveRoutes,
  ...containerRoutes,
  ...commitRoutes,
  ...imageStreamRoutes,
  ...imageRoutes,
  ...registryRoutes,
  ...buildRoutes,
  ...networkRoutes,
  ...volumeRoutes,
  ...swarmRoutes,
  ...drydockRoutes,
];
