import { parent } from "../command.ts";
import { build } from "../image/build.ts";
import { builderPrune } from "./prune.ts";

/** docker builder. */
export const builder = parent({
  usage: "builder",
  short: "Look after builds",
  version: "1.31",
  children: [build, builderPrune],
});
