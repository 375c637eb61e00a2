import type { Instant } from "../platform/clock.ts";
import { parseDuration } from "./go/duration.ts";
import { quote } from "./go/strconv.ts";
import { parseRfc3339 } from "./timestamps.ts";

/** --since and --until as the API takes them, undefined for "". Throws docker's text for what is no time. */
export function requestTimestamp(flag: "since" | "until", written: string, now: Instant): string | undefined {
  if (written === "") return undefined;
  try {
    return timestamp(written, now);
  } catch (error) {
    throw new Error(`invalid value for "${flag}": ${(error as Error).message}`);
  }
}

/**
 * Seconds since the epoch, with nanoseconds after a point, of a duration before `now` ("10m"), a date or time
 * ("2013-01-02", "2013-01-02T13:23", with a zone or in UTC), or seconds since the epoch as they are.
 */
export function timestamp(written: string, now: Instant): string {
  const span = durationOf(written);
  if (span !== undefined) return String((now - BigInt(span)) / 1_000_000_000n);
  const instant = instantOf(written);
  if (instant !== undefined) {
    const nanoseconds = String(instant % 1_000_000_000n).padStart(9, "0");
    return `${instant / 1_000_000_000n}.${nanoseconds}`;
  }
  // Something with a dash was meant as a date; the reason is what Go says of it.
  if (written.includes("-")) throw new Error(dateError(written));
  if (!/^[+-]?\d+(\.\d+)?$/.test(written))
    throw new Error(`failed to parse value as time or duration: ${quote(written)}`);
  return written;
}

function durationOf(written: string): number | undefined {
  if (written === "0") return undefined;
  try {
    return parseDuration(written);
  } catch {
    return undefined;
  }
}

const dateAndTime = /^(\d{4}-\d\d-\d\d)(?:T(\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?(Z|[+-]\d\d:\d\d)?$/;

function instantOf(written: string): Instant | undefined {
  const found = dateAndTime.exec(written);
  if (!found || outOfRange(written)) return undefined;
  const [, date, hours = "00", minutes = "00", seconds = "00", zone = "Z"] = found;
  return parseRfc3339(`${date}T${hours}:${minutes}:${seconds}${zone}`);
}

function dateError(written: string): string {
  const part = outOfRange(written);
  if (part) return `parsing time ${quote(written)}: ${part} out of range`;
  const zoned = /[zZ+]/.test(written) || written.split("-").length === 4;
  const layout = layoutOf(written, zoned);
  return `parsing time ${quote(written)} as ${quote(layout)}: cannot parse ${quote(written)} as "2006"`;
}

/** Which part of a date or time that looks like one is too large. */
function outOfRange(written: string): string | undefined {
  const [, date, hours = "0", minutes = "0", seconds = "0"] = dateAndTime.exec(written) ?? [];
  if (!date) return undefined;
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  if (month < 1 || month > 12) return "month";
  if (Number(hours) > 23) return "hour";
  if (Number(minutes) > 59) return "minute";
  if (Number(seconds) >= 60) return "second";
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  return day < 1 || day > days ? "day" : undefined;
}

function layoutOf(written: string, zoned: boolean): string {
  const zone = zoned ? "Z07:00" : "";
  if (written.includes(".")) return `2006-01-02T15:04:05.999999999${zone}`;
  if (!written.includes("T")) return `2006-01-02${zone}`;
  const offset = zoned && !/[zZ]/.test(written) ? 1 : 0;
  const colons = Math.max(0, written.split(":").length - 1 - offset);
  return ["2006-01-02T15", "2006-01-02T15:04"][colons]?.concat(zone) ?? `2006-01-02T15:04:05${zone}`;
}
