import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseCase, printCase, sameStep, type Step } from "./case.ts";
import type { Exception } from "./differences.ts";
import { playCase, type Player } from "./play.ts";

/** How a folder of cases is played. */
export interface SuiteOptions {
  /** What plays the cases: one case at a time on each. */
  players: Player[];
  /** Names of the cases to play; all when not said. */
  only?: string[] | undefined;
  /** Writes what was printed into the cases instead of comparing. */
  record?: boolean;
  /** Leaves out what differs of each command. */
  quiet?: boolean;
  /** Takes each line of the report. */
  report: (line: string) => void;
}

/** A command that printed something else than Docker. */
export interface Difference {
  /** The name of the case, without its folder. */
  case: string;
  wanted: Step;
  got: Step;
}

/** What playing one folder found. */
export interface FolderResult {
  /** The folder's own name: given, added. */
  name: string;
  /** How many cases and commands were played. */
  cases: number;
  commands: number;
  differences: Difference[];
}

/** Cases that listen on the same ports of the machine, so that they may not run at once. */
const usesPorts = (text: string) => /(^|\s)-(p|P) |--publish|registry_up/.test(text);

/** How many seconds a case sleeps; the long ones begin first where several are played at a time. */
const pauses = (text: string) =>
  [...text.matchAll(/^\$ .*/gm)]
    .flatMap(([line]) => [...line.matchAll(/\bsleep ([\d.]+)/g)].map((found) => Number(found[1])))
    .filter((seconds) => seconds < 20)
    .reduce((sum, seconds) => sum + seconds, 0);

/** Plays the cases of a folder, several at a time, and compares or records them. */
export async function playFolder(folder: string, options: SuiteOptions): Promise<FolderResult> {
  const { players, only, record = false, quiet = false, report } = options;
  const result: FolderResult = { name: basename(folder), cases: 0, commands: 0, differences: [] };
  const waiting = readdirSync(folder)
    .filter((file) => file.endsWith(".case") && (!only || only.includes(file.slice(0, -".case".length))))
    .sort()
    .map((file) => ({ file, text: readFileSync(join(folder, file), "utf8") }))
    .sort((one, other) => (players.length > 1 ? pauses(other.text) - pauses(one.text) : 0));
  let portsTaken = false;
  const next = () => {
    // those that use ports first: they are played one after another
    const at = waiting.findIndex(({ text }) => usesPorts(text) !== portsTaken);
    return at < 0 && portsTaken ? undefined : waiting.splice(Math.max(at, 0), 1)[0];
  };
  const lane = async (player: Player) => {
    for (let item = next(); item; item = next()) {
      const ports = usesPorts(item.text);
      portsTaken ||= ports;
      await playOne(player, item.file, item.text);
      if (ports) portsTaken = false;
    }
  };
  const playOne = async (player: Player, file: string, text: string) => {
    const wanted = parseCase(text);
    const got = await playCase(wanted, player);
    if (record) return writeFileSync(join(folder, file), printCase(got));
    const name = file.slice(0, -".case".length);
    const found = wanted.steps.flatMap((step, at) =>
      sameStep(step, got.steps[at]) ? [] : [{ case: name, wanted: step, got: got.steps[at]! }],
    );
    result.cases++;
    result.commands += wanted.steps.length;
    result.differences.push(...found);
    if (found.length > 0) {
      report(`✗ ${result.name}/${name}: ${found.length} of ${wanted.steps.length} commands differ`);
      if (!quiet) for (const difference of found) describe(difference).forEach((line) => report(line));
    }
  };
  await Promise.all(players.map(lane));
  result.differences.sort((one, other) => (one.case < other.case ? -1 : one.case > other.case ? 1 : 0));
  return result;
}

/** The lines of a report on one difference: "-" only Docker printed, "+" only this engine. */
export function describe({ wanted, got }: Difference): string[] {
  const only = (some: string[], others: string[], sign: string) =>
    some
      .filter((line) => !others.includes(line))
      .slice(0, 12)
      .map((line) => `    ${sign} ${line}`);
  const lines = [`    $ ${wanted.command.split("\n")[0]}`];
  lines.push(...only(wanted.printed, got.printed, "-"), ...only(got.printed, wanted.printed, "+"));
  if (lines.length === 1 && wanted.printed.join("\n") !== got.printed.join("\n"))
    lines.push("    (the same lines in another order or number)");
  if (wanted.status !== got.status) lines.push(`    exit status ${wanted.status} wanted, ${got.status} got`);
  return lines;
}

/** The last lines of a report, and how many differences no exception explains. */
export function summary(
  results: FolderResult[],
  exceptions: Exception[],
): { lines: string[]; unexplained: number } {
  const lines: string[] = [];
  let unexplained = 0;
  for (const { name, cases, commands, differences } of results) {
    const open = differences.filter(
      ({ case: from, wanted }) =>
        !exceptions.some((entry) => entry.case === from && entry.command === wanted.command.split("\n")[0]),
    );
    unexplained += open.length;
    const share = commands === 0 ? 100 : Math.floor((1000 * (commands - differences.length)) / commands) / 10;
    lines.push(
      `${name}: commands identical: ${commands - differences.length} of ${commands} (${share}%) in ${cases} cases` +
        (open.length > 0 ? `, ${open.length} not in differences.md` : ""),
    );
  }
  return { lines, unexplained };
}
