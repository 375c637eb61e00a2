import { parent } from "../command.ts";
import { systemDf } from "./df.ts";
import { events } from "./events.ts";
import { info } from "./info.ts";
import { systemPrune } from "./prune.ts";

/** docker system. */
export const system = parent({
  usage: "system",
  short: "Look after docker itself",
  children: [systemDf, events, info, systemPrune],
});
