import { encodeText } from "./characters.ts";
import { unescape } from "./escapes.ts";
import { quoteSingle } from "./quoting.ts";

export type PrintfProblem =
  | { problem: "not a number" | "not completely converted" | "out of range"; text: string }
  | { problem: "bad directive"; text: string };

export interface PrintfResult {
  output: string;
  problems: PrintfProblem[];
}

/** printf(1): the format is used again while arguments are left. `hexadecimals`: whether \\xHH is an escape (not in dash). */
export function formatPrintf(format: string, args: readonly string[], hexadecimals = true): PrintfResult {
  const result: PrintfResult = { output: "", problems: [] };
  const left = [...args];
  do {
    const before = left.length;
    if (!formatOnce(format, left, result, hexadecimals) || left.length === before) break;
  } while (left.length > 0);
  return result;
}

/** Formats once; false when printing has to stop. */
function formatOnce(format: string, args: string[], result: PrintfResult, hexadecimals: boolean): boolean {
  const pattern = /%%|%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:hh|h|ll|l|L|j|z|t)?([a-zA-Z])?|[^%]+/gy;
  for (let match = pattern.exec(format); match; match = pattern.exec(format)) {
    const [whole, flags = "", widthText, precisionText, conversion] = match;
    if (whole === "%%") result.output += "%";
    else if (!whole.startsWith("%")) {
      const { text, stop } = unescape(whole, false, hexadecimals);
      result.output += text;
      if (stop) return false;
    } else {
      const number = (text: string | undefined) =>
        text === "*" ? integer(args.shift() ?? "0", result) : text === undefined ? undefined : Number(text);
      let width = Number(number(widthText) ?? 0);
      const precision = number(precisionText);
      let all = flags;
      if (width < 0) {
        all += "-";
        width = -width;
      }
      if (conversion === undefined || !"diouxXeEfFgGaAcsbq".includes(conversion)) {
        result.problems.push({ problem: "bad directive", text: whole });
        return false;
      }
      const stop = convert(
        conversion,
        all,
        width,
        precision === undefined ? undefined : Number(precision),
        args,
        result,
      );
      if (stop) return false;
    }
  }
  return true;
}

function convert(
  conversion: string,
  flags: string,
  width: number,
  precision: number | undefined,
  args: string[],
  result: PrintfResult,
): boolean {
  const argument = args.shift();
  let body: string;
  let stop = false;
  let numeric = false;
  if (conversion === "s" || conversion === "b" || conversion === "q") {
    let text = argument ?? "";
    if (conversion === "b") ({ text, stop } = unescape(text, true));
    if (conversion === "q")
      text = text !== "" && /^[\w@%+=:,./-]+$/.test(text) ? text : quoteSingle("bash", text);
    body = precision === undefined ? text : [...text].slice(0, precision).join("");
  } else if (conversion === "c") body = argument === undefined ? "" : ([...argument][0] ?? "");
  else if ("diouxX".includes(conversion)) {
    numeric = true;
    body = formatInteger(conversion, flags, precision, integer(argument ?? "0", result));
  } else {
    numeric = true;
    body = formatFloat(conversion, flags, precision ?? 6, float(argument ?? "0", result));
  }
  const length = /[^\x00-\x7f]/.test(body) ? encodeText(body).length : body.length;
  const padding = Math.max(width - length, 0);
  if (flags.includes("-")) body += " ".repeat(padding);
  else if (flags.includes("0") && numeric && (precision === undefined || !"diouxX".includes(conversion))) {
    const [sign = ""] = /^([-+ ]?(0[xX])?)/.exec(body)!;
    body = sign + "0".repeat(padding) + body.slice(sign.length);
  } else body = " ".repeat(padding) + body;
  result.output += body;
  return stop;
}

