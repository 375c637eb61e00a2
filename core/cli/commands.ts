import type { Command } from "./command.ts";
import { parent } from "./command.ts";

/** The commands of docker, one line each. */
export const commands: Command[] = [
  parent({ usage: "container", short: "Look after containers", children: [] }),
];
