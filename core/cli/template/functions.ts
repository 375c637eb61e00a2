import { FunctionError, equal, less } from "./compare.ts";
import { sprint, sprintf, sprintln } from "./fmt.ts";
import {
  any,
  assignable,
  canBeNil,
  type GoType,
  isInt,
  isUint,
  type Signature,
  slice,
  string,
  int,
} from "./gotype.ts";
import {
  byteLength,
  element,
  goBool,
  goInt,
  goString,
  goStrings,
  GoValue,
  indirect,
  indirectInterface,
  isTrue,
  length,
  mapEntry,
  type MaybeValue,
  zero,
} from "./govalue.ts";
import { toJson } from "./json.ts";
import { isPrint } from "./quote.ts";

/** A function that templates can call. */
export interface TemplateFunction extends Signature {
  call(...parameters: MaybeValue[]): MaybeValue;
}

/** The type of parameters that take any value as it is, nil included (reflect.Value in Go). */
export const anyValue: GoType = { kind: "struct", name: "reflect.Value", fields: [] };

const fn = (parameters: GoType[], call: TemplateFunction["call"]): TemplateFunction => ({
  parameters,
  variadic: false,
  call,
});
const variadic = (parameters: GoType[], call: TemplateFunction["call"]): TemplateFunction => ({
  parameters,
  variadic: true,
  call,
});
const two = [anyValue, anyValue];
const text = (value: MaybeValue) => value!.data as string;
const number = (value: MaybeValue) => Number(value!.data);

/** The functions that every Go template has. */
export const builtins: Readonly<Record<string, TemplateFunction>> = {
  // and and or are evaluated by the executor: they do not look at what they do not need.
  and: variadic(two, (...values) => values.at(-1)),
  or: variadic(two, (...values) => values.at(-1)),
  not: fn([anyValue], (value) => goBool(!isTrue(indirectInterface(value)))),
  call: variadic(two, (callee) => callFunction(callee)),
  html: variadic([any], (...values) => goString(escapeHtml(printed(values)))),
  js: variadic([any], (...values) => goString(escapeJs(printed(values)))),
  urlquery: variadic([any], (...values) => goString(escapeQuery(printed(values)))),
  index: variadic(two, (item, ...indexes) => index(item, indexes)),
  slice: variadic(two, (item, ...indexes) => sliceOf(item, indexes)),
  len: fn([anyValue], (value) => goInt(lengthOf(value))),
  print: variadic([any], (...values) => goString(sprint(values))),
  printf: variadic([string, any], (format, ...values) => goString(sprintf(text(format), values))),
  println: variadic([any], (...values) => goString(sprintln(values))),
  eq: variadic(two, (first, ...others) => goBool(equal(first, others))),
  ne: fn(two, (a, b) => goBool(!equal(a, [b]))),
  lt: fn(two, (a, b) => goBool(less(a, b))),
  le: fn(two, (a, b) => goBool(less(a, b) || equal(a, [b]))),
  gt: fn(two, (a, b) => goBool(!less(a, b) && !equal(a, [b]))),
  ge: fn(two, (a, b) => goBool(!less(a, b))),
};

