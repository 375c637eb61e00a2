import { olderThan } from "../client/client.ts";
import type { Ping } from "../client/client.ts";
import type { Command } from "./command.ts";
import type { Flag, Flags } from "./flags.ts";
import { commandPath, usageLine } from "./command_path.ts";

/**
 * The --help text of the last command of `path` (the first is docker itself). `width` is the terminal's; flags that
 * the engine does not support are left out, where `engine` is known.
 */
export function helpText(path: readonly Command[], width = 80, engine?: Ping): string {
  const command = path.at(-1)!;
  const name = commandPath(path);
  const groups = command.children.length > 0;
  const flags = supportedFlags(command.flags, engine);
  const shown = Object.values(flags).some((flag) => !flag.hidden && !flag.deprecated);
  const parts = [
    `Usage:  ${groups ? `${name}${shown ? " [OPTIONS]" : ""} COMMAND` : usageLine(path)}`,
    (command.long ?? command.short).trim(),
  ];
  const aliases = aliasLine(path);
  if (aliases) parts.push(`Aliases:\n  ${aliases}`);
  if (command.examples) parts.push(`Examples:\n${command.examples}`);
  if (path.length > 1 && shown) parts.push(`Options:\n${flagTable(flags, width - 1).trimEnd()}`);
  if (groups) parts.push(...commandLists(command, path.length === 1));
  if (path.length === 1) parts.push(`Global Options:\n${flagTable(flags, width - 1).trimEnd()}`);
  if (groups) parts.push(`Run '${name} COMMAND --help' for more information on a command.`);
  return parts.join("\n\n") + "\n";
}

function supportedFlags(flags: Flags, engine: Ping | undefined): Flags {
  if (!engine) return flags;
  const supported = ([, flag]: [string, Flag<unknown>]) =>
    !(flag.osType && engine.osType && flag.osType !== engine.osType) &&
    !(flag.experimental && !engine.experimental) &&
    !(flag.version && engine.apiVersion && olderThan(engine.apiVersion, flag.version));
  return Object.fromEntries(Object.entries(flags).filter(supported));
}

function aliasLine(path: readonly Command[]): string | undefined {
  const command = path.at(-1)!;
  if (command.aliasLine) return command.aliasLine;
  if (!command.aliases?.length) return undefined;
  const above = commandPath(path.slice(0, -1));
  return [commandPath(path), ...command.aliases.map((alias) => `${above} ${alias}`)].join(", ");
}

function commandLists(command: Command, isRoot: boolean): string[] {
  const children = command.children
    .filter((child) => !child.hidden)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const padding = Math.max(11, ...command.children.map((child) => child.name.length));
  const rows = (some: Command[]) =>
    some.map((child) => `  ${child.name.padEnd(padding)} ${child.short}`).join("\n");
  const common = children
    .filter((child) => isRoot && child.commonRank !== undefined)
    .sort((a, b) => a.commonRank! - b.commonRank!);
  const management = children.filter((child) => child.children.length > 0);
  const plain = children.filter((child) => child.children.length === 0 && !common.includes(child));
  const lists: string[] = [];
  if (common.length > 0) lists.push(`Common Commands:\n${rows(common)}`);
  if (management.length > 0) lists.push(`Management Commands:\n${rows(management)}`);
  lists.push(`Commands:\n${rows(plain)}`);
  return lists;
}

/** pflag's table of flags, wrapped to `columns`. */
function flagTable(flags: Flags, columns: number): string {
  const rows: [string, string][] = [];
  for (const name of Object.keys(flags).sort()) {
    const flag = flags[name]!;
    if (flag.hidden || flag.deprecated) continue;
    const named = /`([^`]*)`/.exec(flag.usage);
    const type = named ? named[1]! : flag.type;
    const spelled = flag.short && !flag.shortDeprecated ? `  -${flag.short}, --${name}` : `      --${name}`;
    const bare =
      flag.bare === undefined || type === ""
        ? ""
        : flag.type === "string"
          ? `[="${flag.bare}"]`
          : `[=${flag.bare}]`;
    const initial = flag.shownDefault === undefined ? "" : ` (default ${flag.shownDefault})`;
    rows.push([
      `${spelled}${type ? ` ${type}` : ""}${bare}`,
      flag.usage.replace(/`([^`]*)`/, "$1") + initial,
    ]);
  }
  const widest = Math.max(0, ...rows.map(([left]) => left.length));
  return rows
    .map(([left, right]) => `${left.padEnd(widest)}   ${wrap(widest + 3, columns, right)}\n`)
    .join("");
}

function wrap(indent: number, columns: number, text: string): string {
  let start = "";
  if (columns - indent < 24) {
    indent = 16;
    start = "\n" + " ".repeat(indent);
  }
  if (columns - indent < 24) return text.replaceAll("\n", start);
  // A last word may stick out a little rather than stand alone on a line.
  const slop = 5;
  const width = columns - indent - slop;
  const lines: string[] = [];
  let rest = text;
  do {
    const [line, left] = cutLine(width, slop, rest);
    lines.push(line);
    rest = left;
  } while (rest !== "");
  return start + lines.join("\n").replaceAll("\n", "\n" + " ".repeat(indent));
}

function cutLine(width: number, slop: number, text: string): [string, string] {
  if (width + slop > text.length) return [text, ""];
  const head = text.slice(0, width);
  const blank = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\t"), head.lastIndexOf("\n"));
  if (blank <= 0) return [text, ""];
  const feed = head.lastIndexOf("\n");
  const at = feed > 0 && feed < blank ? feed : blank;
  return [text.slice(0, at), text.slice(at + 1)];
}
