import { builtin } from "./builtins.ts";
import { FilterError } from "./syntax.ts";
import type { Filter, Json } from "./syntax.ts";
import { formatted } from "./formats.ts";
import { arithmetic, index, isObject, members, slice, truthy, typeName } from "./values.ts";

export type Variables = ReadonlyMap<string, Json>;

/** Where a value stands in the input: keys from the top. */
export type Path = readonly Json[];

/** All that a filter makes of `input`. Throws FilterError. */
export function* evaluate(filter: Filter, input: Json, variables: Variables): Generator<Json> {
  switch (filter.kind) {
    case "identity":
      return yield input;
    case "literal":
      return yield filter.value;
    case "recurse":
      return yield* recurse(input);
    case "variable":
      return yield variables.get(filter.name)!;
    case "format":
      return yield formatted(filter.name, input);
    case "text":
      return yield* texts(filter.parts, 0, filter.format, input, variables);
    case "index":
      for (const key of evaluate(filter.key, input, variables))
        for (const of of evaluate(filter.of, input, variables)) yield index(of, key);
      return;
    case "slice":
      for (const to of filter.to ? evaluate(filter.to, input, variables) : [null])
        for (const from of filter.from ? evaluate(filter.from, input, variables) : [null])
          for (const of of evaluate(filter.of, input, variables)) yield slice(of, from, to);
      return;
    case "iterate":
      for (const of of evaluate(filter.of, input, variables)) yield* members(of);
      return;
    case "try":
      try {
        yield* evaluate(filter.body, input, variables);
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
        if (filter.handler) yield* evaluate(filter.handler, error.value, variables);
      }
      return;
    case "array":
      return yield filter.body ? [...evaluate(filter.body, input, variables)] : [];
    case "object":
      return yield* objects(filter.entries, 0, {}, input, variables);
    case "negate":
      for (const value of evaluate(filter.of, input, variables)) {
        if (typeof value !== "number") throw new FilterError(`${typeName(value)} cannot be negated`);
        yield -value;
      }
      return;
    case "pipe":
      for (const value of evaluate(filter.left, input, variables))
        yield* evaluate(filter.right, value, variables);
      return;
    case "comma":
      yield* evaluate(filter.left, input, variables);
      return yield* evaluate(filter.right, input, variables);
    case "alternative":
      return yield* alternative(filter.left, filter.right, input, variables);
    case "binary":
      return yield* binary(filter.operator, filter.left, filter.right, input, variables);
    case "update":
      return yield* updated(filter.operator, filter.path, filter.value, input, variables);
    case "if":
      return yield* conditional(filter.branches, 0, filter.otherwise, input, variables);
    case "reduce": {
      let [state = null] = evaluate(filter.start, input, variables);
      for (const value of evaluate(filter.source, input, variables))
        state =
          [...evaluate(filter.update, state, new Map(variables).set(filter.name, value))].at(-1) ?? null;
      return yield state;
    }
    case "as":
      for (const value of evaluate(filter.source, input, variables))
        yield* evaluate(filter.body, input, new Map(variables).set(filter.name, value));
      return;
    case "call":
      return yield* builtin(filter.name, filter.args, input, variables);
  }
}

export function* recurse(value: Json): Generator<Json> {
  yield value;
  if (Array.isArray(value) || isObject(value)) for (const each of members(value)) yield* recurse(each);
}

function* texts(
  parts: readonly (string | Filter)[],
  at: number,
  format: string | undefined,
  input: Json,
  variables: Variables,
): Generator<string> {
  const part = parts[at];
  if (part === undefined) return yield "";
  const values = typeof part === "string" ? [part] : evaluate(part, input, variables);
  for (const value of values) {
    const text = typeof part === "string" ? part : formatted(format ?? "text", value);
    for (const rest of texts(parts, at + 1, format, input, variables)) yield text + rest;
  }
}

function* objects(
  entries: readonly { key: Filter; value: Filter }[],
  at: number,
  made: { [key: string]: Json },
  input: Json,
  variables: Variables,
): Generator<Json> {
  const entry = entries[at];
  if (!entry) return yield made;
  for (const key of evaluate(entry.key, input, variables)) {
    if (typeof key !== "string") throw new FilterError(`Object keys must be strings`);
    for (const value of evaluate(entry.value, input, variables))
      yield* objects(entries, at + 1, { ...made, [key]: value }, input, variables);
  }
}

