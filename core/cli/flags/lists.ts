import type { Flag, FlagOptions, FlagValue } from "../flags.ts";
import { readCsv } from "../go/csv.ts";

/** Values in the order they were given, each through `parse`. */
export function gathered<T>(parse: (text: string) => T): FlagValue<T[]> {
  const values: T[] = [];
  return { set: (text) => void values.push(parse(text)), get: () => values };
}

/** May be given several times; each text is checked (and perhaps rewritten) by `validate`. */
export function list(
  options: FlagOptions & { validate?: (text: string) => string; type?: string },
): Flag<string[]> {
  const validate = options.validate ?? ((text: string) => text);
  return { ...options, type: options.type ?? "list", start: () => gathered(validate) };
}

/** May be given several times: --flag key=value. */
export function map(
  options: FlagOptions & { validate?: (text: string) => string },
): Flag<Record<string, string>> {
  return {
    ...options,
    type: "map",
    shownDefault: "map[]",
    start: () => {
      const values: Record<string, string> = {};
      return {
        set: (text) => {
          const checked = options.validate ? options.validate(text) : text;
          const equals = checked.indexOf("=");
          values[equals < 0 ? checked : checked.slice(0, equals)] =
            equals < 0 ? "" : checked.slice(equals + 1);
        },
        get: () => values,
      };
    },
  };
}

/** May be given several times, each with values between commas (pflag's stringSlice). */
export function strings(options: FlagOptions & { default?: string[] }): Flag<string[]> {
  return {
    ...options,
    type: "strings",
    ...(options.default?.length ? { shownDefault: `[${options.default.join(",")}]` } : {}),
    start: () => {
      let values: string[] | undefined;
      return {
        set: (text) => void (values = [...(values ?? []), ...(text === "" ? [] : readCsv(text))]),
        get: () => values ?? options.default ?? [],
      };
    },
  };
}

/** The filters of a list, by name; each name may have several values. */
export type Filters = Record<string, string[]>;

/** --filter name=value, may be given several times. */
export function filter(options: Partial<FlagOptions> = {}): Flag<Filters> {
  return {
    short: "f",
    usage: "Only those that match the condition",
    ...options,
    type: "filter",
    start: () => {
      const filters: Filters = {};
      return {
        set: (text) => {
          if (text === "") return;
          const equals = text.indexOf("=");
          if (equals < 0) throw new Error("bad format of filter (expected name=value)");
          const values = (filters[text.slice(0, equals).trim().toLowerCase()] ??= []);
          const value = text.slice(equals + 1).trim();
          if (!values.includes(value)) values.push(value);
        },
        get: () => filters,
      };
    },
  };
}

/** `filters` as the API takes them, `{"status":{"exited":true}}`; undefined when there are none. */
export function encodeFilters(filters: Filters): string | undefined {
  const names = Object.keys(filters).sort();
  if (names.length === 0) return undefined;
  const encoded = names.map((name) => [
    name,
    Object.fromEntries([...filters[name]!].sort().map((value) => [value, true])),
  ]);
  return JSON.stringify(Object.fromEntries(encoded));
}
