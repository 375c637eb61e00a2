import { invalidParameter } from "../../errors/errors.ts";

/**
 * What a JSON value has to be, in Go's terms, since Docker's requests are Go structs. A struct's keys are matched
 * without regard to case and unknown ones are passed over; null leaves a field unset.
 */
export type Shape =
  | "string"
  | "bool"
  | "int"
  | "int64"
  | "uint"
  | "uint16"
  | "float64"
  | "any"
  /** A string or a list of strings; gives a list. */
  | "strings"
  | { named: string; of: "string" | "int64" }
  | { list: Shape }
  | { map: Shape }
  /** A struct with nothing in it: struct{}. */
  | "empty"
  /** `unnamed`: errors about its fields do not say its name, as for Go's embedded structs. */
  | { struct: string; fields: Fields; unnamed?: boolean };

export type Fields = Readonly<Record<string, Shape>>;

/** A list of strings as Go's []string. */
export const stringList: Shape = { list: "string" };
export const stringMap: Shape = { map: "string" };

/**
 * Checks `value` against `shape` and gives it with the field names that `shape` has; what it does not name is left out.
 * Throws invalidParameter with the text of Go's decoder: "invalid JSON: json: cannot unmarshal number into Go struct field .Image of type string".
 */
export function decodeJson(shape: Shape, value: unknown): unknown {
  return decode(shape, value, { struct: shape, path: [] });
}

interface Place {
  struct: Shape;
  path: string[];
  inList?: boolean;
}

function decode(shape: Shape, value: unknown, place: Place): unknown {
  if (value === null || value === undefined) return undefined;
  if (shape === "any") return value;
  if (shape === "strings") {
    if (typeof value === "string") return [value];
    if (!Array.isArray(value)) {
      throw invalidParameter(
        `invalid JSON: json: cannot unmarshal ${typeOf(value)} into Go value of type string`,
      );
    }
    return value.map((item, at) => decode("string", item, below(place, String(at), true)) ?? "");
  }
  if (typeof shape === "object" && "list" in shape) {
    if (!Array.isArray(value)) throw mismatch(shape, value, place);
    return value.map(
      (item, at) => decode(shape.list, item, below(place, String(at), true)) ?? zero(shape.list),
    );
  }
  if (typeof shape === "object" && "map" in shape) {
    if (typeOf(value) !== "object") throw mismatch(shape, value, place);
    const map: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value as object))
      define(map, key, decode(shape.map, item, below(place, key)) ?? zero(shape.map));
    return map;
  }
  if (typeof shape === "object" && "struct" in shape) {
    if (typeOf(value) !== "object") throw mismatch(shape, value, place);
    const struct: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value as object)) {
      const field = fieldOf(shape.fields, key);
      if (field === undefined) continue;
      const decoded = decode(shape.fields[field]!, item, below(place, field));
      if (decoded !== undefined) struct[field] = decoded;
    }
    return struct;
  }
  const base = typeof shape === "object" ? shape.of : shape;
  if (base === "empty") {
    if (typeOf(value) !== "object") throw mismatch(shape, value, { ...place, inList: true });
    return {};
  }
  const wanted = base === "string" ? "string" : base === "bool" ? "bool" : "number";
  if (typeOf(value) !== wanted) throw mismatch(shape, value, place);
  if (wanted === "number" && base !== "float64" && !fits(value as number, base))
    throw mismatch(shape, value, place, `number ${value}`);
  return value;
}

function fits(value: number, type: string): boolean {
  if (!Number.isInteger(value)) return false;
  if (type === "uint16") return value >= 0 && value <= 65535;
  if (type === "uint") return value >= 0 && value < 2 ** 64;
  return value >= -(2 ** 63) && value < 2 ** 63;
}

function fieldOf(fields: Fields, key: string): string | undefined {
  if (Object.hasOwn(fields, key)) return key;
  const lower = key.toLowerCase();
  return Object.keys(fields).find((field) => field.toLowerCase() === lower);
}

function zero(shape: Shape): unknown {
  if (shape === "string" || (typeof shape === "object" && "named" in shape && shape.of === "string"))
    return "";
  if (shape === "bool") return false;
  if (shape === "empty" || (typeof shape === "object" && "struct" in shape)) return {};
  if (shape === "any" || typeof shape === "object" || shape === "strings") return null;
  return 0;
}

/** Sets a key that may be "__proto__" without its meaning. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
}

function below(place: Place, key: string, inList = false): Place {
  return {
    struct: place.struct,
    path: [...place.path, key.replaceAll("~", "~0").replaceAll("/", "~1")],
    inList,
  };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/** The error for a value of a wrong type; `what` says which when its type does not. */
function mismatch(shape: Shape, value: unknown, place: Place, what = typeOf(value)): Error {
  const root = place.struct;
  const name =
    typeof root === "object" && "struct" in root && !root.unnamed ? root.struct.split(".").at(-1)! : "";
  const field = place.inList ? "" : `Go struct field ${name}`;
  const into = place.path.length === 0 ? "Go value" : `${field}.${place.path.join(".")}`;
  return invalidParameter(
    `invalid JSON: json: cannot unmarshal ${what} into ${into} of type ${goType(shape)}`,
  );
}

function goType(shape: Shape): string {
  if (shape === "any") return "interface {}";
  if (shape === "strings") return "[]string";
  if (shape === "empty") return "struct {}";
  if (typeof shape === "string") return shape;
  if ("named" in shape) return shape.named;
  if ("list" in shape) return `[]${goType(shape.list)}`;
  if ("map" in shape) return `map[string]${goType(shape.map)}`;
  return shape.struct;
}
