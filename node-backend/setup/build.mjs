// Builds dist/ when a source file is newer than what was built from it.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root, run } from "./packages.mjs";

const sources = [
  "core",
  "node-backend",
  "web",
  "lessons",
  "package-lock.json",
  "vite.config.ts",
  "tsconfig.base.json",
];
const stamp = join(root, "dist/.built-from");

/** A digest over the names, sizes and times of every source file. */
function fingerprint() {
  const hash = createHash("sha256");
  const visit = (path) => {
    const stat = statSync(path);
    if (stat.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
    else if (!path.endsWith(".test.ts")) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of sources) if (existsSync(join(root, source))) visit(join(root, source));
  return hash.digest("hex");
}

/** Builds the command and the page; with `always` even when they are up to date. */
export function ensureBuilt({ always = false } = {}) {
  const wanted = fingerprint();
  if (!always && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Building…");
  const vite = join(root, "node_modules/vite/bin/vite.js");
  run(process.execPath, [vite, "build", "--mode", "node", "--logLevel", "warn"]);
  run(process.execPath, [vite, "build", "--logLevel", "warn"]);
  mkdirSync(join(root, "dist"), { recursive: true });
  writeFileSync(stamp, wanted);
}

if (process.argv[1] === import.meta.filename) ensureBuilt({ always: true });
