import { isInt, isUint, type GoType } from "./gotype.ts";
import { sprintf } from "./fmt.ts";
import { compareBytes, fieldValue, GoValue, indirectInterface, type MaybeValue } from "./govalue.ts";

/** What a function of a template complains about; the executor says where. */
export class FunctionError extends Error {
  override name = "FunctionError";
}

type Class = "bool" | "int" | "uint" | "float" | "string" | "complex" | "other";

function classOf(value: MaybeValue): Class {
  if (!value) return "other";
  const { type } = value;
  if (type.kind === "bool" || type.kind === "string") return type.kind;
  if (type.kind === "float64") return "float";
  if (isInt(type)) return "int";
  return isUint(type) ? "uint" : "other";
}

const whole = (value: GoValue) => BigInt(value.data as number | bigint);

/** `eq a b c`: whether a is b or c. */
export function equal(first: MaybeValue, others: readonly MaybeValue[]): boolean {
  if (others.length === 0) throw new FunctionError("missing argument for comparison");
  const a = indirectInterface(first);
  return others.some((other) => equalPair(a, indirectInterface(other)));
}

function equalPair(a: MaybeValue, b: MaybeValue): boolean {
  const [left, right] = [classOf(a), classOf(b)];
  if (left !== right) {
    // Signed and unsigned numbers may be compared.
    if ((left === "int" && right === "uint") || (left === "uint" && right === "int"))
      return whole(a!) === whole(b!);
    if (a && b) throw new FunctionError("incompatible types for comparison");
    return false;
  }
  if (left === "int" || left === "uint") return whole(a!) === whole(b!);
  if (left !== "other") return a!.data === b!.data;
  if (a && b && a.type.kind !== b.type.kind) {
    throw new FunctionError(`non-comparable types ${shown(a)}: ${a.type.name}, ${b.type.name}: ${shown(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (!comparable(b!.type)) throw new FunctionError(`non-comparable type ${shown(b!)}: ${b!.type.name}`);
  return a!.type.name === b!.type.name && sameData(a!, b!);
}

function isNil(value: MaybeValue): boolean {
  return !value || value.data === null;
}

function shown(value: GoValue): string {
  return sprintf("%s", [value]);
}

function comparable(type: GoType): boolean {
  if (type.kind === "slice" || type.kind === "map" || type.kind === "func") return false;
  return type.kind === "struct" ? type.fields!.every((field) => comparable(field.type)) : true;
}

function sameData(a: GoValue, b: GoValue): boolean {
  if (a.type.kind !== "struct") return a.data === b.data;
  return a.type.fields!.every((field) => sameData(fieldValue(a, field), fieldValue(b, field)));
}

export function less(first: MaybeValue, second: MaybeValue): boolean {
  const [a, b] = [indirectInterface(first), indirectInterface(second)];
  const [left, right] = [classOf(a), classOf(b)];
  if (left === "other" || right === "other") throw new FunctionError("invalid type for comparison");
  if (left !== right) {
    if ((left === "int" && right === "uint") || (left === "uint" && right === "int"))
      return whole(a!) < whole(b!);
    throw new FunctionError("incompatible types for comparison");
  }
  if (left === "bool" || left === "complex") throw new FunctionError("invalid type for comparison");
  if (left === "string") return compareBytes(a!.data as string, b!.data as string) < 0;
  return left === "float" ? (a!.data as number) < (b!.data as number) : whole(a!) < whole(b!);
}
