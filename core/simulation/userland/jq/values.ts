import { FilterError } from "./syntax.ts";
import type { Json } from "./syntax.ts";

export function typeName(value: Json): string {
  return value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
}

export function isObject(value: Json): value is { [key: string]: Json } {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export const truthy = (value: Json) => value !== null && value !== false;

const ranks = ["null", "false", "true", "number", "string", "array", "object"];
const rank = (value: Json) => ranks.indexOf(typeof value === "boolean" ? String(value) : typeName(value));

/** jq's order of all values. */
export function compare(a: Json, b: Json): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (typeof a === "number") return a - (b as number);
  if (typeof a === "string") return a < (b as string) ? -1 : a === b ? 0 : 1;
  if (Array.isArray(a)) {
    const other = b as Json[];
    for (let at = 0; at < Math.min(a.length, other.length); at++) {
      const order = compare(a[at]!, other[at]!);
      if (order !== 0) return order;
    }
    return a.length - other.length;
  }
  if (!isObject(a)) return 0;
  const [left, right] = [sortedKeys(a), sortedKeys(b as { [key: string]: Json })];
  const order = compare(left, right);
  if (order !== 0) return order;
  for (const key of left) {
    const each = compare(a[key]!, (b as { [key: string]: Json })[key]!);
    if (each !== 0) return each;
  }
  return 0;
}

export function sortedKeys(value: { [key: string]: Json }): string[] {
  return Object.keys(value).sort();
}

/** A value as error messages show it: at most eleven bytes. */
export function described(value: Json): string {
  const text = JSON.stringify(value);
  return `${typeName(value)} (${text.length > 11 ? text.slice(0, 10) + "..." : text})`;
}

/** JSON on one line, or indented by `indent`; `sort` orders the keys. */
export function toJson(value: Json, indent: string | number | undefined, sort = false): string {
  const ordered = (each: Json): Json =>
    Array.isArray(each)
      ? each.map(ordered)
      : isObject(each)
        ? Object.fromEntries(sortedKeys(each).map((key) => [key, ordered(each[key]!)]))
        : each;
  return JSON.stringify(sort ? ordered(value) : value, null, indent).replace(/\x7f/g, "\\u007f");
}

export function arithmetic(operator: string, a: Json, b: Json): Json {
  switch (operator) {
    case "==":
      return compare(a, b) === 0;
    case "!=":
      return compare(a, b) !== 0;
    case "<":
      return compare(a, b) < 0;
    case "<=":
      return compare(a, b) <= 0;
    case ">":
      return compare(a, b) > 0;
    case ">=":
      return compare(a, b) >= 0;
  }
  if (operator === "+") {
    if (a === null) return b;
    if (b === null) return a;
    if (typeof a === "string" && typeof b === "string") return a + b;
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
    if (isObject(a) && isObject(b)) return { ...a, ...b };
  }
  if (operator === "-" && Array.isArray(a) && Array.isArray(b))
    return a.filter((each) => !b.some((other) => compare(each, other) === 0));
  if (operator === "*" && isObject(a) && isObject(b)) return merge(a, b);
  if (operator === "*" && typeof a === "string" && typeof b === "number") return b > 0 ? a.repeat(b) : null;
  if (operator === "/" && typeof a === "string" && typeof b === "string") return a.split(b);
  if (typeof a === "number" && typeof b === "number") {
    if ((operator === "/" || operator === "%") && b === 0)
      throw new FilterError(
        `${described(a)} and ${described(b)} cannot be divided because the divisor is zero`,
      );
    if (operator === "+") return a + b;
    if (operator === "-") return a - b;
    if (operator === "*") return a * b;
    return operator === "/" ? a / b : Math.trunc(a) % Math.trunc(b);
  }
  const done = { "+": "added", "-": "subtracted", "*": "multiplied" }[operator] ?? "divided";
  throw new FilterError(`${described(a)} and ${described(b)} cannot be ${done}`);
}

function merge(a: { [key: string]: Json }, b: { [key: string]: Json }): { [key: string]: Json } {
  const result = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = result[key];
    result[key] = old !== undefined && isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return result;
}

export function index(value: Json, key: Json): Json {
  if (value === null && (key === null || typeof key !== "object")) return null;
  if (isObject(value) && typeof key === "string") return Object.hasOwn(value, key) ? value[key]! : null;
  if (Array.isArray(value) && typeof key === "number")
    return value[Math.floor(key < 0 ? key + value.length : key)] ?? null;
  throw new FilterError(
    typeof key === "string"
      ? `Cannot index ${typeName(value)} with string "${key}"`
      : `Cannot index ${typeName(value)} with ${typeName(key)}`,
  );
}

export function slice(value: Json, from: Json, to: Json): Json {
  if (value === null) return null;
  if (typeof value !== "string" && !Array.isArray(value))
    throw new FilterError(`Cannot index ${typeName(value)} with object`);
  const [start, end] = [(from as number | null) ?? 0, (to as number | null) ?? value.length];
  return typeof value === "string" ? [...value].slice(start, end).join("") : value.slice(start, end);
}

export function members(value: Json): Json[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) return Object.values(value);
  throw new FilterError(`Cannot iterate over ${described(value)}`);
}
