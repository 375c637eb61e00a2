import { humanSize } from "./units.ts";

/** What a prune removed. */
export interface Pruned {
  /** Bytes. */
  spaceReclaimed: number;
  /** "Deleted Images:" and a line for each; "" when nothing was. */
  text: string;
}

/** What a prune prints at its end. */
export function pruneText({ spaceReclaimed, text }: Pruned): string {
  return `${text && `${text}\n`}Total reclaimed space: ${humanSize(spaceReclaimed)}\n`;
}