/** Docker's functions, there in every `--format`. */
export const dockerFunctions: Readonly<Record<string, TemplateFunction>> = {
  json: fn([any], (value) => goString(toJson(indirectInterface(value), false))),
  split: fn([string, string], (whole, separator) => goStrings(split(text(whole), text(separator)))),
  join: fn([slice(string), string], (parts, separator) =>
    goString(((parts!.data as string[] | null) ?? []).join(text(separator))),
  ),
  title: fn([string], (value) =>
    goString(text(value).replace(/(?<=^|\s|[\0-/:-@[-^`{-\x7f])\p{Ll}/gu, (letter) => letter.toUpperCase())),
  ),
  lower: fn([string], (value) => goString(text(value).toLowerCase())),
  upper: fn([string], (value) => goString(text(value).toUpperCase())),
  pad: fn([string, int, int], (value, before, after) =>
    goString(padded(text(value), number(before), number(after))),
  ),
  truncate: fn([string, int], (value, limit) => goString(truncated(text(value), number(limit)))),
};

/** In a table's header the same functions leave the column's name as it is, except pad: it aligns. */
export const headerFunctions: Readonly<Record<string, TemplateFunction>> = {
  json: fn([string], (value) => value),
  split: fn([string, string], (value) => value),
  join: fn([string, string], (value) => value),
  title: fn([string], (value) => value),
  lower: fn([string], (value) => value),
  upper: fn([string], (value) => value),
  truncate: fn([string, int], (value) => value),
};

function split(whole: string, separator: string): string[] {
  return separator === "" ? [...whole] : whole.split(separator);
}

function padded(value: string, before: number, after: number): string {
  if (value === "") return value;
  if (before < 0 || after < 0) throw new FunctionError("strings: negative Repeat count");
  return " ".repeat(before) + value + " ".repeat(after);
}

/** Cuts by bytes, as Docker does. */
function truncated(value: string, limit: number): string {
  const bytes = new TextEncoder().encode(value);
  if (bytes.length < limit) return value;
  if (limit < 0) throw new FunctionError(`runtime error: slice bounds out of range [:${limit}]`);
  return new TextDecoder().decode(bytes.slice(0, limit));
}

/** The values printed as a template would print them. */
function printed(values: MaybeValue[]): string {
  return sprint(values.map((value) => printable(indirectInterface(value))));
}

/** The value that printing is about: pointers followed, "<no value>" where there is none. */
export function printable(value: MaybeValue): MaybeValue {
  return value?.type.kind === "pointer" ? indirect(value).value : (value ?? goString("<no value>"));
}

function lengthOf(given: MaybeValue): number {
  const { value, isNil } = indirect(given);
  if (isNil) throw new FunctionError("len of nil pointer");
  if (!value) throw new FunctionError("reflect: call of reflect.Value.Type on zero Value");
  if (!["array", "map", "slice", "string"].includes(value.type.kind))
    throw new FunctionError(`len of type ${value.type.name}`);
  return length(value);
}

function index(given: MaybeValue, indexes: MaybeValue[]): MaybeValue {
  let item = indirectInterface(given);
  if (!item) throw new FunctionError("index of untyped nil");
  for (const at of indexes.map(indirectInterface)) {
    const { value, isNil } = indirect(item);
    if (isNil || !value) throw new FunctionError("index of nil pointer");
    switch (value.type.kind) {
      case "array":
      case "slice":
      case "string": {
        const size = length(value);
        const place = indexNumber(at, size);
        if (place === size) throw new FunctionError(`reflect: ${value.type.kind} index out of range`);
        item = value.type.kind === "string" ? byteAt(value, place) : element(value, place);
        break;
      }
      case "map":
        item = mapEntry(value, mapKey(at, value.type.key!)) ?? zero(value.type.elem!);
        break;
      default:
        throw new FunctionError(`can't index item of type ${value.type.name}`);
    }
  }
  return item;
}

function byteAt(value: GoValue, place: number): GoValue {
  return new GoValue({ kind: "uint8", name: "uint8" }, new TextEncoder().encode(value.data as string)[place]);
}

function indexNumber(value: MaybeValue, capacity: number): number {
  if (!value) throw new FunctionError("cannot index slice/array with nil");
  if (!isInt(value.type) && !isUint(value.type))
    throw new FunctionError(`cannot index slice/array with type ${value.type.name}`);
  const place = Number(value.data);
  if (place < 0 || place > capacity) throw new FunctionError(`index out of range: ${place}`);
  return place;
}

function mapKey(value: MaybeValue, type: GoType): string {
  if (!value) {
    if (!canBeNil(type)) throw new FunctionError(`value is nil; should be of type ${type.name}`);
    return "";
  }
  const intLike = (isInt(value.type) || isUint(value.type)) && (isInt(type) || isUint(type));
  if (!assignable(value.type, type) && !intLike)
    throw new FunctionError(`value has type ${value.type.name}; should be ${type.name}`);
  return String(value.data);
}

function sliceOf(given: MaybeValue, indexes: MaybeValue[]): MaybeValue {
  const item = indirectInterface(given);
  if (!item) throw new FunctionError("slice of untyped nil");
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  const { kind, name } = item.type;
  if (kind === "string" && indexes.length === 3) throw new FunctionError("cannot 3-index slice a string");
  if (kind !== "string" && kind !== "slice" && kind !== "array")
    throw new FunctionError(`can't slice item of type ${name}`);
  const size = length(item);
  const [from = 0, to = size, limit] = indexes.map((at) => indexNumber(indirectInterface(at), size));
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (limit !== undefined && to > limit) throw new FunctionError(`invalid slice index: ${to} > ${limit}`);
  if (kind !== "string")
    return new GoValue(item.type, ((item.data as unknown[] | null) ?? []).slice(from, to));
  const whole = item.data as string;
  const ascii = byteLength(whole) === whole.length;
  return new GoValue(
    item.type,
    ascii ? whole.slice(from, to) : new TextDecoder().decode(new TextEncoder().encode(whole).slice(from, to)),
  );
}

function callFunction(given: MaybeValue): never {
  const callee = indirectInterface(given);
  if (!callee) throw new FunctionError("call of nil");
  throw new FunctionError(`non-function of type ${callee.type.name}`);
}

const htmlEntities: Record<string, string> = {
  '"': "&#34;",
  "'": "&#39;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "\0": "\ufffd",
};

function escapeHtml(plain: string): string {
  return plain.replace(/["'&<>\0]/g, (character) => htmlEntities[character]!);
}

const jsEscapes: Record<string, string> = {
  "\\": "\\\\",
  "'": "\\'",
  '"': '\\"',
  "<": "\\u003C",
  ">": "\\u003E",
  "&": "\\u0026",
  "=": "\\u003D",
};

function escapeJs(plain: string): string {
  return [...plain]
    .map((character) => {
      const escape = jsEscapes[character];
      if (escape) return escape;
      const code = character.codePointAt(0)!;
      if (code < 0x20 || (code >= 0x80 && !isPrint(character)))
        return `\\u${code.toString(16).toUpperCase().padStart(4, "0")}`;
      return character;
    })
    .join("");
}

function escapeQuery(plain: string): string {
  return [...new TextEncoder().encode(plain)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      if (/[A-Za-z0-9_.~-]/.test(character)) return character;
      return character === " " ? "+" : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
    })
    .join("");
}
