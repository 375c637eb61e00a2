import { evaluate, getPath, keysOf, pathsOf, recurse, setPath } from "./evaluate.ts";
import type { Path, Variables } from "./evaluate.ts";
import { textOf } from "./formats.ts";
import { FilterError } from "./syntax.ts";
import type { Filter, Json } from "./syntax.ts";
import { arithmetic, compare, described, isObject, members, sortedKeys, truthy, typeName } from "./values.ts";

/** Functions of the input alone. */
const plain: Readonly<Record<string, (input: Json) => Json>> = {
  not: (input) => !truthy(input),
  type: typeName,
  tojson: (input) => JSON.stringify(input),
  tostring: textOf,
  length(input) {
    if (input === null) return 0;
    if (typeof input === "boolean") throw new FilterError(`${described(input)} has no length`);
    if (typeof input === "number") return Math.abs(input);
    return typeof input === "string" ? [...input].length : members(input).length;
  },
  fromjson(input) {
    try {
      return JSON.parse(text(input, "only strings can be parsed"));
    } catch (error) {
      if (error instanceof FilterError) throw error;
      throw new FilterError(`${input as string} (while parsing '${input as string}')`);
    }
  },
  tonumber(input) {
    if (typeof input === "number") return input;
    const number = Number(text(input, "cannot be parsed as a number"));
    if (Number.isNaN(number)) throw new FilterError(`Cannot use ${described(input)} as number`);
    return number;
  },
  keys: (input) =>
    Array.isArray(input) || !isObject(input) ? keysOf(collection(input, "has no keys")) : sortedKeys(input),
  keys_unsorted: (input) => keysOf(collection(input, "has no keys")),
  values: (input) => input,
  add: (input) => members(input).reduce<Json>((sum, each) => arithmetic("+", sum, each), null),
  any: (input) => members(input).some(truthy),
  all: (input) => members(input).every(truthy),
  first: (input) => list(input)[0] ?? null,
  last: (input) => list(input).at(-1) ?? null,
  reverse: (input) =>
    input === null
      ? []
      : typeof input === "string"
        ? [...input].reverse().join("")
        : [...list(input)].reverse(),
  sort: (input) => [...list(input, "cannot be sorted, as it is not an array")].sort(compare),
  unique: (input) =>
    distinct([...list(input, "cannot be sorted, as it is not an array")].sort(compare), (each) => each),
  min: (input) => [...list(input)].sort(compare)[0] ?? null,
  max: (input) => [...list(input)].sort(compare).at(-1) ?? null,
  flatten: (input) => flattened(list(input), Infinity),
  floor: (input) => Math.floor(input as number),
  ceil: (input) => Math.ceil(input as number),
  round: (input) => Math.round(input as number),
  sqrt: (input) => Math.sqrt(input as number),
  ascii_downcase: (input) =>
    text(input, "ascii_downcase input must be a string").replace(/[A-Z]/g, (each) => each.toLowerCase()),
  ascii_upcase: (input) =>
    text(input, "ascii_upcase input must be a string").replace(/[a-z]/g, (each) => each.toUpperCase()),
  to_entries: (input) =>
    Object.entries(collection(input, "has no keys")).map(([key, value]) => ({ key, value })),
  from_entries: (input) => fromEntries(list(input)),
};