function* alternative(left: Filter, right: Filter, input: Json, variables: Variables): Generator<Json> {
  let found = false;
  try {
    for (const value of evaluate(left, input, variables)) {
      if (!truthy(value)) continue;
      found = true;
      yield value;
    }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
  }
  if (!found) yield* evaluate(right, input, variables);
}

function* binary(
  operator: string,
  left: Filter,
  right: Filter,
  input: Json,
  variables: Variables,
): Generator<Json> {
  if (operator === "and" || operator === "or") {
    for (const value of evaluate(left, input, variables)) {
      if (truthy(value) === (operator === "or")) yield operator === "or";
      else for (const other of evaluate(right, input, variables)) yield truthy(other);
    }
    return;
  }
  for (const b of evaluate(right, input, variables))
    for (const a of evaluate(left, input, variables)) yield arithmetic(operator, a, b);
}

function* conditional(
  branches: readonly { condition: Filter; body: Filter }[],
  at: number,
  otherwise: Filter | undefined,
  input: Json,
  variables: Variables,
): Generator<Json> {
  const branch = branches[at];
  if (!branch) return yield* otherwise ? evaluate(otherwise, input, variables) : [input];
  for (const value of evaluate(branch.condition, input, variables)) {
    if (truthy(value)) yield* evaluate(branch.body, input, variables);
    else yield* conditional(branches, at + 1, otherwise, input, variables);
  }
}

/** The places that a filter names, for updates, `del` and `paths`. */
export function* pathsOf(filter: Filter, path: Path, value: Json, variables: Variables): Generator<Path> {
  switch (filter.kind) {
    case "identity":
      return yield path;
    case "recurse":
      yield path;
      if (Array.isArray(value) || isObject(value))
        for (const key of keysOf(value)) yield* pathsOf(filter, [...path, key], index(value, key), variables);
      return;
    case "index":
      for (const key of evaluate(filter.key, value, variables))
        for (const of of pathsOf(filter.of, [], value, variables)) {
          index(getPath(value, of), key);
          yield [...path, ...of, key];
        }
      return;
    case "iterate":
      for (const of of pathsOf(filter.of, [], value, variables)) {
        const whole = getPath(value, of);
        members(whole);
        for (const key of keysOf(whole)) yield [...path, ...of, key];
      }
      return;
    case "pipe":
      for (const first of pathsOf(filter.left, [], value, variables))
        yield* pathsOf(filter.right, [...path, ...first], getPath(value, first), variables);
      return;
    case "comma":
      yield* pathsOf(filter.left, path, value, variables);
      return yield* pathsOf(filter.right, path, value, variables);
    case "try":
      try {
        yield* pathsOf(filter.body, path, value, variables);
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
      }
      return;
    case "call":
      if (filter.name === "select") {
        for (const keep of evaluate(filter.args[0]!, value, variables)) if (truthy(keep)) yield path;
        return;
      }
      if (filter.name === "empty") return;
  }
  throw new FilterError("Invalid path expression");
}

export function keysOf(value: Json): Json[] {
  return Array.isArray(value) ? value.map((_, at) => at) : Object.keys(value as object);
}

export function getPath(value: Json, path: Path): Json {
  return path.reduce<Json>((each, key) => index(each, key), value);
}

export function setPath(value: Json, path: Path, made: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return made;
  const inner = setPath(index(value, key), rest, made);
  if (typeof key === "string") return { ...(value as { [key: string]: Json } | null), [key]: inner };
  const list = [...((value as Json[] | null) ?? [])];
  const at = (key as number) < 0 ? (key as number) + list.length : (key as number);
  if (at < 0) throw new FilterError("Out of bounds negative array index");
  if (at > 1 << 20) throw new FilterError("Array index too large");
  while (list.length < at) list.push(null);
  list[at] = inner;
  return list;
}

function* updated(
  operator: string,
  path: Filter,
  value: Filter,
  input: Json,
  variables: Variables,
): Generator<Json> {
  if (operator === "|=") {
    let result = input;
    for (const each of [...pathsOf(path, [], input, variables)]) {
      const [made] = evaluate(value, getPath(result, each), variables);
      if (made !== undefined) result = setPath(result, each, made);
    }
    return yield result;
  }
  for (const given of evaluate(value, input, variables)) {
    let result = input;
    for (const each of [...pathsOf(path, [], input, variables)]) {
      const old = getPath(result, each);
      const made =
        operator === "="
          ? given
          : operator === "//="
            ? truthy(old)
              ? old
              : given
            : arithmetic(operator.slice(0, -1), old, given);
      result = setPath(result, each, made);
    }
    yield result;
  }
}
