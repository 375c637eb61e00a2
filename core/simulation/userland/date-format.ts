const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
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

/** A moment (nanoseconds since the epoch) by the letters of strftime, in UTC, which is the zone of the simulated world. */
export function formatDate(format: string, time: bigint): string {
  const seconds = time >= 0n ? time / 1_000_000_000n : (time - 999_999_999n) / 1_000_000_000n;
  const nanoseconds = time - seconds * 1_000_000_000n;
  const date = new Date(Number(seconds) * 1000);
  return format.replace(
    /%([-_0^#]*)(\d*)(:*[a-zA-Z%+])/g,
    (whole, flags: string, width: string, letter: string) => {
      const value = field(letter, date, seconds, nanoseconds);
      if (value === undefined) return whole;
      let text = flags.includes("^") ? value.toUpperCase() : value;
      if (flags.includes("-")) text = text.replace(/^[0 ]+(?=.)/, "");
      if (flags.includes("_")) text = text.replace(/^0+(?=\d)/, (zeros) => " ".repeat(zeros.length));
      if (flags.includes("0")) text = text.replace(/^ +/, (blanks) => "0".repeat(blanks.length));
      if (letter === "N" && width) return text.slice(0, Number(width));
      return width ? text.padStart(Number(width), /^\d/.test(text) ? "0" : " ") : text;
    },
  );
}

function field(letter: string, date: Date, seconds: bigint, nanoseconds: bigint): string | undefined {
  const two = (value: number) => String(value).padStart(2, "0");
  const blank = (value: number) => String(value).padStart(2, " ");
  const hour12 = date.getUTCHours() % 12 || 12;
  const yearDay = Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000);
  const again = (format: string) => formatDate(format, seconds * 1_000_000_000n + nanoseconds);
  switch (letter) {
    case "%": return "%";
    case "n": return "\n";
    case "t": return "\t";
    case "Y": return String(date.getUTCFullYear());
    case "C": return two(Math.floor(date.getUTCFullYear() / 100));
    case "y": return two(date.getUTCFullYear() % 100);
    case "m": return two(date.getUTCMonth() + 1);
    case "d": return two(date.getUTCDate());
    case "e": return blank(date.getUTCDate());
    case "H": return two(date.getUTCHours());
    case "k": return blank(date.getUTCHours());
    case "I": return two(hour12);
    case "l": return blank(hour12);
    case "M": return two(date.getUTCMinutes());
    case "S": return two(date.getUTCSeconds());
    case "N": return String(nanoseconds).padStart(9, "0");
    case "s": return String(seconds);
    case "p": return date.getUTCHours() < 12 ? "AM" : "PM";
    case "P": return date.getUTCHours() < 12 ? "am" : "pm";
    case "a": return days[date.getUTCDay()]!.slice(0, 3);
    case "A": return days[date.getUTCDay()];
    case "b":
    case "h": return months[date.getUTCMonth()]!.slice(0, 3);
    case "B": return months[date.getUTCMonth()];
    case "j": return String(yearDay + 1).padStart(3, "0");
    case "u": return String(date.getUTCDay() || 7);
    case "w": return String(date.getUTCDay());
    case "U": return two(Math.floor((yearDay + 7 - date.getUTCDay()) / 7));
    case "W": return two(Math.floor((yearDay + 7 - ((date.getUTCDay() + 6) % 7)) / 7));
    case "V": return two(isoWeek(date).week);
    case "G": return String(isoWeek(date).year);
    case "z": return "+0000";
    case ":z": return "+00:00";
    case "Z": return "UTC";
    case "D":
    case "x": return again("%m/%d/%y");
    case "F": return again("%Y-%m-%d");
    case "T":
    case "X": return again("%H:%M:%S");
    case "R": return again("%H:%M");
    case "r": return again("%I:%M:%S %p");
    case "c": return again("%a %b %e %H:%M:%S %Y");
    default: return undefined;
  }
} // prettier-ignore

function isoWeek(date: Date): { year: number; week: number } {
  // The week belongs to the year that its Thursday is in.
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  const year = thursday.getUTCFullYear();
  return { year, week: Math.floor((thursday.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) + 1 };
}

/** The moment that a text such as "2024-01-02 03:04:05", "@86400" or "2 days ago" names; undefined for what is none. */
export function parseDate(text: string, now: bigint): bigint | undefined {
  const second = 1_000_000_000n;
  const trimmed = text.trim();
  const epoch = /^@(-?\d+)$/.exec(trimmed);
  if (epoch) return BigInt(epoch[1]!) * second;
  const full =
    /^(\d{4})-(\d\d?)-(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?\s*(Z|UTC|GMT|[-+]\d\d:?\d\d)?$/.exec(
      trimmed,
    );
  if (full) {
    const [, year, month, day, hour = "0", minute = "0", seconds = "0", fraction = "", zone] = full;
    const date = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour),
      Number(minute),
      Number(seconds),
    );
    const offset = /^([-+])(\d\d):?(\d\d)$/.exec(zone ?? "");
    const shift = offset
      ? (Number(offset[2]) * 60 + Number(offset[3])) * 60 * (offset[1] === "-" ? -1 : 1)
      : 0;
    return BigInt(date / 1000 - shift) * second + BigInt(fraction.padEnd(9, "0").slice(0, 9) || 0);
  }
  const time = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(trimmed);
  if (time) {
    const midnight = now - (now % (86_400n * second));
    return midnight + BigInt(Number(time[1]) * 3600 + Number(time[2]) * 60 + Number(time[3] ?? 0)) * second;
  }
  const day = 86_400n * second;
  if (trimmed === "now" || trimmed === "") return now;
  if (trimmed === "today") return now;
  if (trimmed === "yesterday") return now - day;
  if (trimmed === "tomorrow") return now + day;
  const relative = /^([-+]?\d+)\s*(second|sec|minute|min|hour|day|week|month|year)s?(\s+ago)?$/.exec(trimmed);
  if (!relative) return undefined;
  const units: Record<string, bigint> = {
    second: 1n,
    sec: 1n,
    minute: 60n,
    min: 60n,
    hour: 3600n,
    day: 86_400n,
    week: 604_800n,
  };
  let amount = BigInt(relative[1]!);
  if (relative[3]) amount = -amount;
  const unit = units[relative[2]!];
  if (unit !== undefined) return now + amount * unit * second;
  const date = new Date(Number(now / 1_000_000n));
  if (relative[2] === "month") date.setUTCMonth(date.getUTCMonth() + Number(amount));
  else date.setUTCFullYear(date.getUTCFullYear() + Number(amount));
  return BigInt(date.getTime()) * 1_000_000n + (now % 1_000_000n);
}
