import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Case } from "./case.ts";
import { normaliser } from "./normalise.ts";

/** The folder of this suite. */
export const here = dirname(fileURLToPath(import.meta.url));
/** Where busybox.tar is, seen from the shell as $FIXTURES. */
export const fixtures = join(here, "fixtures");

/** The shell that plays cases: a program that reads a script from standard input. */
export interface Player {
  /** The program and its arguments. */
  command: string[];
  /** Its environment, beside what every case gets. */
  env?: NodeJS.ProcessEnv;
  /** The script that empties the engine before each case and provides busybox. */
  setup: string;
}

const mark = "@@conformance@@";

/** Plays a case in one shell, in an empty directory, and answers the case as it was printed this time.
 * A command that the shell did not live to run has status 255. `onStep` is told when the command at `at` begins. */
export async function playCase(
  test: Case,
  player: Player,
  onStep: (at: number) => void = () => {},
): Promise<Case> {
  const cwd = mkdtempSync(join(tmpdir(), "conformance-"));
  try {
    const body = test.steps.map(
      ({ command }, at) => `{ ${command}\n} 2>&1 </dev/null\nprintf '\\n%s %s %s\\n' '${mark}' ${at} $?\n`,
    );
    const head = `FIXTURES='${fixtures}'; export FIXTURES\n{\n${readFileSync(player.setup, "utf8")}\n} >/dev/null 2>&1\n`;
    const text = await runScript(
      `${head}printf '%s setup 0\\n' '${mark}'\n${body.join("")}`,
      cwd,
      player,
      (printed) => onStep(printed.split(mark).length - 2),
    );
    const blocks = new Map<string, { text: string; status: number }>();
    let from = 0;
    for (const found of text.matchAll(new RegExp(`${mark} (\\w+) (\\d+)\\n`, "g"))) {
      blocks.set(found[1]!, { text: text.slice(from, found.index), status: Number(found[2]) });
      from = found.index + found[0].length;
    }
    const tidy = normaliser(cwd);
    const missing = { text: `(the shell ended before this command: ${text.slice(-200)})`, status: 255 };
    const steps = test.steps.map(({ command }, at) => {
      const block = blocks.get(String(at)) ?? missing;
      const printed = block.text.replace(/\n$/, "").replace(/\r\n/g, "\n").replace(/\n$/, "");
      return { command, printed: printed === "" ? [] : tidy(printed.split("\n")), status: block.status };
    });
    return { head: test.head, steps };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

function runScript(
  script: string,
  cwd: string,
  player: Player,
  onPrinted: (soFar: string) => void,
): Promise<string> {
  const [program, ...rest] = player.command;
  const env = {
    ...process.env,
    ...player.env,
    FIXTURES: fixtures,
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
    COLUMNS: "200",
    DOCKER_CLI_HINTS: "false",
  };
  return new Promise((resolve) => {
    const shell = spawn(program!, rest, { cwd, env, detached: true });
    // What a case left running holds the pipes open, so the whole group is ended: when a command hangs, and a
    // little after the shell's own end.
    const endGroup = () => {
      try {
        process.kill(-shell.pid!, "SIGKILL");
      } catch {
        // nobody is left
      }
    };
    const timer = setTimeout(endGroup, 120_000);
    shell.on("exit", () => setTimeout(endGroup, 300).unref());
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    shell.stdout.on("data", (chunk: Buffer) => {
      out.push(chunk);
      if (chunk.includes(mark)) onPrinted(Buffer.concat(out).toString());
    });
    shell.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    const done = (failure: string) => {
      clearTimeout(timer);
      resolve(Buffer.concat(out).toString() + failure + Buffer.concat(err).toString());
    };
    shell.on("error", (error) => done(`\n${error.message}\n`));
    shell.on("close", (_status, signal) => done(signal ? `\nthe shell was ended by ${signal}\n` : ""));
    shell.stdin.on("error", () => {}); // a shell that ended early shows in the missing commands
    shell.stdin.end(script);
  });
}
