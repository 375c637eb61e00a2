import type { Instant } from "../platform/clock.ts";

/** A line (or the part of a long one) that a container wrote. */
export interface LogRecord {
  stream: "stdout" | "stderr";
  at: Instant;
  /** With its line feed, unless it is a part that goes on in the next record. */
  line: Uint8Array;
}

/** What docker logs asks for. */
export interface LogSelection {
  stdout: boolean;
  stderr: boolean;
  /** Nothing before; undefined: from the beginning. */
  since?: Instant;
  /** Nothing after. */
  until?: Instant;
  /** The last so many records of both streams together, counted before anything else is left out. */
  tail?: number;
  /** Goes on until the container stops. */
  follow: boolean;
}
