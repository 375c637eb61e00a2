import type { Instant } from "../../../platform/clock.ts";
import { formatDuration } from "../../go/duration.ts";
import { int64, named, string, struct } from "../../template/gotype.ts";
import type { GoMethod, GoType } from "../../template/gotype.ts";
import { goBool, goFloat, goInt, goString, GoValue } from "../../template/govalue.ts";
import { formatGoTime, formatLayout, parseRfc3339 } from "../../timestamps.ts";

const instantOf = (data: unknown): Instant =>
  typeof data === "string" ? (parseRfc3339(data) ?? zeroTime) : zeroTime;
/** The first second of the year 1: Go's time that was never set. */
const zeroTime = -62135596800n * 1_000_000_000n;

const method = (call: (instant: Instant) => GoValue): GoMethod => ({
  parameters: [],
  variadic: false,
  call: (data: unknown) => call(instantOf(data)),
});
const part = (from: number, to: number) =>
  method((instant) => goInt(Number(formatGoTime(instant).slice(from, to))));

/** time.Time: in JSON an RFC 3339 text. */
export const time: GoType = {
  ...struct("time.Time", {}),
  marshal: ((data: unknown) =>
    JSON.stringify(typeof data === "string" ? data : "0001-01-01T00:00:00Z")) as GoType["marshal"],
  methods: {
    String: method((instant) => goString(formatGoTime(instant))),
    Unix: method((instant) => new GoValue(int64, instant / 1_000_000_000n)),
    UnixNano: method((instant) => new GoValue(int64, instant)),
    UnixMilli: method((instant) => new GoValue(int64, instant / 1_000_000n)),
    IsZero: method((instant) => goBool(instant === zeroTime)),
    Location: method(() => goString("UTC")),
    Year: part(0, 4),
    Day: part(8, 10),
    Hour: part(11, 13),
    Minute: part(14, 16),
    Second: part(17, 19),
    Format: {
      parameters: [string],
      variadic: false,
      call: (data: unknown, layout: GoValue) =>
        goString(formatLayout(instantOf(data), layout.data as string)),
    },
  },
};

const inUnit = (nanoseconds: number): GoMethod => ({
  parameters: [],
  variadic: false,
  call: (data: number | bigint) => goFloat(Number(data) / nanoseconds),
});

/** time.Duration: nanoseconds that print as "1m30s". */
export const duration = named("time.Duration", int64, {
  String: {
    parameters: [],
    variadic: false,
    call: (data: number | bigint) => goString(formatDuration(Number(data))),
  },
  Seconds: inUnit(1e9),
  Minutes: inUnit(60e9),
  Hours: inUnit(3600e9),
});
