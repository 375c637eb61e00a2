// Prints how fast the simulated world is: npm run bench [-- --only NAME[,NAME]]
//
// run       docker run --rm busybox true, in process
// scale     docker ps -a and docker images with 10,000 images over 500 shared layers and 10,000 containers; the heap
// replay    a session of 1,000 command lines
// page      what a browser fetches until `docker ps` has printed, and when that is
//
// Times are of this machine, at this moment; each line also says what the project wants them to be below.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));
const only = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1]!.split(",")
  : undefined;
const execute = (...args: string[]) => execFileSync(process.execPath, args, { stdio: "inherit" });
const bundles = mkdtempSync(join(root, "node_modules", ".bench-"));
try {
  for (const name of ["run", "scale", "replay", "page"]) {
    if (only && !only.includes(name)) continue;
    const script = join(root, "test/bench", `${name}.ts`);
    if (name === "page") {
      execute("--import", "tsx", script);
      continue;
    }
    // Bundled as the product is: what tsx adds to the source for debugging takes a third of the time.
    await build({
      root,
      configFile: false,
      logLevel: "warn",
      build: { ssr: script, outDir: bundles, minify: false, target: "node20", emptyOutDir: false },
    });
    // A process for each, so that none measures another's heap.
    execute("--expose-gc", join(bundles, `${name}.js`));
  }
} finally {
  rmSync(bundles, { recursive: true });
}
