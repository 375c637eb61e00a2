import type { GoValue } from "./govalue.ts";

/** What a Go type is made of, as far as templates can tell types apart. */
export type Kind =
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "float64"
  | "string"
  | "slice"
  | "array"
  | "map"
  | "struct"
  | "pointer"
  | "interface"
  | "func";

/**
 * A Go type. Docker's templates work on Go values: whether a thing is a struct, a map or an int decides what a
 * template prints and which error it ends with, so the command line keeps the type beside the data.
 */
export interface GoType {
  readonly kind: Kind;
  /** As Go's reflection prints it: `*formatter.ImageContext`, `[]string`, `map[string]string`. */
  readonly name: string;
  /** Of slices, arrays, maps and pointers. */
  readonly elem?: GoType;
  /** Of maps. */
  readonly key?: GoType;
  /** Of structs, in the order of their declaration. */
  readonly fields?: readonly GoField[];
  /** By name; those of a pointer's element are the pointer's too. */
  readonly methods?: Readonly<Record<string, GoMethod>>;
  /** Of functions. */
  readonly signature?: Signature;
  /** The type's own MarshalJSON: JSON text of a value's data. */
  readonly marshal?: (data: never) => string;
}

export interface GoField {
  readonly name: string;
  readonly type: GoType;
  /** Its name in JSON; undefined when JSON leaves it out (`json:"-"`). */
  readonly json: string | undefined;
  readonly omitEmpty: boolean;
  /** Its fields and methods are also those of the struct that holds it. */
  readonly embedded: boolean;
}

export interface Signature {
  readonly parameters: readonly GoType[];
  /** The last parameter takes any number of values of its type. */
  readonly variadic: boolean;
}

export interface GoMethod extends Signature {
  call(receiver: never, ...parameters: GoValue[]): GoValue;
}

const basic = (kind: Kind): GoType => ({ kind, name: kind });

export const bool = basic("bool");
export const int = basic("int");
export const int32 = basic("int32");
export const int64 = basic("int64");
export const uint = basic("uint");
export const uint8 = basic("uint8");
export const uint16 = basic("uint16");
export const uint32 = basic("uint32");
export const uint64 = basic("uint64");
export const float64 = basic("float64");
export const string = basic("string");
/** `interface {}`: holds a value of any type, or nil. */
export const any: GoType = { kind: "interface", name: "interface {}" };

export const slice = (elem: GoType): GoType => ({ kind: "slice", name: `[]${elem.name}`, elem });
export const map = (key: GoType, elem: GoType): GoType => ({
  kind: "map",
  name: `map[${key.name}]${elem.name}`,
  key,
  elem,
});
export const pointer = (elem: GoType): GoType => ({ kind: "pointer", name: `*${elem.name}`, elem });
/** `type name underlying`: the same kind of data under a name of its own, perhaps with methods. */
export const named = (name: string, underlying: GoType, methods?: Record<string, GoMethod>): GoType => ({
  ...underlying,
  name,
  methods,
});

type FieldSpec = GoType | { field: Partial<GoField> & { type: GoType } };

/** A field whose name in JSON is not its Go name; null when JSON leaves it out. */
export const json = (name: string | null, type: GoType): FieldSpec => ({
  field: { type, json: name ?? undefined },
});
/** A field that JSON leaves out when it is empty. */
export const omitempty = (type: GoType, name?: string): FieldSpec =>
  name === undefined
    ? { field: { type, omitEmpty: true } }
    : { field: { type, json: name, omitEmpty: true } };
/** An embedded struct. */
export const embedded = (type: GoType): FieldSpec => ({ field: { type, embedded: true } });

/** A struct type with `fields` in the order of their declaration. */
export function struct(
  name: string,
  fields: Record<string, FieldSpec>,
  methods?: Record<string, GoMethod>,
): GoType {
  const list = Object.entries(fields).map(([fieldName, spec]): GoField => {
    const field = "field" in spec ? spec.field : { type: spec };
    return {
      name: fieldName,
      type: field.type,
      json: "json" in field ? field.json : fieldName,
      omitEmpty: field.omitEmpty ?? false,
      embedded: field.embedded ?? false,
    };
  });
  return { kind: "struct", name, fields: list, methods };
}

export const isInt = (type: GoType): boolean => /^int\d*$/.test(type.kind);
export const isUint = (type: GoType): boolean => type.kind.startsWith("uint");

/** Whether nil can be a value of the type. */
export function canBeNil(type: GoType): boolean {
  return ["func", "interface", "map", "pointer", "slice"].includes(type.kind);
}

/** Whether a value of type `from` may be given where `to` is wanted, as Go's assignments allow. */
export function assignable(from: GoType, to: GoType): boolean {
  return from === to || to === any || (from.name === to.name && from.kind === to.kind);
}
