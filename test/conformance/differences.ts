import { readFileSync } from "node:fs";
import { join } from "node:path";
import { here } from "./play.ts";

/** A command whose output may differ from Docker's, and why. */
export interface Exception {
  /** The name of the case, without its folder. */
  case: string;
  /** The first line of the command. */
  command: string;
  /** The cells in which it differs, such as "BC". */
  cells: string;
  reason: string;
}

/** Reads differences.md: under a heading with the case's name, each command as an indented line "$ …",
 * followed by a paragraph "(B, C) reason". `cell` keeps those of one cell.
 *
 * Throws an Error where a command has no reason. */
export function readExceptions(
  cell?: string,
  text = readFileSync(join(here, "differences.md"), "utf8"),
): Exception[] {
  const found: Exception[] = [];
  const waiting: string[] = [];
  let heading = "";
  const unreasoned = () => {
    if (waiting.length > 0) throw new Error(`differences.md: no reason for: ${waiting.join(", ")}`);
  };
  for (const line of text.split("\n")) {
    const reason = /^\(([A-F](?:, [A-F])*)\) (.+)/.exec(line);
    if (line.startsWith("### ")) {
      unreasoned();
      heading = line.slice(4).trim();
    } else if (heading && line.startsWith("    $ ")) waiting.push(line.slice(6));
    else if (reason && waiting.length > 0)
      for (const command of waiting.splice(0))
        found.push({ case: heading, command, cells: reason[1]!.replaceAll(", ", ""), reason: reason[2]! });
  }
  unreasoned();
  return found.filter(({ cells }) => !cell || cells.includes(cell));
}
