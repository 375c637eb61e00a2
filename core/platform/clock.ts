import type { Cancellation } from "./cancellation.ts";

/** A moment: nanoseconds since the Unix epoch, as Docker's timestamps count them. */
export type Instant = bigint;

/**
 * Time, as core may know it. In the simulated world it is the kernel's virtual time; in the real world the
 * machine's. Nothing in core reads a clock in any other way.
 */
export interface Clock {
  now(): Instant;
  /** Ends after `milliseconds`, or rejects with Cancelled as soon as `cancellation` is cancelled. */
  sleep(milliseconds: number, cancellation?: Cancellation): Promise<void>;
}
