import type { Cancellation } from "../platform/cancellation.ts";
import { Cancelled } from "../platform/cancellation.ts";
import type { Clock } from "../platform/clock.ts";
import { RegistryError, RequestError, UnexpectedResponse, VerificationFailed } from "./errors.ts";
import { BlobUnknown } from "./repository.ts";

/** Docker's limit for a layer. */
const ATTEMPTS = 5;

const final = ["UNAUTHORIZED", "UNSUPPORTED", "DENIED", "TOOMANYREQUESTS", "NAME_UNKNOWN"];

/** Whether asking again could not help. */
function isFinal(error: unknown): boolean {
  if (error instanceof Cancelled || error instanceof BlobUnknown || error instanceof VerificationFailed)
    return true;
  if (error instanceof RegistryError) return final.includes(error.code);
  if (error instanceof UnexpectedResponse) return error.status < 500;
  if (error instanceof RequestError) return error.reason === "no basic auth credentials";
  return error instanceof Error && error.message.includes("no space left on device");
}

/** Does `work` up to five times, waiting longer each time ("Retrying in 5 seconds"). Rejects with the last error. */
export async function withRetries<T>(
  clock: Clock,
  cancellation: Cancellation,
  tell: (text: string) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || isFinal(error) || cancellation.cancelled) throw shown(error);
    }
    for (let seconds = attempt * 5; seconds > 0; seconds--) {
      await tell(`Retrying in ${seconds} second${seconds === 1 ? "" : "s"}`);
      await clock.sleep(1000, cancellation);
    }
  }
}

/** Of a refusal that is not asked again Docker shows the reason alone. */
function shown(error: unknown): unknown {
  if (error instanceof RequestError && error.reason === "no basic auth credentials")
    return new Error(error.reason);
  return error instanceof RegistryError && isFinal(error) ? error.alone() : error;
}
