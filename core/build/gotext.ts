/** How Go's fmt writes values in messages and in history: %q and %v. */

/** A string in double quotes, as strconv.Quote. */
export function goQuote(text: string): string {
  let quoted = '"';
  for (const character of text) {
    const code = character.codePointAt(0)!;
    const named = {
      7: "\\a",
      8: "\\b",
      9: "\\t",
      10: "\\n",
      11: "\\v",
      12: "\\f",
      13: "\\r",
      34: '\\"',
      92: "\\\\",
    }[code];
    if (named) quoted += named;
    else if (code < 32 || code === 127) quoted += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) quoted += character;
    else
      quoted +=
        code > 0xffff
          ? `\\U${code.toString(16).padStart(8, "0")}`
          : `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return `${quoted}"`;
}

/** ["a" "b"], as %q of a list. */
export const goQuoteList = (list: readonly string[]) => `[${list.map(goQuote).join(" ")}]`;

/** [a b], as %v of a list. */
export const goList = (list: readonly string[]) => `[${list.join(" ")}]`;

/** A time.Duration of so many nanoseconds: "1m30s", "500ms", "0s". */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return "0s";
  if (nanoseconds < 0) return `-${goDuration(-nanoseconds)}`;
  if (nanoseconds < 1e3) return `${nanoseconds}ns`;
  if (nanoseconds < 1e6) return `${nanoseconds / 1e3}µs`;
  if (nanoseconds < 1e9) return `${nanoseconds / 1e6}ms`;
  const hours = Math.floor(nanoseconds / 3.6e12);
  const minutes = Math.floor((nanoseconds % 3.6e12) / 6e10);
  const seconds = `${Math.round(nanoseconds % 6e10) / 1e9}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}

const UNITS: Record<string, number> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** The nanoseconds of a duration such as "1m30s", as time.ParseDuration reads it. Throws an Error with Go's text. */
export function parseGoDuration(text: string): number {
  const invalid = () => new Error(`time: invalid duration ${goQuote(text)}`);
  const negative = text.startsWith("-");
  let rest = text.replace(/^[-+]/, "");
  if (rest === "0") return 0;
  if (rest === "") throw invalid();
  let total = 0;
  while (rest !== "") {
    const part = /^(\d*)(\.\d*)?([^\d.]*)/.exec(rest)!;
    const [whole, integer = "", fraction = "", unit = ""] = part;
    if (integer === "" && fraction.length < 2) throw invalid();
    if (unit === "") throw new Error(`time: missing unit in duration ${goQuote(text)}`);
    const scale = UNITS[unit];
    if (scale === undefined)
      throw new Error(`time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    total +=
      Number(integer || "0") * scale + Math.trunc(Number(`0${fraction === "." ? "" : fraction}`) * scale);
    if (total > 9223372036854775807) throw invalid();
    rest = rest.slice(whole.length);
  }
  return negative ? -total : total;
}
