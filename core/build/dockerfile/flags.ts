import { isSpace } from "./space.ts";
import { withSuggestion } from "./suggest.ts";

/** Takes the words that begin with "--" from the start of an instruction's arguments; `rest` begins with the first other. */
export function splitFlags(line: string, escape: string): { flags: string[]; rest: string } {
  const flags: string[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(line[at])) at++;
    if (!line.startsWith("--", at)) return { flags, rest: line.slice(at) };
    let word = "";
    let quote = "";
    let quoted = false;
    for (; at < line.length; at++) {
      let character = line[at]!;
      if (quote === "" && isSpace(character)) break;
      if (character === quote) {
        quote = "";
        continue;
      }
      if (quote === "" && (character === "'" || character === '"')) {
        quote = character;
        quoted = true;
        continue;
      }
      if (character === escape) {
        // An escape character at the very end stands for nothing.
        if (at + 1 === line.length) continue;
        character = line[++at]!;
      }
      word += character;
    }
    if (word === "--") return { flags, rest: line.slice(at) };
    if (quoted || word !== "") flags.push(word);
  }
}

/** What kinds of value an instruction's flags take. */
export type FlagKinds = Record<string, "boolean" | "string" | "strings">;

/** An instruction's flags, read. */
export interface Flags {
  /** The names that were given, in order. */
  used: string[];
  string(name: string): string;
  strings(name: string): string[];
  /** undefined when it was not given. */
  boolean(name: string): boolean | undefined;
}

/** Reads flags of these kinds. Throws an Error with Docker's text for any other. */
export function readFlags(words: readonly string[], kinds: FlagKinds): Flags {
  const values = new Map<string, string[]>();
  for (const word of words) {
    const equals = word.indexOf("=");
    const flag = equals < 0 ? word : word.slice(0, equals);
    const value = equals < 0 ? undefined : word.slice(equals + 1);
    const name = flag.slice(2);
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (!kind) throw new Error(withSuggestion(`unknown flag: ${flag}`, name, Object.keys(kinds), true));
    const before = values.get(name);
    if (before && kind !== "strings") throw new Error(`duplicate flag specified: ${flag}`);
    if (kind === "boolean") {
      if (value === "") throw new Error(`missing a value on flag: ${flag}`);
      if (value !== undefined && !/^(true|false)$/i.test(value))
        throw new Error(`expecting boolean value for flag ${flag}, not: ${value}`);
    } else if (value === undefined) {
      throw new Error(`missing a value on flag: ${flag}`);
    }
    values.set(name, [...(before ?? []), value ?? "true"]);
  }
  return {
    used: [...values.keys()],
    string: (name) => values.get(name)?.[0] ?? "",
    strings: (name) => values.get(name) ?? [],
    boolean: (name) => {
      const value = values.get(name)?.[0];
      return value === undefined ? undefined : value.toLowerCase() === "true";
    },
  };
}
