import { quote } from "./strconv.ts";

/** A span of time in nanoseconds, as Go counts it. */
export type Duration = number;

const nanoseconds: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** Go's time.ParseDuration: "1h30m", "1.5s", "-2ms". Throws Go's own errors. */
export function parseDuration(input: string): Duration {
  const invalid = new Error(`time: invalid duration ${quote(input)}`);
  const negative = input.startsWith("-");
  let rest = /^[+-]/.test(input) ? input.slice(1) : input;
  if (rest === "0") return 0;
  if (rest === "") throw invalid;
  let total = 0;
  while (rest !== "") {
    const [, digits = "", unit = ""] = /^(\d*\.?\d*)([^\d.]*)/.exec(rest)!;
    if (!/\d/.test(digits)) throw invalid;
    if (unit === "") throw new Error(`time: missing unit in duration ${quote(input)}`);
    const factor = nanoseconds[unit];
    if (factor === undefined)
      throw new Error(`time: unknown unit ${quote(unit)} in duration ${quote(input)}`);
    total += Math.trunc(Number(digits) * factor);
    if (total > 2 ** 63) throw invalid;
    rest = rest.slice(digits.length + unit.length);
  }
  return negative ? -total : total;
}

/** Go's Duration.String: "1h30m0s", "1.5s", "2ms", "0s". */
export function formatDuration(duration: Duration): string {
  if (duration === 0) return "0s";
  const sign = duration < 0 ? "-" : "";
  const size = Math.abs(duration);
  if (size < 1e3) return `${sign}${size}ns`;
  if (size < 1e6) return `${sign}${size / 1e3}µs`;
  if (size < 1e9) return `${sign}${size / 1e6}ms`;
  const hours = Math.floor(size / 3600e9);
  const minutes = Math.floor((size % 3600e9) / 60e9);
  const seconds = (size % 60e9) / 1e9;
  return `${sign}${hours ? `${hours}h` : ""}${hours || minutes ? `${minutes}m` : ""}${seconds}s`;
}