/** The whole number that an argument is: decimal, 0octal, 0xhex, or 'c for the code of a character. */
function integer(text: string, result: PrintfResult): bigint {
  if (/^['"]/.test(text)) return BigInt(text.codePointAt(1) ?? 0);
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (!match) {
    if (text !== "") result.problems.push({ problem: "not a number", text });
    return 0n;
  }
  if (match[0].length < text.length) result.problems.push({ problem: "not completely converted", text });
  const digits = /^0[0-7]/.test(match[2]!) ? "0o" + match[2]!.slice(1) : match[2]!;
  let value = BigInt(digits);
  if (match[1] === "-") value = -value;
  if (value > 0x7fffffffffffffffn || value < -0x8000000000000000n) {
    if (value > 0xffffffffffffffffn || value < 0n) result.problems.push({ problem: "out of range", text });
    return value < 0n ? -0x8000000000000000n : value > 0xffffffffffffffffn ? 0x7fffffffffffffffn : value;
  }
  return value;
}

function float(text: string, result: PrintfResult): number {
  if (/^['"]/.test(text)) return text.codePointAt(1) ?? 0;
  const match = /^\s*[-+]?(?:0[xX][0-9a-fA-F]+|inf(?:inity)?|nan|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)/i.exec(
    text,
  );
  if (!match) {
    if (text !== "") result.problems.push({ problem: "not a number", text });
    return 0;
  }
  if (match[0].length < text.length) result.problems.push({ problem: "not completely converted", text });
  const lower = match[0].trim().toLowerCase();
  if (lower.includes("inf")) return lower.startsWith("-") ? -Infinity : Infinity;
  return Number(lower);
}

/** An integer as C's printf shows it, before it is padded to its width. */
export function formatInteger(
  conversion: string,
  flags: string,
  precision: number | undefined,
  value: bigint,
): string {
  const signed = conversion === "d" || conversion === "i";
  const magnitude = signed ? (value < 0n ? -value : value) : BigInt.asUintN(64, value);
  const base = conversion === "o" ? 8 : conversion === "x" || conversion === "X" ? 16 : 10;
  let digits = magnitude.toString(base);
  if (conversion === "X") digits = digits.toUpperCase();
  if (precision !== undefined)
    digits = precision === 0 && value === 0n ? "" : digits.padStart(precision, "0");
  if (flags.includes("#") && value !== 0n) {
    if (conversion === "o" && !digits.startsWith("0")) digits = "0" + digits;
    else if (base === 16) digits = `0${conversion}${digits}`;
  }
  const sign = !signed ? "" : value < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + digits;
}

/** A floating number as C's printf shows it, before it is padded to its width. */
export function formatFloat(conversion: string, flags: string, precision: number, value: number): string {
  const sign =
    value < 0 || Object.is(value, -0) ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  const magnitude = Math.abs(value);
  const upper = conversion === conversion.toUpperCase();
  if (!Number.isFinite(value)) {
    const text = Number.isNaN(value) ? "nan" : "inf";
    return sign + (upper ? text.toUpperCase() : text);
  }
  const kind = conversion.toLowerCase();
  let text: string;
  if (kind === "f") text = fixed(magnitude, precision);
  else if (kind === "e") text = exponential(magnitude, precision);
  else {
    const significant = precision === 0 ? 1 : precision;
    const exponent =
      magnitude === 0 ? 0 : Number(magnitude.toExponential(Math.min(significant - 1, 100)).split("e")[1]);
    if (exponent < -4 || exponent >= significant) text = exponential(magnitude, significant - 1);
    else text = fixed(magnitude, significant - 1 - exponent);
    if (!flags.includes("#") && text.includes(".")) text = text.replace(/\.?0+(?=e|$)/, "");
  }
  return sign + (upper ? text.toUpperCase() : text);
}

function fixed(value: number, precision: number): string {
  // toFixed gives up at 1e21, and past 100 places.
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? "." + "0".repeat(precision) : "");
  const shown = Math.min(precision, 100);
  return value.toFixed(shown) + "0".repeat(precision - shown);
}

function exponential(value: number, precision: number): string {
  const [mantissa, exponent] = value.toExponential(Math.min(precision, 100)).split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}
