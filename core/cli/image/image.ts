import { parent } from "../command.ts";
import { build } from "./build.ts";
import { history } from "./history.ts";
import { importImage } from "./import.ts";
import { imageInspectCommand } from "./inspect.ts";
import { load } from "./load.ts";
import { imageLs } from "./ls.ts";
import { imagePrune } from "./prune.ts";
import { pull } from "./pull.ts";
import { push } from "./push.ts";
import { imageRm } from "./rm.ts";
import { save } from "./save.ts";
import { tag } from "./tag.ts";

/** docker image. */
export const image = parent({
  usage: "image",
  short: "Look after images",
  children: [
    build,
    history,
    importImage,
    imageInspectCommand,
    load,
    imageLs,
    imagePrune,
    pull,
    push,
    imageRm,
    save,
    tag,
  ],
});
