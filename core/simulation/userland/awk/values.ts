import { formatPrintf } from "../../shell/printf-format.ts";

/** A value of awk: a number, a string, or what came from input, which is a number if it looks like one. */
export type AwkValue = number | string | { input: string };

export function toNumber(value: AwkValue | undefined): number {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  const text = typeof value === "string" ? value : value.input;
  const match = /^\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[-+]?(?:inf|nan)\b)/i.exec(text);
  if (!match) return 0;
  const number = match[1]!.toLowerCase();
  if (number.includes("inf")) return number.startsWith("-") ? -Infinity : Infinity;
  return number.includes("nan") ? NaN : Number(number);
}

/** `format`: CONVFMT or OFMT, for numbers that are not whole. */
export function toText(value: AwkValue | undefined, format: string): string {
  if (typeof value === "string") return value;
  if (value === undefined) return "";
  if (typeof value !== "number") return value.input;
  if (Number.isInteger(value))
    return Math.abs(value) < 1e16
      ? String(value === 0 ? 0 : value)
      : formatPrintf("%d", [BigInt(value).toString()]).output;
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  return formatPrintf(format, [String(value)]).output;
}

const numeric = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

export function toTruth(value: AwkValue | undefined): boolean {
  if (typeof value === "number") return value !== 0;
  if (value === undefined) return false;
  if (typeof value === "string") return value !== "";
  return numeric.test(value.input) ? Number(value.input) !== 0 : value.input !== "";
}

function isNumber(value: AwkValue | undefined): boolean {
  if (value === undefined || typeof value === "number") return true;
  return typeof value !== "string" && numeric.test(value.input);
}

/** Compares as numbers if both are, else as text. */
export function compareValues(
  left: AwkValue | undefined,
  right: AwkValue | undefined,
  format: string,
): number {
  if (isNumber(left) && isNumber(right)) return toNumber(left) - toNumber(right);
  const [a, b] = [toText(left, format), toText(right, format)];
  return a < b ? -1 : a > b ? 1 : 0;
}
