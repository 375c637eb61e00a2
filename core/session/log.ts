import type { Instant } from "../platform/clock.ts";
import type { SharedAnswer } from "./shared-answers.ts";

/**
 * What came into a simulated machine from outside, in order: with the seed, everything that follows from it can be made
 * again, to the last byte.
 */
export interface SessionLog {
  /** Version of this format and of how the simulated world behaves; another one's log cannot be replayed. */
  format: typeof sessionFormat;
  /** Seed of all randomness. */
  seed: number;
  /** The moment of the first boot. */
  epoch: Instant;
  hostname: string;
  /** Directories of the disk that were there from the start, empty. */
  directories: string[];
  /** Where directories of the real machine show. */
  shared: string[];
  entries: LogEntry[];
}

export const sessionFormat = 1;

/** One input and when it came: after so many turns of the kernel's loop, at so many virtual nanoseconds since the epoch. */
export interface LogEntry {
  turn: number;
  at: number;
  input: SessionInput;
}

export type SessionInput =
  /** A program was started on the host with its standard streams at `line`: a terminal, or three pipes. */
  | {
      kind: "open";
      line: number;
      path: string;
      argv: string[];
      env: string[];
      cwd: string;
      terminal: { columns: number; rows: number } | null;
    }
  | { kind: "keys"; line: number; bytes: Uint8Array }
  /** Nothing more comes at `line`. */
  | { kind: "end"; line: number }
  | { kind: "resize"; line: number; columns: number; rows: number }
  | { kind: "signal"; line: number; signal: string }
  /** Nobody takes what `line` prints any more: who writes gets SIGPIPE. */
  | { kind: "unread"; line: number }
  /** The power failed: the disk is what is left, and the host boots anew, at `date`. */
  | { kind: "power cut"; date: Instant }
  /** Nothing: how far the machine had come when the session ended. */
  | { kind: "close" }
  /** What a shared directory of the real machine answered, in the order of the questions. */
  | { kind: "shared"; answer: SharedAnswer };

/** A log as text: a line of JSON for the head, one for each entry. */
export function writeLog(log: SessionLog): string {
  const { entries, ...head } = log;
  return [head, ...entries].map((line) => JSON.stringify(line, encode) + "\n").join("");
}

/** Reads what writeLog wrote. Throws an Error that names the line for anything else. */
export function readLog(text: string): SessionLog {
  const lines = text.split("\n").filter((line) => line !== "");
  const parsed = lines.map((line, at) => {
    try {
      return JSON.parse(line, decode) as unknown;
    } catch {
      throw new Error(`line ${at + 1} is not of a session's log`);
    }
  });
  const [head, ...entries] = parsed as [Partial<SessionLog> | undefined, ...LogEntry[]];
  if (
    typeof head !== "object" ||
    head === null ||
    typeof head.seed !== "number" ||
    typeof head.epoch !== "bigint"
  ) {
    throw new Error("this is not a session's log");
  }
  if (head.format !== sessionFormat)
    throw new Error(
      `this log has format ${String(head.format)}; this Drydock replays format ${sessionFormat}`,
    );
  entries.forEach((entry, at) => {
    if (
      typeof entry?.turn !== "number" ||
      typeof entry.at !== "number" ||
      typeof entry.input?.kind !== "string"
    ) {
      throw new Error(`line ${at + 2} is not of a session's log`);
    }
  });
  const paths = (list: unknown): string[] =>
    Array.isArray(list) ? list.filter((path) => typeof path === "string" && path.startsWith("/")) : [];
  return {
    format: sessionFormat,
    seed: head.seed,
    epoch: head.epoch,
    hostname: String(head.hostname),
    directories: paths(head.directories),
    shared: paths(head.shared),
    entries,
  };
}

// JSON has neither bytes nor big integers.
function encode(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return { $instant: String(value) };
  if (value instanceof Uint8Array)
    return { $bytes: Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("") };
  return value;
}

function decode(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const { $instant, $bytes } = value as { $instant?: unknown; $bytes?: unknown };
  if (typeof $instant === "string" && /^-?\d+$/.test($instant)) return BigInt($instant);
  if (typeof $bytes === "string" && /^([0-9a-f]{2})*$/.test($bytes)) {
    return Uint8Array.from({ length: $bytes.length / 2 }, (_, at) =>
      parseInt($bytes.slice(2 * at, 2 * at + 2), 16),
    );
  }
  return value;
}
