import { parent } from "../command.ts";
import { contextCreate } from "./create.ts";
import { contextExport } from "./export.ts";
import { contextImport } from "./import.ts";
import { contextInspectCommand } from "./inspect.ts";
import { contextLs } from "./ls.ts";
import { contextRm } from "./rm.ts";
import { contextShow } from "./show.ts";
import { contextUpdate } from "./update.ts";
import { contextUse } from "./use.ts";

/** docker context. */
export const context = parent({
  usage: "context",
  short: "Look after contexts",
  children: [
    contextCreate,
    contextExport,
    contextImport,
    contextInspectCommand,
    contextLs,
    contextRm,
    contextShow,
    contextUpdate,
    contextUse,
  ],
});
