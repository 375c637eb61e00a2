import { readFileSync } from "node:fs";
import { readLog } from "../core/session/log.ts";
import { Session } from "../core/session/session.ts";
import { still } from "../core/simulation/kernel/pacing.ts";
import { takeOptions } from "./options.ts";
import { nodeSurroundings } from "./simulated/surroundings.ts";
import { sinkInto } from "./streams.ts";

/** `drydock replay FILE`: makes again what a session's log tells, with its output, and prints the machine's digest. */
export async function replay(args: string[]): Promise<number> {
  const { positionals } = takeOptions("replay", args, {});
  if (positionals.length !== 1) throw new Error("replay: want one FILE");
  const session = await Session.replay(readLog(readFileSync(positionals[0]!, "utf8")), {
    ...nodeSurroundings,
    pace: () => still,
    output: () => ({ stdout: kept(process.stdout), stderr: kept(process.stderr) }),
  });
  const digest = session.digest();
  await session.flushed();
  console.log(digest);
  return 0;
}

/** The stream outlives the lines that print to it. */
function kept(stream: NodeJS.WriteStream) {
  return { ...sinkInto(stream), close: () => {}, abort: () => {} };
}
