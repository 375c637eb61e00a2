import { signalNumber } from "./signals.ts";
import type { WaitStatus } from "./calls.ts";

/** The status that a shell gives to `$?`: the exit status, or 128 + the number of the signal that ended or stopped it. */
export function shellStatus(status: WaitStatus): number {
  if (status.kind === "exited") return status.code;
  if (status.kind === "continued") return 0;
  return 128 + signalNumber(status.signal);
}
