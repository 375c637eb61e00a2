import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomBytes } from "node:crypto";
import type { ByteSink } from "../core/platform/bytes.ts";
import { readLog, writeLog } from "../core/session/log.ts";
import { Session, type SessionSurroundings } from "../core/session/session.ts";
import { jumping, wallPacer } from "../core/simulation/kernel/pacing.ts";
import { takeOptions } from "./options.ts";
import { SharedDirectory } from "./simulated/shared-directory.ts";
import { sharedPaths } from "./simulated/shared-paths.ts";
import { epochNow, nodeSurroundings, wallClock } from "./simulated/surroundings.ts";
import { sinkInto, sourceFrom } from "./streams.ts";

/** Variables of the real environment that mean the same inside. */
const passed =
  /^(TERM|COLORTERM|NO_COLOR|LANG|LC_.*|TZ|COLUMNS|LINES|DOCKER_CLI_HINTS|DOCKER_BUILDKIT|DOCKER_CONTENT_TRUST)$/;

/**
 * `drydock shell`: the simulated host on this terminal, or, where standard input is none, running it as a script as sh does.
 * Time is the wall clock's on a terminal; a script does not wait for it.
 */
export async function shell(args: string[]): Promise<number> {
  const { values, positionals } = takeOptions("shell", args, {
    with: { type: "string", multiple: true },
    state: { type: "string" },
    log: { type: "string" },
  });
  if (positionals.length > 0) throw new Error(`shell: unexpected argument ${positionals[0]}`);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const surroundings: SessionSurroundings = {
    ...nodeSurroundings,
    pace: (elapsed) => (terminal ? wallPacer(wallClock, elapsed) : jumping),
    shared: (path, device) => new SharedDirectory(path, device),
    output: (line) => ({ stdout: openSink(line, process.stdout), stderr: openSink(line, process.stderr) }),
  };
  const cwd = realpathSync(process.cwd());
  const start = {
    seed: Number(randomBytes(6).readUIntBE(0, 6)),
    epoch: epochNow(),
    directories: [cwd],
    shared: sharedPaths(values.with ?? []),
  };
  const kept = values.state === undefined ? undefined : join(values.state, "session.log");
  const session =
    kept !== undefined && existsSync(kept)
      ? await reboot(readFileSync(kept, "utf8"), surroundings)
      : await Session.start(start, surroundings);
  const line = session.lines.length;
  const size = () => ({ columns: process.stdout.columns, rows: process.stdout.rows });
  await session.input({
    kind: "open",
    line,
    path: terminal ? "/usr/bin/bash" : "/usr/bin/sh",
    argv: [terminal ? "bash" : "sh"],
    env: environment(),
    cwd,
    terminal: terminal ? size() : null,
  });
  shownLine = line;
  if (terminal) {
    process.stdin.setRawMode(true);
    process.stdout.on("resize", () => void session.input({ kind: "resize", line, ...size() }));
  }
  void feed(session, line);
  const status = await session.lines[line]!.ended;
  await session.flushed();
  if (terminal) process.stdin.setRawMode(false);
  await session.input({ kind: "close" });
  if (kept !== undefined) {
    mkdirSync(values.state!, { recursive: true });
    replaceFile(kept, writeLog(session.log));
  }
  if (values.log !== undefined) replaceFile(values.log, writeLog(session.log));
  return status;
}

/** The line whose output is shown; what a kept machine printed earlier is not printed again. */
let shownLine = -1;

function openSink(line: number, stream: NodeJS.WriteStream): ByteSink {
  const sink = sinkInto(stream);
  return {
    write: async (bytes) => (line === shownLine || shownLine < 0 ? sink.write(bytes) : undefined),
    close: () => {},
    abort: () => {},
  };
}

/** A machine that was kept, after a power cut. */
async function reboot(text: string, surroundings: SessionSurroundings): Promise<Session> {
  shownLine = Infinity;
  const session = await Session.replay(readLog(text), surroundings);
  await session.input({ kind: "power cut", date: epochNow() });
  return session;
}

async function feed(session: Session, line: number): Promise<void> {
  const stdin = sourceFrom(process.stdin);
  for (let bytes = await stdin.read(); bytes; bytes = await stdin.read())
    await session.input({ kind: "keys", line, bytes: bytes.slice() });
  await session.input({ kind: "end", line });
}

function environment(): string[] {
  const env: Record<string, string> = {
    HOME: "/root",
    USER: "root",
    LOGNAME: "root",
    SHELL: "/bin/bash",
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  };
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined && passed.test(name)) env[name] = value;
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

/** Written aside first: what was there stays whole until the new is. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text);
  renameSync(`${path}.new`, path);
}
