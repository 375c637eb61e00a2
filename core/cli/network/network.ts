import { parent } from "../command.ts";
import { networkConnect } from "./connect.ts";
import { networkCreate } from "./create.ts";
import { networkDisconnect } from "./disconnect.ts";
import { networkInspectCommand } from "./inspect.ts";
import { networkLs } from "./ls.ts";
import { networkPrune } from "./prune.ts";
import { networkRm } from "./rm.ts";

/** docker network. */
export const network = parent({
  usage: "network",
  short: "Look after networks",
  version: "1.21",
  children: [
    networkConnect,
    networkCreate,
    networkDisconnect,
    networkInspectCommand,
    networkLs,
    networkPrune,
    networkRm,
  ],
});
