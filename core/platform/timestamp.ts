import type { Instant } from "./clock.ts";
import { parseTime } from "./time.ts";

const unit: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Nanoseconds of a Go duration such as "1h30m"; undefined for what is none. */
export function parseDuration(text: string): number | undefined {
  const body = text.replace(/^[+-]/, "");
  if (body === "0") return 0;
  if (!/^(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(body)) return undefined;
  let nanoseconds = 0;
  for (const [, count, name] of body.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g))
    nanoseconds += Number(count) * unit[name!]!;
  return text.startsWith("-") ? -nanoseconds : nanoseconds;
}

/**
 * A moment as Docker's since and until take it: a Unix time "1136073845.000000001", a span before `now` ("10m"), or a
 * date with or without time and zone. Undefined for what is none of these.
 */
export function parseTimestamp(text: string, now: Instant): Instant | undefined {
  const span = parseDuration(text);
  if (span !== undefined) return now - BigInt(Math.round(span));
  const unix = /^(\d+)(?:\.(\d{0,9}))?$/.exec(text);
  if (unix) return BigInt(unix[1]!) * 1_000_000_000n + BigInt((unix[2] ?? "").padEnd(9, "0"));
  const date = /^(\d{4}-\d\d-\d\d)(?:T(\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)?))?(Z|[+-]\d\d:\d\d)?$/.exec(text);
  if (!date) return undefined;
  const [hour = "00", minute = "00", second = "00"] = (date[2] ?? "").split(":").map((part) => part || "00");
  return parseTime(`${date[1]}T${hour}:${minute}:${second}${date[3] ?? "Z"}`);
}
