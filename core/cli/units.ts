import type { Instant } from "../platform/clock.ts";
import { formatFloat } from "./template/floats.ts";

const decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
const binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

/** A size with `precision` significant digits in the unit that keeps it under `base`. */
function scaled(size: number, base: number, units: readonly string[], precision: number): string {
  let at = 0;
  for (; size >= base && at < units.length - 1; at++) size /= base;
  return formatFloat(size, "g", precision) + units[at]!;
}

/** A size in steps of 1000: "4.134MB" (docker images asks for three digits: "4.13MB"). */
export function humanSize(bytes: number | bigint, precision = 4): string {
  return scaled(Number(bytes), 1000, decimal, precision);
}

/** A size in steps of 1024: "3.875MiB". */
export function bytesSize(bytes: number | bigint): string {
  return scaled(Number(bytes), 1024, binary, 4);
}

/** A span of seconds in words: "About a minute", "3 hours", "2 weeks". */
export function humanDuration(span: number): string {
  const seconds = Math.trunc(span);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.trunc(span / 60);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.trunc(span / 3600 + 0.5);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  if (hours < 24 * 7 * 2) return `${Math.trunc(hours / 24)} days`;
  if (hours < 24 * 30 * 2) return `${Math.trunc(hours / 24 / 7)} weeks`;
  if (hours < 24 * 365 * 2) return `${Math.trunc(hours / 24 / 30)} months`;
  return `${Math.trunc(Math.trunc(span / 3600) / 24 / 365)} years`;
}

/** How long before `now` a moment (seconds since the epoch) was: "2 minutes ago". */
export function ago(now: Instant, seconds: number): string {
  return `${humanDuration(Number(now) / 1e9 - seconds)} ago`;
}
