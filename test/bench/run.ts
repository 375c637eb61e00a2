import { median, report, startMachine, timed } from "./machine.ts";

const { docker } = await startMachine();
await docker("pull", "-q", "busybox");
const times = await timed(200, () => docker("run", "--rm", "busybox", "true"));
report("docker run --rm busybox true, median", `${median(times).toFixed(2)} ms`, "< 5 ms");
process.exit(0);
