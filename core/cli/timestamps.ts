import type { Instant } from "../platform/clock.ts";

const billion = 1_000_000_000n;

/** "2026-11-21T02:29:45" and the nanoseconds after it, in UTC. */
function parts(instant: Instant): { seconds: string; nanoseconds: string } {
  const nanosecond = ((instant % billion) + billion) % billion;
  const milliseconds = Number((instant - nanosecond) / 1_000_000n);
  return {
    seconds: new Date(milliseconds).toISOString().slice(0, -5),
    nanoseconds: String(nanosecond).padStart(9, "0"),
  };
}

/** RFC 3339 with all nine digits of the nanoseconds, as events and messages show time. */
export function formatTimeNano(instant: Instant): string {
  const { seconds, nanoseconds } = parts(instant);
  return `${seconds}.${nanoseconds}Z`;
}

/** RFC 3339 to the second. */
export function formatRfc3339(instant: Instant): string {
  return `${parts(instant).seconds}Z`;
}

/** RFC 3339 with as many digits of the nanoseconds as there are. */
export function formatRfc3339Nano(instant: Instant): string {
  return `${formatTimeNano(instant)
    .slice(0, -1)
    .replace(/\.?0+$/, "")}Z`;
}

/** "2026-11-21 02:29:45.5 +0000 UTC", as Go prints a time. */
export function formatGoTime(instant: Instant): string {
  const { seconds, nanoseconds } = parts(instant);
  const fraction = nanoseconds.replace(/0+$/, "");
  return `${seconds.replace("T", " ")}${fraction && `.${fraction}`} +0000 UTC`;
}

/** A moment given in seconds since the epoch, as the API counts `Created`. */
export const fromSeconds = (seconds: number): Instant => BigInt(Math.trunc(seconds)) * billion;

/** The moment that an RFC 3339 text names; undefined when it is none. */
export function parseRfc3339(text: string): Instant | undefined {
  const found = /^(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!found) return undefined;
  const [, date, time, fraction = "", zone] = found;
  const milliseconds = Date.parse(`${date}T${time}${zone!.toUpperCase()}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, "0"));
}

const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

const layoutParts =
  /2006|January|Jan|Monday|Mon|MST|Z07:00|-07:00|Z0700|-0700|[.,]0+|[.,]9+|01|02|_2|03|04|05|06|15|PM|pm|1|2|3|4|5/g;

/** A moment in UTC by a Go layout: "2006-01-02 15:04:05". */
export function formatLayout(instant: Instant, layout: string): string {
  const { seconds, nanoseconds } = parts(instant);
  const [year, month, day, hour, minute, second] = seconds.split(/[-T:]/) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const weekday = weekdays[new Date(`${seconds}Z`).getUTCDay()]!;
  const monthName = months[Number(month) - 1]!;
  const hour12 = Number(hour) % 12 || 12;
  const values: Record<string, string> = {
    "2006": year,
    "06": year.slice(-2),
    January: monthName,
    Jan: monthName.slice(0, 3),
    "01": month,
    "1": String(Number(month)),
    Monday: weekday,
    Mon: weekday.slice(0, 3),
    "02": day,
    _2: String(Number(day)).padStart(2),
    "2": String(Number(day)),
    "15": hour,
    "03": String(hour12).padStart(2, "0"),
    "3": String(hour12),
    "04": minute,
    "4": String(Number(minute)),
    "05": second,
    "5": String(Number(second)),
    PM: Number(hour) < 12 ? "AM" : "PM",
    pm: Number(hour) < 12 ? "am" : "pm",
    MST: "UTC",
    "Z07:00": "Z",
    Z0700: "Z",
    "-07:00": "+00:00",
    "-0700": "+0000",
  };
  return layout.replace(layoutParts, (found) => {
    if (!/^[.,]/.test(found)) return values[found]!;
    const digits = nanoseconds.slice(0, found.length - 1);
    if (found[1] === "0") return found[0]! + digits;
    const kept = digits.replace(/0+$/, "");
    return kept && found[0]! + kept;
  });
}
