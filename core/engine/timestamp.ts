import { systemError } from "../errors/errors.ts";
import type { Instant } from "../platform/clock.ts";
import { parseTime } from "../platform/time.ts";

const units: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * A moment as docker's until and since filters take it: seconds since the epoch ("1700000000.5"), a span before now ("10m",
 * "1h30m"), or a time in one of RFC 3339's forms, shortened from the end ("2024-01-02", "2024-01-02T15:04"); without zone it is UTC.
 * Throws `failed to parse value as time or duration: "x"`.
 */
export function parseTimestamp(value: string, now: Instant): Instant {
  const span = parseSpan(value);
  if (span !== undefined) return now - span;
  const unix = /^(-?\d+)(?:\.(\d+))?$/.exec(value);
  if (unix) return BigInt(unix[1]!) * 1_000_000_000n + BigInt((unix[2] ?? "").slice(0, 9).padEnd(9, "0"));
  const date =
    /^(\d{4})(?:-(\d\d?)(?:-(\d\d?)(?:T(\d\d?)(?::(\d\d)(?::(\d\d)(\.\d+)?)?)?)?)?)?(Z|[+-]\d\d:\d\d)?$/.exec(
      value,
    );
  if (date && (value.includes("-") || value.includes("T"))) {
    const [
      ,
      year,
      month = "1",
      day = "1",
      hour = "0",
      minute = "00",
      second = "00",
      fraction = "",
      zone = "Z",
    ] = date;
    const two = (digits: string) => digits.padStart(2, "0");
    try {
      return parseTime(
        `${year}-${two(month)}-${two(day)}T${two(hour)}:${minute}:${second}${fraction}${zone}`,
      );
    } catch {
      // Not a date of the calendar: said below.
    }
  }
  throw systemError(`failed to parse value as time or duration: ${JSON.stringify(value)}`);
}

/** Go's duration in nanoseconds. */
function parseSpan(value: string): bigint | undefined {
  const signed = /^([+-]?)(.+)$/.exec(value);
  if (!signed) return undefined;
  let total = 0;
  let rest = signed[2]!;
  while (rest !== "") {
    const part = /^(\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h)/.exec(rest);
    if (!part) return undefined;
    total += Number(part[1]) * units[part[2]!]!;
    rest = rest.slice(part[0].length);
  }
  return BigInt(Math.round(signed[1] === "-" ? -total : total));
}
