// npm test: from a fresh clone to the last test. What the machine lacks is installed where that is possible (root on
// Debian), else the tests that need it are skipped, and every skip is said aloud at the end.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "../node-backend/setup/build.mjs";
import { ensurePackages, root } from "../node-backend/setup/packages.mjs";

const have = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** Debian packages by the program that the tests look for. */
const wanted = { chromium: "chromium", script: "bsdutils", curl: "curl", busybox: "busybox-static" };

function installTools() {
  const missing = Object.keys(wanted).filter((program) => !have(program));
  if (missing.length === 0 || process.getuid?.() !== 0 || !have("apt-get")) return;
  console.log(`Installing ${missing.join(", ")}…`);
  const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  spawnSync("apt-get", ["update", "-q"], options);
  for (const program of missing)
    spawnSync("apt-get", ["install", "-yq", "--no-install-recommends", wanted[program]], options);
}

let failedSteps = 0;
function step(title, args) {
  console.log(`\n— ${title}`);
  if (spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status !== 0) failedSteps++;
}
const bin = (path) => join(root, "node_modules", path);

ensurePackages();
installTools();
ensureBuilt();
step("formatting", [bin("prettier/bin/prettier.cjs"), "--check", "--log-level", "warn", "."]);
for (const folder of ["core", "node-backend", "test"])
  step(`types: ${folder}`, [bin("typescript/bin/tsc"), "-p", folder]);
step("types: web", [
  bin("svelte-check/bin/svelte-check"),
  "--tsconfig",
  "web/tsconfig.json",
  "--output",
  "human",
]);

const results = join(root, ".cache/vitest.json");
mkdirSync(join(root, ".cache"), { recursive: true });
rmSync(results, { force: true });
step("tests", [
  bin("vitest/vitest.mjs"),
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${results}`,
  ...process.argv.slice(2),
]);

if (!existsSync(results)) {
  console.log("The tests did not run.\n0 passed, 1 failed");
  process.exit(1);
}
const report = JSON.parse(readFileSync(results, "utf8"));
const skipped = report.testResults.flatMap((file) =>
  file.assertionResults.filter((test) => ["pending", "skipped", "todo"].includes(test.status)),
);
for (const test of skipped) console.log(`skipped: ${test.fullName}`);
const failed = report.numFailedTests + (report.numFailedTests === 0 && !report.success ? 1 : 0) + failedSteps;
console.log(`${report.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped`);
process.exit(failed === 0 ? 0 : 1);
