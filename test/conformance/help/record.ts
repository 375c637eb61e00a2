// Records the flags and usage lines of the real docker CLI (the one on PATH, against DOCKER_HOST) in recorded/help.json:
//   npx tsx test/conformance/help/record.ts
// Only facts are kept: usage lines, aliases, names, shorthands, types and defaults; Docker's sentences stay there.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { here } from "../play.ts";
import { parseHelp, type HelpRecord } from "./help.ts";

/** The commands that Drydock has, as one types them. */
const commands =
  "attach build commit cp create diff events exec export history images import info inspect kill load login logout " +
  "logs pause port ps pull push rename restart rm rmi run save search start stats stop tag top unpause update " +
  "version wait";
/** The groups, recorded with all their commands. */
const groups = "container image network volume system builder context";

function helpOf(words: string[]): string {
  const run = spawnSync("docker", [...words, "--help"], {
    encoding: "utf8",
    env: { ...process.env, DOCKER_BUILDKIT: "0", COLUMNS: "1000" },
  });
  if (run.status !== 0) throw new Error(`docker ${words.join(" ")} --help: ${run.stderr}`);
  return run.stdout;
}

const recorded: HelpRecord = {};
const record = (words: string[]) => {
  const help = parseHelp(helpOf(words));
  recorded[["docker", ...words].join(" ")] = help;
  return help;
};
const all = record([]);
const known = new Set([...commands.split(" "), ...groups.split(" ")]);
all.commands = all.commands.filter((name) => known.has(name));
for (const name of commands.split(" ")) record([name]);
for (const group of groups.split(" ")) for (const name of record([group]).commands) record([group, name]);
writeFileSync(join(here, "recorded", "help.json"), JSON.stringify(recorded, null, 1) + "\n");
const flags = Object.values(recorded).reduce((sum, { flags }) => sum + flags.length, 0);
console.log(`${Object.keys(recorded).length} commands, ${flags} flags recorded`);