/** Everything that the function `name` makes of `input`; `builtinNames` lists those there are. */
export function* builtin(
  name: string,
  args: readonly Filter[],
  input: Json,
  variables: Variables,
): Generator<Json> {
  const run = (at: number, value: Json = input) => evaluate(args[at]!, value, variables);
  const one = (at: number, value: Json = input): Json => run(at, value).next().value ?? null;
  const sorted = () =>
    [...list(input, "cannot be sorted, as it is not an array")]
      .map((value) => ({ value, key: [...run(0, value)] as Json }))
      .sort((a, b) => compare(a.key, b.key));
  const simple = args.length === 0 ? plain[name] : undefined;
  if (
    name === "values" ||
    name === "nulls" ||
    name === "strings" ||
    name === "numbers" ||
    name === "arrays" ||
    name === "objects" ||
    name === "booleans" ||
    name === "iterables" ||
    name === "scalars"
  ) {
    if (ofKind(name, input)) yield input;
    return;
  }
  if (simple) return yield simple(input);
  switch (`${name}/${args.length}`) {
    case "empty/0":
      return;
    case "error/0":
      throw new FilterError(input);
    case "error/1":
      throw new FilterError(one(0));
    case "env/0":
      return yield variables.get("ENV")!;
    case "recurse/0":
      return yield* recurse(input);
    case "select/1":
      for (const keep of run(0)) if (truthy(keep)) yield input;
      return;
    case "map/1":
      return yield members(input).flatMap((each) => [...run(0, each)]);
    case "map_values/1": {
      if (Array.isArray(input)) return yield input.flatMap((each) => [...run(0, each)].slice(0, 1));
      const entries = Object.entries(collection(input, "has no keys")).flatMap(([key, value]) =>
        [...run(0, value)].slice(0, 1).map((made): [string, Json] => [key, made]),
      );
      return yield Object.fromEntries(entries);
    }
    case "with_entries/1":
      return yield fromEntries((plain["to_entries"]!(input) as Json[]).flatMap((each) => [...run(0, each)]));
    case "has/1":
      for (const key of run(0))
        yield Array.isArray(input)
          ? (key as number) >= 0 && (key as number) < input.length
          : Object.hasOwn(collection(input, "has no keys"), key as string);
      return;
    case "sort_by/1":
      return yield sorted().map(({ value }) => value);
    case "group_by/1": {
      const groups: { key: Json; values: Json[] }[] = [];
      for (const { value, key } of sorted()) {
        const last = groups.at(-1);
        if (last && compare(last.key, key) === 0) last.values.push(value);
        else groups.push({ key, values: [value] });
      }
      return yield groups.map(({ values }) => values);
    }
    case "unique_by/1":
      return yield distinct(sorted(), ({ key }) => key).map(({ value }) => value);
    case "min_by/1":
      return yield sorted()[0]?.value ?? null;
    case "max_by/1":
      return yield sorted().at(-1)?.value ?? null;
    case "any/1":
      return yield members(input).some((each) => [...run(0, each)].some(truthy));
    case "all/1":
      return yield members(input).every((each) => [...run(0, each)].every(truthy));
    case "add/1":
      return yield [...run(0)].reduce<Json>((sum, each) => arithmetic("+", sum, each), null);
    case "first/1":
      for (const value of run(0)) return yield value;
      return;
    case "last/1":
      return yield* [...run(0)].slice(-1);
    case "limit/2": {
      let left = one(0) as number;
      if (left > 0)
        for (const value of run(1)) {
          yield value;
          if (--left <= 0) return;
        }
      return;
    }
    case "range/1":
      for (let at = 0; at < (one(0) as number); at++) yield at;
      return;
    case "range/2":
      for (let at = one(0) as number; at < (one(1) as number); at++) yield at;
      return;
    case "flatten/1":
      return yield flattened(list(input), one(0) as number);
    case "join/1": {
      const separator = one(0) as string;
      return yield list(input)
        .map((each) =>
          each === null
            ? ""
            : typeof each === "object"
              ? String(arithmetic("+", separator, each))
              : textOf(each),
        )
        .join(separator);
    }
    case "split/1":
      return yield text(input, "split input and separator must be strings").split(one(0) as string);
    case "contains/1":
      return yield contains(input, one(0));
    case "inside/1":
      return yield contains(one(0), input);
    case "startswith/1":
      return yield text(input, "startswith() requires string inputs").startsWith(one(0) as string);
    case "endswith/1":
      return yield text(input, "endswith() requires string inputs").endsWith(one(0) as string);
    case "ltrimstr/1":
    case "rtrimstr/1": {
      const part = one(0);
      if (typeof input !== "string" || typeof part !== "string") return yield input;
      if (name === "ltrimstr") return yield input.startsWith(part) ? input.slice(part.length) : input;
      return yield part !== "" && input.endsWith(part) ? input.slice(0, -part.length) : input;
    }
    case "index/1":
    case "rindex/1": {
      const at =
        name === "index"
          ? (input as string).indexOf(one(0) as string)
          : (input as string).lastIndexOf(one(0) as string);
      return yield at < 0 ? null : at;
    }
    case "test/1":
    case "test/2":
      return yield expression(one(0), args[1] && one(1), input).test(input as string);
    case "capture/1": {
      const match = expression(one(0), undefined, input).exec(input as string);
      if (match)
        yield Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([key, value]) => [key, value ?? null]),
        );
      return;
    }
    case "scan/1":
      for (const match of (input as string).matchAll(expression(one(0), "g", input)))
        yield match.length > 1 ? match.slice(1).map((each) => each ?? null) : match[0];
      return;
    case "sub/2":
    case "gsub/2": {
      const pattern = expression(one(0), name === "gsub" ? "g" : undefined, input);
      return yield (input as string).replace(pattern, (...found) => {
        const groups = typeof found.at(-1) === "object" ? (found.at(-1) as { [key: string]: Json }) : {};
        return textOf(one(1, { ...groups }));
      });
    }
    case "del/1": {
      const paths = [...pathsOf(args[0]!, [], input, variables)].sort((a, b) => compare([...b], [...a]));
      return yield paths.reduce(deletePath, input);
    }
    case "path/1":
      for (const path of pathsOf(args[0]!, [], input, variables)) yield [...path];
      return;
    case "paths/0":
      for (const path of pathsOf({ kind: "recurse" }, [], input, variables))
        if (path.length > 0) yield [...path];
      return;
    case "getpath/1":
      return yield getPath(input, one(0) as Json[]);
    case "setpath/2":
      return yield setPath(input, one(0) as Json[], one(1));
  }
  throw new FilterError(`${name}/${args.length} is not defined`);
}

