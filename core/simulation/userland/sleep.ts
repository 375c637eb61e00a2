import { sys } from "../kernel/syscalls.ts";
import { missingOperand } from "./mkdir.ts";
import type { UserProgram } from "./user-program.ts";

const units: Record<string, number> = { "": 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Seconds of "5", "0.1s", "2m" or "infinity"; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  if (/^inf(inity)?$/i.test(text)) return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * units[match[2]!]! : undefined;
}

export const sleep: UserProgram = {
  names: ["sleep"],
  usage: "[N]...",
  summary:
    "Pause for a time equal to the total of the args given, where each arg can have an optional suffix of (s)econds, (m)inutes, (h)ours, or (d)ays",
  *main(io) {
    const options = yield* io.options({ short: "" });
    if (options.operands.length === 0) return yield* missingOperand(io);
    let total = 0;
    for (const text of options.operands) {
      const seconds = parseDuration(text);
      if (seconds !== undefined) {
        total += seconds;
        continue;
      }
      if (io.busybox) return yield* io.fail(`invalid number '${text}'`);
      yield* io.complain(`invalid time interval ‘${text}’`);
      return yield* io.usage();
    }
    // The kernel counts in 64 bits of nanoseconds; nobody waits longer.
    yield* sys.nanosleep(Math.min(total, 9e8) * 1e9);
    return 0;
  },
};
