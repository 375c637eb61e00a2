// Plays the recorded cases in one cell, with what it needs from dist/drydock started and stopped again:
//   npm run conformance -- --cell B|C [--only NAME[,NAME]] [--cases given|added] [--quiet]
// The exit status is 0 where all that differs stands in differences.md. run.ts tells of the cells.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readExceptions } from "./differences.ts";
import { fixtures, here, type Player } from "./play.ts";
import { playFolder, summary, type FolderResult } from "./suite.ts";

/** A place where the cases can be played by the project itself: B own shell, C real CLI on the simulated engine. */
export type Cell = "B" | "C";

/** What `npm run build` leaves. */
export const drydock = resolve(here, "../../dist/drydock");

/** Why a cell cannot be played on this machine, in words; nothing where it can. Makes the fixtures if need be. */
export function whatLacks(cell: Cell): string | undefined {
  const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
  if (!existsSync(join(fixtures, "busybox.tar")) && spawnSync(join(fixtures, "make")).status !== 0)
    return "no busybox-static to make fixtures/busybox.tar from";
  if (cell === "C" && !has("docker")) return "no docker CLI on PATH";
  if (
    cell === "C" &&
    !/util-linux/.test(spawnSync("script", ["--version"], { encoding: "utf8" }).stdout ?? "")
  )
    return "no `script` of util-linux";
  return undefined;
}

/** Starts what a cell needs: players that can be used at the same time, and an end to it. */
export async function startCell(
  cell: Cell,
  lanes = cell === "C" ? 4 : 2, // in C the clock is the wall clock, and the cases mostly sleep
): Promise<{ players: Player[]; stop: () => void; complaints: () => string[] }> {
  if (!existsSync(drydock)) throw new Error(`${drydock} is missing: npm run build`);
  const setup = join(here, "setup.sh");
  if (cell === "B") {
    const player = { command: [drydock, "shell", "--with", fixtures], setup };
    return { players: Array.from({ length: lanes }, () => player), stop: () => {}, complaints: () => [] };
  }
  const home = mkdtempSync(join(tmpdir(), "drydock-cell-"));
  const engines = Array.from({ length: lanes }, (_, at) => serve(join(home, `${at}.sock`)));
  const stop = () => {
    for (const { daemon } of engines) daemon.kill();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    await Promise.all(engines.map(({ ready }) => ready));
  } catch (error) {
    stop();
    throw error;
  }
  const players = engines.map(({ socket }) => ({
    command: ["sh"],
    env: { DOCKER_HOST: `unix://${socket}`, DOCKER_CONFIG: home },
    setup,
  }));
  const complaints = () => engines.flatMap(({ ended }) => ended() ?? []);
  return { players, stop, complaints };
}

/** A simulated engine behind a socket. */
export function serve(socket: string): {
  socket: string;
  daemon: ChildProcess;
  ready: Promise<void>;
  /** How it ended by itself and its last words; nothing while it lives. */
  ended: () => string | undefined;
} {
  const args = ["serve", "--engine", "simulated", "--host", `unix://${socket}`, "--with", tmpdir()];
  const daemon = spawn(drydock, args, { stdio: ["ignore", "ignore", "pipe"] });
  let complaint = "";
  daemon.stderr.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const ready = new Promise<void>((resolve, reject) => {
    const failed = (why: string) => reject(new Error(`drydock ${args.join(" ")}: ${why}`));
    const late = setTimeout(() => failed("no socket after 20 seconds"), 20_000);
    const look = setInterval(() => {
      if (existsSync(socket)) settle(resolve);
    }, 50);
    const settle = (then: () => void) => {
      clearTimeout(late);
      clearInterval(look);
      then();
    };
    daemon.on("error", (error) => settle(() => failed(error.message)));
    daemon.on("exit", (status) => settle(() => failed(`ended with status ${status}: ${complaint.trim()}`)));
  });
  const ended = () =>
    daemon.exitCode === null && daemon.signalCode === null
      ? undefined
      : `drydock serve ended with ${daemon.signalCode ?? daemon.exitCode}: ${complaint.trim().slice(-2000)}`;
  return { socket, daemon, ready, ended };
}

/** Plays the given and the added cases in a cell. */
export async function playCell(
  cell: Cell,
  options: {
    only?: string[] | undefined;
    folders?: string[];
    quiet?: boolean;
    report: (line: string) => void;
  },
): Promise<FolderResult[]> {
  const { players, stop, complaints } = await startCell(cell);
  try {
    const results: FolderResult[] = [];
    for (const folder of options.folders ?? ["given", "added"])
      results.push(await playFolder(join(here, "cases", folder), { ...options, players }));
    for (const complaint of complaints()) options.report(complaint);
    return results;
  } finally {
    stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const args = process.argv.slice(2);
  const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const cell = value("--cell") === "C" ? "C" : "B";
  const lack = whatLacks(cell);
  if (lack) {
    console.log(`cell ${cell} skipped: ${lack}`);
    process.exit(0);
  }
  const results = await playCell(cell, {
    only: value("--only")?.split(","),
    ...(value("--cases") ? { folders: value("--cases")!.split(",") } : {}),
    quiet: args.includes("--quiet"),
    report: (line) => console.log(line),
  });
  const { lines, unexplained } = summary(results, readExceptions(cell));
  for (const line of lines) console.log(line);
  process.exitCode = unexplained === 0 ? 0 : 1;
}
