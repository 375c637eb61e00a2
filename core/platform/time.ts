import type { Instant } from "./clock.ts";

/** Days from 1970-01-01 to a date of the Gregorian calendar. */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719468;
}

const second = 1_000_000_000n;

/** An instant as RFC 3339 in UTC with as many decimals as it needs, as Go writes a time in JSON. */
export function formatTime(instant: Instant): string {
  const fraction = ((instant % second) + second) % second;
  const decimals = fraction === 0n ? "" : `.${String(fraction).padStart(9, "0").replace(/0+$/, "")}`;
  return `${formatSeconds(Number((instant - fraction) / second))}${decimals}Z`;
}

/** As formatTime, always with nine decimals, as log lines have it. */
export function formatTimeFixed(instant: Instant): string {
  const fraction = ((instant % second) + second) % second;
  return `${formatSeconds(Number((instant - fraction) / second))}.${String(fraction).padStart(9, "0")}Z`;
}

/** As formatTime, in whole seconds. */
export function formatTimeSeconds(instant: Instant): string {
  return `${formatSeconds(Number(instant / second))}Z`;
}

function formatSeconds(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return iso.slice(0, 19);
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|z|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 time. Throws a RangeError for what is none. */
export function parseTime(text: string): Instant {
  const parts = rfc3339.exec(text);
  if (!parts) throw new RangeError(`parsing time ${JSON.stringify(text)}`);
  const [, year, month, day, hour, minute, seconds, fraction = "", zone = "Z"] = parts;
  const days = daysOf(Number(year), Number(month), Number(day));
  const offset = /^[Zz]$/.test(zone)
    ? 0
    : (zone.startsWith("-") ? -1 : 1) * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(4)) * 60);
  const whole = days * 86400 + Number(hour) * 3600 + Number(minute) * 60 + Number(seconds) - offset;
  return BigInt(whole) * second + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

/** A span in words, as Docker's units package has it: "Less than a second", "About a minute", "3 weeks". */
export function goDuration(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds / second);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.floor(seconds / 3600 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.floor(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.floor(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24 / 30)} months`;
  return `${Math.floor(seconds / 3600 / 24 / 365)} years`;
}
