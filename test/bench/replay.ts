import { utf8 } from "../../core/platform/bytes.ts";
import { Session } from "../../core/session/session.ts";
import { jumping, still } from "../../core/simulation/kernel/pacing.ts";
import { nodeSurroundings } from "../../node-backend/simulated/surroundings.ts";
import { report } from "./machine.ts";

// What a lesson's hour looks like: a third are docker's, the others walk about in the file system.
const round = (at: number) => [
  `mkdir -p work/${at}`,
  `echo line ${at} > work/${at}/file`,
  `cat work/${at}/file | wc -c`,
  `docker create --name c${at} busybox true`,
  `docker ps -aq | wc -l`,
  `ls work/${at}`,
  `docker tag busybox again:${at}`,
  `docker images -q | sort -u | head -1`,
  `docker rm c${at}`,
  `grep -c line work/${at}/file`,
];
const script =
  ["docker pull -q busybox", ...Array.from({ length: 100 }, (_, at) => round(at)).flat()].join("\n") + "\n";

const silent = () => ({ write: async () => {}, close: () => {}, abort: () => {} });
const output = () => ({ stdout: silent(), stderr: silent() });
const session = await Session.start(
  { seed: 1, epoch: 1_750_000_000_000_000_000n },
  { ...nodeSurroundings, pace: () => jumping, output },
);
const env = ["HOME=/root", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"];
await session.input({
  kind: "open",
  line: 0,
  path: "/usr/bin/sh",
  argv: ["sh"],
  env,
  cwd: "/root",
  terminal: null,
});
await session.input({ kind: "keys", line: 0, bytes: utf8(script) });
await session.input({ kind: "end", line: 0 });
await session.lines[0]!.ended;
await session.input({ kind: "close" });
const wanted = session.digest();

const start = performance.now();
const again = await Session.replay(session.log, { ...nodeSurroundings, pace: () => still, output });
const took = performance.now() - start;
if (again.digest() !== wanted) throw new Error("the replay came to another state");
report("1,000 command lines replayed, to the same digest", `${(took / 1000).toFixed(2)} s`, "< 2 s");
process.exit(0);
