import { median, report, startMachine, timed } from "./machine.ts";

const { docker } = await startMachine();
await docker("pull", "-q", "busybox");
const { times, processor } = await timed(300, () => docker("run", "--rm", "busybox", "true"), 50);
report("docker run --rm busybox true, median", `${median(times).toFixed(2)} ms`, "< 5 ms");
report("  processor time of one", `${processor.toFixed(2)} ms`, "< 5 ms");
process.exit(0);