const manyArguments =
  "empty/0 error/0 error/1 env/0 recurse/0 select/1 map/1 map_values/1 with_entries/1 has/1 sort_by/1 group_by/1 unique_by/1 min_by/1 max_by/1 any/1 all/1 add/1 first/1 last/1 limit/2 range/1 range/2 flatten/1 join/1 split/1 contains/1 inside/1 startswith/1 endswith/1 ltrimstr/1 rtrimstr/1 index/1 rindex/1 test/1 test/2 capture/1 scan/1 sub/2 gsub/2 del/1 path/1 paths/0 getpath/1 setpath/2 nulls/0 strings/0 numbers/0 arrays/0 objects/0 booleans/0 iterables/0 scalars/0";

/** "map/1", "length/0" …: what a filter may call. */
export const builtinNames: ReadonlySet<string> = new Set([
  ...Object.keys(plain).map((name) => `${name}/0`),
  ...manyArguments.split(" "),
]);

function ofKind(name: string, input: Json): boolean {
  if (name === "values") return input !== null;
  const nested = typeof input === "object" && input !== null;
  return name === "iterables" ? nested : name === "scalars" ? !nested : typeName(input) + "s" === name;
}

function text(input: Json, complaint: string): string {
  if (typeof input !== "string")
    throw new FilterError(complaint.includes("input") ? complaint : `${described(input)} ${complaint}`);
  return input;
}

function list(input: Json, complaint = "is not an array"): Json[] {
  if (!Array.isArray(input)) throw new FilterError(`${described(input)} ${complaint}`);
  return input;
}

function collection(input: Json, complaint: string): Json[] | { [key: string]: Json } {
  if (!Array.isArray(input) && !isObject(input)) throw new FilterError(`${described(input)} ${complaint}`);
  return input;
}

function distinct<T>(values: readonly T[], key: (value: T) => Json): T[] {
  return values.filter((value, at) => at === 0 || compare(key(values[at - 1]!), key(value)) !== 0);
}

function fromEntries(entries: readonly Json[]): Json {
  return Object.fromEntries(
    entries.map((entry) => {
      const each = entry as { [key: string]: Json };
      const key = each["key"] ?? each["k"] ?? each["name"] ?? each["Name"] ?? each["Key"] ?? "null";
      const value = each["value"] ?? each["v"] ?? each["Value"] ?? null;
      return [textOf(key), value];
    }),
  );
}

function contains(a: Json, b: Json): boolean {
  if (typeName(a) !== typeName(b))
    throw new FilterError(`${described(a)} and ${described(b)} cannot have their containment checked`);
  if (typeof a === "string") return a.includes(b as string);
  if (Array.isArray(a))
    return (b as Json[]).every((each) =>
      a.some((own) => typeName(own) === typeName(each) && contains(own, each)),
    );
  if (isObject(a))
    return Object.entries(b as { [key: string]: Json }).every(
      ([key, each]) =>
        Object.hasOwn(a, key) && typeName(a[key]!) === typeName(each) && contains(a[key]!, each),
    );
  return compare(a, b) === 0;
}

function expression(pattern: Json, flags: Json | undefined, input: Json): RegExp {
  if (typeof input !== "string")
    throw new FilterError(`${described(input)} cannot be matched, as it is not a string`);
  if (typeof pattern !== "string")
    throw new FilterError(`${described(pattern)} cannot be matched, as it is not a string`);
  try {
    return new RegExp(pattern, `u${typeof flags === "string" ? flags.replace(/[^gi]/g, "") : ""}`);
  } catch {
    throw new FilterError(`${pattern} (at offset 0) is not a valid regex`);
  }
}

function deletePath(value: Json, path: Path): Json {
  const [key, ...rest] = path;
  if (key === undefined) return null;
  if (value === null) return null;
  if (rest.length > 0) return setPath(value, [key], deletePath(getPath(value, [key]), rest));
  if (Array.isArray(value))
    return value.filter((_, at) => at !== ((key as number) < 0 ? (key as number) + value.length : key));
  return Object.fromEntries(Object.entries(value as object).filter(([name]) => name !== key)) as Json;
}

function flattened(values: readonly Json[], depth: number): Json[] {
  return values.flatMap((each) => (Array.isArray(each) && depth > 0 ? flattened(each, depth - 1) : [each]));
}
