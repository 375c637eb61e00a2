import type { Route } from "./router.ts";
import { systemRoutes } from "./routes/system.ts";

/** Every path of the API, one line per noun. The first that matches a request answers it. */
export const routes: readonly Route[] = [...systemRoutes];
