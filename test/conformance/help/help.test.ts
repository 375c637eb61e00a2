import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { drydock, serve } from "../cells.ts";
import { readExceptions } from "../differences.ts";
import { here } from "../play.ts";
import { compareHelp, parseHelp, type HelpRecord } from "./help.ts";

const sample = `Usage:  docker x [OPTIONS] A
	docker x [OPTIONS] B

A sentence.

Aliases:
  docker group x, docker x

Options:
  -a, --all            A switch that is
                       described on two lines (default true)
      --cpus decimal   A value
  -f, --file string    Another (default "it")

Run 'docker x --help' for more information
`;

test("usage, aliases and flags are read, sentences are not", () => {
  expect(parseHelp(sample)).toEqual({
    usage: ["docker x [OPTIONS] A", "docker x [OPTIONS] B"],
    aliases: ["docker group x", "docker x"],
    commands: [],
    flags: [
      { name: "all", shorthand: "a", default: "true" },
      { name: "cpus", type: "decimal" },
      { name: "file", shorthand: "f", type: "string", default: '"it"' },
    ],
  });
});

test("a group's commands are read", () => {
  expect(
    parseHelp("Usage:  docker g COMMAND\n\nCommands:\n  one   Does one\n  two*  Does two\n").commands,
  ).toEqual(["one", "two"]);
});

test("every command takes the flags of Docker's CLI 28.2.2", { timeout: 120_000 }, async () => {
  const recorded = JSON.parse(readFileSync(join(here, "recorded", "help.json"), "utf8")) as HelpRecord;
  const listed = readExceptions()
    .filter((entry) => entry.case === "help")
    .map(({ command }) => command);
  // Docker shows the flags that the engine supports, so there has to be one.
  const home = mkdtempSync(join(tmpdir(), "help-"));
  const engine = serve(join(home, "engine.sock"));
  onTestFinished(() => {
    engine.daemon.kill();
    rmSync(home, { recursive: true, force: true });
  });
  await engine.ready;
  const helpOf = (argv: string[]) => {
    const env = { ...process.env, DOCKER_BUILDKIT: "0", DOCKER_HOST: `unix://${engine.socket}` };
    const run = spawnSync(drydock, ["docker", ...argv], { encoding: "utf8", env });
    if (run.error) throw run.error;
    return run.stdout;
  };
  const differences = await compareHelp(recorded, helpOf);
  expect(differences.filter(({ subject }) => !listed.includes(subject))).toEqual([]);
});
