import { quote, quoteCharacter } from "./go/strconv.ts";

/** Where the values of one flag are gathered while a command line is read. */
export interface FlagValue<T> {
  /** Takes one occurrence's text. Throws an Error whose message follows `invalid argument "x" for "--flag" flag: `. */
  set(text: string): void;
  get(): T;
}

/** How a flag is spelled and shown, apart from its type. */
export interface FlagOptions {
  /** One letter: "t" for -t. */
  short?: string;
  /** For --help. A word in `back quotes` is shown as the name of the value. */
  usage: string;
  hidden?: boolean;
  /** Printed as "Flag --x has been deprecated, …". */
  deprecated?: string;
  shortDeprecated?: string;
  /** The API version that the engine has to speak for this flag. */
  version?: string;
  /** The operating system that the engine has to run on for this flag. */
  osType?: string;
  experimental?: boolean;
}

/** The declaration of one flag, whose value has the type T. Made by `bool`, `string`, `list` … in flags/. */
export interface Flag<T> extends FlagOptions {
  /** pflag's name of the type as --help shows it ("list"); "" for bool. */
  type: string;
  /** The value taken when none is given ("--flag"): "true" for bool. */
  bare?: string;
  /** What --help shows as "(default …)", ready to print; none for a zero value. */
  shownDefault?: string;
  /** The long name of another flag, of the same type, that takes the values of this one too: "network" for --net. */
  sharedWith?: string;
  start(): FlagValue<T>;
}

export type Flags = Readonly<Record<string, Flag<unknown>>>;

/** The values of declared flags, by their long names. */
export type FlagValues<F extends Flags> = {
  readonly [Name in keyof F]: F[Name] extends Flag<infer T> ? T : never;
};

/** What a command line said. */
export interface ParsedFlags {
  values: Record<string, unknown>;
  /** Names of the flags that were given. */
  changed: ReadonlySet<string>;
  /** What is not a flag. */
  args: string[];
  /** How many `args` stood before "--"; -1 without one. */
  argsBeforeDash: number;
  /** "Flag --x has been deprecated, …", in order. */
  notices: string[];
}

/**
 * Reads `argv` by pflag's rules: joined short flags, `--flag=value`, `--`. With `interspersed` false, everything
 * from the first argument that is not a flag belongs to `args`. Throws an Error with pflag's text.
 */
export function parseFlags(declared: Flags, argv: readonly string[], interspersed = true): ParsedFlags {
  return new FlagReader(declared).read(argv, interspersed);
}

/** The flag whose short name is `letter`, with its long name. */
function findShort(declared: Flags, letter: string): [string, Flag<unknown>] | undefined {
  return Object.entries(declared).find(([, flag]) => flag.short === letter);
}

class FlagReader {
  readonly #declared: Flags;
  readonly #values = new Map<string, FlagValue<unknown>>();
  readonly #changed = new Set<string>();
  readonly #notices: string[] = [];

  constructor(declared: Flags) {
    this.#declared = declared;
    for (const [name, flag] of Object.entries(declared))
      if (!flag.sharedWith) this.#values.set(name, flag.start());
    for (const [name, flag] of Object.entries(declared))
      if (flag.sharedWith) this.#values.set(name, this.#values.get(flag.sharedWith)!);
  }

  read(argv: readonly string[], interspersed: boolean): ParsedFlags {
    const args: string[] = [];
    let argsBeforeDash = -1;
    const left = [...argv];
    for (let word = left.shift(); word !== undefined; word = left.shift()) {
      if (word === "--") {
        argsBeforeDash = args.length;
        args.push(...left.splice(0));
      } else if (word.startsWith("--")) this.#long(word, left);
      else if (word.startsWith("-") && word.length > 1) this.#shorts(word.slice(1), left);
      else {
        args.push(word);
        if (!interspersed) args.push(...left.splice(0));
      }
    }
    const values: Record<string, unknown> = {};
    for (const [name, value] of this.#values) values[name] = value.get();
    return { values, changed: this.#changed, args, argsBeforeDash, notices: this.#notices };
  }

  #long(word: string, left: string[]): void {
    const [, name = "", , inline] = /^--([^=]*)(=([^]*))?$/.exec(word) ?? [];
    if (name === "" || name.startsWith("-")) throw new Error(`bad flag syntax: ${word}`);
    const flag = Object.hasOwn(this.#declared, name) ? this.#declared[name] : undefined;
    if (!flag) throw new Error(`unknown flag: --${name}`);
    const value = inline ?? flag.bare ?? left.shift();
    if (value === undefined) throw new Error(`flag needs an argument: ${word}`);
    this.#set(name, flag, value);
  }

  #shorts(letters: string, left: string[]): void {
    while (letters !== "") {
      const letter = String.fromCodePoint(letters.codePointAt(0)!);
      const found = findShort(this.#declared, letter);
      if (!found) throw new Error(`unknown shorthand flag: ${quoteCharacter(letter)} in -${letters}`);
      const [name, flag] = found;
      const rest = letters.slice(letter.length);
      let value: string | undefined;
      letters = "";
      if (rest.length > 1 && rest.startsWith("=")) value = rest.slice(1);
      else if (flag.bare !== undefined) {
        value = flag.bare;
        letters = rest;
      } else if (rest !== "") value = rest;
      else value = left.shift();
      if (value === undefined)
        throw new Error(`flag needs an argument: ${quoteCharacter(letter)} in -${letter}`);
      if (flag.shortDeprecated)
        this.#notices.push(`Flag shorthand -${letter} has been deprecated, ${flag.shortDeprecated}`);
      this.#set(name, flag, value);
    }
  }

  #set(name: string, flag: Flag<unknown>, value: string): void {
    try {
      this.#values.get(name)!.set(value);
    } catch (error) {
      const shown = flag.short && !flag.shortDeprecated ? `-${flag.short}, --${name}` : `--${name}`;
      throw new Error(
        `invalid argument ${quote(value)} for ${quote(shown)} flag: ${(error as Error).message}`,
      );
    }
    this.#changed.add(name);
    if (flag.deprecated) this.#notices.push(`Flag --${name} has been deprecated, ${flag.deprecated}`);
  }
}
