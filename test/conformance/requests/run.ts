// Compares the HTTP requests that a docker command line sends with those of Docker's own CLI 28.2.2:
//   npx tsx test/conformance/requests/run.ts [--engine SOCKET] [--docker PROGRAM] [--only NAME[,NAME]] [--record]
//
// --engine  the engine's socket; a simulated engine of dist/drydock is started when not said.
// --docker  a folder that holds the `docker` to be used, put first on PATH; `drydock docker` when not said.
// --record  records instead, with the `docker` on PATH: each case twice, what differs is marked unsteady.
//
// Prints each command that differs and last "commands with the same requests: N of M"; the exit status is 0 where
// all that differs stands in differences.md (cell F).
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { drydock, serve } from "../cells.ts";
import { readExceptions } from "../differences.ts";
import { here } from "../play.ts";
import {
  compareRequests,
  readRecorded,
  recordedPath,
  requestsOfCase,
  store,
  type CommandRequests,
} from "./requests.ts";

const args = process.argv.slice(2);
const value = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const record = args.includes("--record");
const only = value("--only")?.split(",");
const home = mkdtempSync(join(tmpdir(), "requests-run-"));
const started = value("--engine") ? undefined : serve(join(home, "engine.sock"));

try {
  await started?.ready;
  const engine = value("--engine") ?? join(home, "engine.sock");
  const docker = record ? undefined : (value("--docker") ?? drydockAsDocker());
  const player = {
    command: ["sh"],
    env: { DOCKER_CONFIG: home, ...(docker ? { PATH: `${docker}:${process.env.PATH}` } : {}) },
    setup: join(here, "setup.sh"),
  };
  let compared = 0;
  let same = 0;
  let unexplained = 0;
  const exceptions = readExceptions("F");
  for (const folder of ["given", "added"])
    for (const file of readdirSync(join(here, "cases", folder)).sort()) {
      const name = file.replace(/\.case$/, "");
      if (only && !only.includes(name)) continue;
      const path = join(here, "cases", folder, file);
      const got = await requestsOfCase(path, engine, player);
      if (record) {
        const again = await requestsOfCase(path, engine, player);
        const steady = got.map((one, at): CommandRequests => {
          const same = JSON.stringify(one) === JSON.stringify(again[at]);
          return same ? one : { command: one.command, requests: "unsteady" };
        });
        mkdirSync(dirname(recordedPath(path)), { recursive: true });
        writeFileSync(recordedPath(path), JSON.stringify(store(steady), null, 1) + "\n");
        console.log(
          `${folder}/${name}: ${steady.filter(({ requests }) => requests === "unsteady").length} unsteady`,
        );
        continue;
      }
      const wanted = readRecorded(path);
      if (!wanted) continue;
      const result = compareRequests(name, wanted, got);
      compared += result.compared;
      same += result.compared - result.differences.length;
      for (const { command, missing, surplus } of result.differences) {
        if (!exceptions.some((entry) => entry.case === name && entry.command === command)) unexplained++;
        console.log(`✗ ${folder}/${name}\n    $ ${command}`);
        for (const line of missing) console.log(`    - ${line}`);
        for (const line of surplus) console.log(`    + ${line}`);
      }
    }
  if (!record) {
    console.log(`commands with the same requests: ${same} of ${compared}`);
    process.exitCode = unexplained === 0 ? 0 : 1;
  }
} finally {
  started?.daemon.kill();
  rmSync(home, { recursive: true, force: true });
}

/** A folder with a `docker` that is this project's command line. */
function drydockAsDocker(): string {
  const program = join(home, "docker");
  writeFileSync(program, `#!/bin/sh\nexec '${drydock}' docker "$@"\n`);
  chmodSync(program, 0o755);
  return home;
}
