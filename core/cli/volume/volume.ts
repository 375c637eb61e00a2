import { parent } from "../command.ts";
import { volumeCreate } from "./create.ts";
import { volumeInspectCommand } from "./inspect.ts";
import { volumeLs } from "./ls.ts";
import { volumePrune } from "./prune.ts";
import { volumeRm } from "./rm.ts";
import { volumeUpdate } from "./update.ts";

/** docker volume. */
export const volume = parent({
  usage: "volume",
  short: "Look after volumes",
  version: "1.21",
  children: [volumeCreate, volumeInspectCommand, volumeLs, volumePrune, volumeRm, volumeUpdate],
});
