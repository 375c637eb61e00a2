// Plays the recorded cases through one command line against one engine, and compares every line and exit
// status with what Docker Engine 28.5.2 and its CLI 28.2.2 printed.
//
//   npx tsx test/conformance/run.ts [--cases DIR[,DIR]] [--only NAME[,NAME]] [--shell CMD] [--setup SCRIPT]
//                                   [--jobs N] [--record] [--cell LETTER] [--quiet]
//
// --cases  given, added (the folders of cases/; both when not said) or any directory.
// --shell  a program that reads a script from standard input, such as a simulated host; `sh` when not said, so
//          that DOCKER_HOST and the `docker` on PATH decide what is under test.
// --jobs   cases at a time (1 when not said: an engine of its own for each case is needed for more).
// --record writes what was printed back into the case files instead of comparing.
// --cell   the letter by which differences.md excepts commands.
//
// The cells; cells.ts starts what B and C need (`npm run conformance -- --cell B`):
//   (A) recording                  sh, real CLI, real engine, with --record
//   (B) own shell                  --shell "dist/drydock shell --with test/conformance/fixtures"
//   (C) real CLI, simulated engine drydock serve --engine simulated --host unix:///PATH --with /tmp, DOCKER_HOST=unix:///PATH
//   (F) own CLI, real engine       a `docker` first on PATH that is `exec drydock docker "$@"`
// Where the engine is real and offline, REGISTRY_TAR names the archive that `fixtures/make-registry` makes.
//
// Where the engine is real, forget its images first: loading an image that is there already leaks a layer in Docker 28
// (save-load-more does), and then a pull says "Already exists" and a removal deletes one layer less.
//
// A case that needs a terminal calls util-linux's `script` itself, keys piped in with pauses, and what the
// terminal received is made printable with `cat -v`; so a simulated shell needs `script` and nothing else:
//   (sleep 1; printf 'exit\r') | script -qec 'stty cols 80 rows 24; docker run -it busybox' /dev/null | cat -v
//
// Prints each command that differs, and last the share of identical commands for each folder of cases.
// The exit status is 0 where all that differs stands in differences.md.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readExceptions } from "./differences.ts";
import { here, type Player } from "./play.ts";
import { playFolder, summary, type FolderResult } from "./suite.ts";

const args = process.argv.slice(2);
const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);

const player: Player = {
  command: (value("--shell") ?? "sh").split(" "),
  setup: value("--setup") ?? join(here, "setup.sh"),
};
const results: FolderResult[] = [];
for (const folder of (value("--cases") ?? "given,added").split(",")) {
  const known = join(here, "cases", folder);
  results.push(
    await playFolder(existsSync(known) ? known : resolve(folder), {
      players: Array.from({ length: Number(value("--jobs") ?? 1) }, () => player),
      only: value("--only")?.split(","),
      record: args.includes("--record"),
      quiet: args.includes("--quiet"),
      report: (line) => console.log(line),
    }),
  );
}
const { lines, unexplained } = summary(results, readExceptions(value("--cell")));
for (const line of lines) console.log(line);
process.exitCode = unexplained === 0 ? 0 : 1;
