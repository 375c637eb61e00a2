import type { GoField, GoMethod, GoType } from "./gotype.ts";
import { any, bool, float64, int, map, named, slice, string } from "./gotype.ts";

/**
 * A Go value: data and its type. The data is JSON as it was parsed (or, for a formatter's own types, an object
 * that the type's methods understand); structs are read through their fields' JSON names, what is missing is the
 * zero value. Integers are numbers, or bigints where a number cannot hold them.
 */
export class GoValue {
  readonly type: GoType;
  readonly data: unknown;

  constructor(type: GoType, data: unknown) {
    this.type = type;
    this.data = data === undefined || data === null ? zeroData(type) : data;
  }
}

/** A value, or undefined for what Go's reflection calls an invalid one: nil without a type, a missing map entry. */
export type MaybeValue = GoValue | undefined;

function zeroData(type: GoType): unknown {
  switch (type.kind) {
    case "bool":
      return false;
    case "string":
      return "";
    case "struct":
      return {};
    case "array":
      return [];
    case "slice":
    case "map":
    case "pointer":
    case "interface":
    case "func":
      return null;
    default:
      return 0;
  }
}

export const zero = (type: GoType): GoValue => new GoValue(type, undefined);
export const goString = (text: string): GoValue => new GoValue(string, text);
export const goInt = (number: number | bigint): GoValue => new GoValue(int, number);
export const goBool = (truth: boolean): GoValue => new GoValue(bool, truth);
export const goFloat = (number: number): GoValue => new GoValue(float64, number);
export const goStrings = (texts: readonly string[]): GoValue => new GoValue(slice(string), texts);

/** A number as it stood in JSON (json.Number, which Go keeps as a string). */
export class JsonNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** The type of numbers in JSON that was decoded without a type, with the digits kept. */
export const jsonNumber = named("json.Number", string, {
  String: { parameters: [], variadic: false, call: (data: string) => goString(data) },
});

const anySlice = slice(any);
const anyMap = map(string, any);

/** JSON decoded into an `interface {}`: nothing but maps, slices, strings, numbers and booleans. */
export function dynamic(data: unknown): MaybeValue {
  if (data instanceof GoValue) return data;
  if (data instanceof JsonNumber) return new GoValue(jsonNumber, data.text);
  if (data === undefined || data === null) return undefined;
  if (typeof data === "string") return goString(data);
  if (typeof data === "boolean") return goBool(data);
  if (typeof data === "number") return goFloat(data);
  if (typeof data === "bigint") return goFloat(Number(data));
  return new GoValue(Array.isArray(data) ? anySlice : anyMap, data);
}

/** What an interface holds, a value of another type itself. */
export function indirectInterface(value: MaybeValue): MaybeValue {
  return value?.type.kind === "interface" ? dynamic(value.data) : value;
}

/** Follows pointers and interfaces to their end; `isNil` when that end is a nil pointer or interface. */
export function indirect(value: MaybeValue): { value: MaybeValue; isNil: boolean } {
  let at = value;
  while (at && (at.type.kind === "pointer" || at.type.kind === "interface")) {
    if (at.data === null) return { value: at, isNil: true };
    at = pointee(at);
  }
  return { value: at, isNil: false };
}

/** What a pointer or an interface points at. */
export function pointee(value: GoValue): MaybeValue {
  return value.type.kind === "pointer"
    ? value.data === null
      ? undefined
      : new GoValue(value.type.elem!, value.data)
    : dynamic(value.data);
}

/** Go's truth: not the zero value of its type; structs are always true. */
export function isTrue(value: MaybeValue): boolean {
  if (!value) return false;
  switch (value.type.kind) {
    case "slice":
    case "array":
    case "map":
    case "string":
      return length(value) > 0;
    case "bool":
      return value.data === true;
    case "struct":
      return true;
    case "pointer":
    case "interface":
    case "func":
      return value.data !== null;
    default:
      return Number(value.data) !== 0;
  }
}

const encoder = new TextEncoder();

/** Elements of a slice, entries of a map, bytes of a string. */
export function length(value: GoValue): number {
  if (value.data === null) return 0;
  if (value.type.kind === "string") return byteLength(value.data as string);
  if (value.type.kind === "map") return Object.keys(value.data as object).length;
  return (value.data as unknown[]).length;
}

/** Length in UTF-8, as Go counts strings. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

export function element(value: GoValue, index: number): GoValue {
  return new GoValue(value.type.elem!, (value.data as unknown[])[index]);
}

/** A map's entries, keys in order, as Go prints and ranges over them. */
export function entries(value: GoValue): [GoValue, GoValue][] {
  const { key, elem } = value.type;
  const data = (value.data ?? {}) as Record<string, unknown>;
  const keys = Object.keys(data);
  if (key!.kind === "string") keys.sort(compareBytes);
  else keys.sort((a, b) => Number(a) - Number(b));
  return keys.map((name) => [
    new GoValue(key!, key!.kind === "string" ? name : Number(name)),
    new GoValue(elem!, data[name]),
  ]);
}

/** The order of Go strings: by bytes, which for UTF-8 is by code point. */
export function compareBytes(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [encoder.encode(a), encoder.encode(b)];
  for (let i = 0; i < left.length && i < right.length; i++)
    if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}

/** The map's entry under `key`, undefined when there is none. */
export function mapEntry(value: GoValue, key: string): MaybeValue {
  const data = value.data as Record<string, unknown> | null;
  return data !== null && Object.hasOwn(data, key) ? new GoValue(value.type.elem!, data[key]) : undefined;
}

/** A struct's field of that name, its own or one of what it embeds. */
export function fieldOf(type: GoType, name: string): GoField | undefined {
  let inner: GoField | undefined;
  for (const field of type.fields ?? []) {
    if (field.name === name) return field;
    if (field.embedded) inner ??= fieldOf(structOf(field.type), name);
  }
  return inner;
}

/** The field's value. Embedded structs lie in the same JSON object as the struct around them. */
export function fieldValue(value: GoValue, field: GoField): GoValue {
  if (field.embedded) return new GoValue(field.type, value.data);
  return new GoValue(field.type, (value.data as Record<string, unknown>)[field.json ?? field.name]);
}

/** The method of that name, the type's own or one of what it embeds. */
export function methodOf(type: GoType, name: string): GoMethod | undefined {
  const own = type.methods && Object.hasOwn(type.methods, name) ? type.methods[name] : undefined;
  if (own) return own;
  if (type.kind === "pointer") return methodOf(type.elem!, name);
  for (const field of type.fields ?? []) {
    const method = field.embedded ? methodOf(field.type, name) : undefined;
    if (method) return method;
  }
  return undefined;
}

function structOf(type: GoType): GoType {
  return type.kind === "pointer" ? type.elem! : type;
}
