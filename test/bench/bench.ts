// Prints how fast the simulated world is: npm run bench [-- --only NAME[,NAME]]
//
// run       docker run --rm busybox true, in process
// scale     docker ps -a and docker images with 10,000 images over 500 shared layers and 10,000 containers; the heap
// replay    a session of 1,000 command lines
// page      what a browser fetches until `docker ps` has printed, and when that is
//
// Times are of this machine, at this moment; each line also says what the project wants them to be below.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const only = process.argv.includes("--only")
  ? process.argv[process.argv.indexOf("--only") + 1]!.split(",")
  : undefined;
for (const name of ["run", "scale", "replay", "page"]) {
  if (only && !only.includes(name)) continue;
  // A process for each, so that none measures another's heap.
  const script = fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
  execFileSync(process.execPath, ["--expose-gc", "--import", "tsx", script], { stdio: "inherit" });
}
