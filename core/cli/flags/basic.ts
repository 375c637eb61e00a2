import type { Flag, FlagOptions, FlagValue } from "../flags.ts";
import { formatDuration, parseDuration } from "../go/duration.ts";
import type { Duration } from "../go/duration.ts";
import { parseBool, parseInteger, parseUnsigned, quote } from "../go/strconv.ts";

/** One value, replaced by each occurrence. */
export function single<T>(initial: T, parse: (text: string) => T): FlagValue<T> {
  let value = initial;
  return { set: (text) => void (value = parse(text)), get: () => value };
}

/** A switch: --flag, --flag=false. */
export function bool(options: FlagOptions & { default?: boolean }): Flag<boolean> {
  const initial = options.default ?? false;
  return {
    ...options,
    type: "",
    bare: "true",
    ...(initial ? { shownDefault: "true" } : {}),
    start: () => single(initial, parseBool),
  };
}

export function string(
  options: FlagOptions & { default?: string; type?: string; bare?: string },
): Flag<string> {
  const initial = options.default ?? "";
  return {
    ...options,
    type: options.type ?? "string",
    ...(initial ? { shownDefault: quote(initial) } : {}),
    start: () => single(initial, (text) => text),
  };
}

function number(type: string, parse: (text: string) => number) {
  return (options: FlagOptions & { default?: number }): Flag<number> => {
    const initial = options.default ?? 0;
    return {
      ...options,
      type,
      ...(initial ? { shownDefault: String(initial) } : {}),
      start: () => single(initial, parse),
    };
  };
}

export const int = number("int", (text) => parseInteger(text));
export const int64 = number("int", (text) => parseInteger(text));
export const uint = number("uint", (text) => parseUnsigned(text));
export const uint16 = number("uint16", (text) => parseUnsigned(text, 16));

/** A span of time: 30s, 1m30s. */
export function duration(options: FlagOptions & { default?: Duration }): Flag<Duration> {
  const initial = options.default ?? 0;
  return {
    ...options,
    type: "duration",
    ...(initial ? { shownDefault: formatDuration(initial) } : {}),
    start: () => single(initial, parseDuration),
  };
}
