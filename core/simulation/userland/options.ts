/** What options a program takes, in getopt's notation. */
export interface OptionSpec {
  /** Letters; one that takes a value is followed by ":", one whose value may be missing by "::". */
  short: string;
  /** Long names: the letter (or other key) they stand for; "key:" takes a value, "key::" may. */
  long?: Readonly<Record<string, string>>;
  /** Options end at the first operand (env, xargs, nohup…). */
  stopAtOperand?: boolean;
  /** "-5" is the option of this key with the value 5 (head, tail). */
  number?: string;
}

/** An argument that is no option of the program; the message is getopt's, without the program's name. */
export class OptionError extends Error {
  override name = "OptionError";
}

/** The options that were given, and the operands. */
export class Options {
  /** In the order they were given. */
  readonly list: { key: string; value: string }[] = [];
  readonly operands: string[] = [];

  has(...keys: string[]): boolean {
    return this.list.some(({ key }) => keys.includes(key));
  }

  /** The value that was given last. */
  get(key: string): string | undefined {
    return this.list.findLast((option) => option.key === key)?.value;
  }

  all(key: string): string[] {
    return this.list.filter((option) => option.key === key).map((option) => option.value);
  }

  /** Of several options that exclude each other, the one that was given last. */
  last(...keys: string[]): string | undefined {
    return this.list.findLast((option) => keys.includes(option.key))?.key;
  }
}

/** Reads arguments as getopt_long does: options anywhere before "--", long ones by any unique beginning. */
export function parseOptions(args: readonly string[], spec: OptionSpec): Options {
  const options = new Options();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--") {
      options.operands.push(...args.slice(at + 1));
      break;
    }
    if (arg.startsWith("--")) at = parseLong(args, at, spec, options);
    else if (spec.number !== undefined && /^-\d+$/.test(arg))
      options.list.push({ key: spec.number, value: arg.slice(1) });
    else if (arg.startsWith("-") && arg !== "-") at = parseShort(args, at, spec, options);
    else if (spec.stopAtOperand) {
      options.operands.push(...args.slice(at));
      break;
    } else options.operands.push(arg);
  }
  return options;
}

function parseLong(args: readonly string[], at: number, spec: OptionSpec, options: Options): number {
  const arg = args[at]!;
  const equals = arg.indexOf("=");
  const name = arg.slice(2, equals < 0 ? undefined : equals);
  const names = Object.keys({ help: "help", version: "version", ...spec.long });
  const matches = names.includes(name) ? [name] : names.filter((each) => each.startsWith(name));
  if (matches.length === 0) throw new OptionError(`unrecognized option '--${name}'`);
  if (matches.length > 1 && new Set(matches.map((each) => spec.long?.[each] ?? each)).size > 1) {
    throw new OptionError(
      `option '${arg}' is ambiguous; possibilities:${matches.map((each) => ` '--${each}'`).join("")}`,
    );
  }
  const full = matches[0]!;
  const target = spec.long?.[full] ?? full;
  const key = target.replace(/:+$/, "");
  if (!target.includes(":")) {
    if (equals >= 0) throw new OptionError(`option '--${full}' doesn't allow an argument`);
    options.list.push({ key, value: "" });
  } else if (equals >= 0) options.list.push({ key, value: arg.slice(equals + 1) });
  else if (target.endsWith("::")) options.list.push({ key, value: "" });
  else if (args[at + 1] === undefined) throw new OptionError(`option '--${full}' requires an argument`);
  else options.list.push({ key, value: args[++at]! });
  return at;
}

function parseShort(args: readonly string[], at: number, spec: OptionSpec, options: Options): number {
  const arg = args[at]!;
  for (let place = 1; place < arg.length; place++) {
    const letter = arg[place]!;
    const known = letter === ":" ? -1 : spec.short.indexOf(letter);
    if (known < 0) throw new OptionError(`invalid option -- '${letter}'`);
    if (spec.short[known + 1] !== ":") {
      options.list.push({ key: letter, value: "" });
      continue;
    }
    const attached = arg.slice(place + 1);
    if (attached !== "" || spec.short[known + 2] === ":") options.list.push({ key: letter, value: attached });
    else if (args[at + 1] === undefined) throw new OptionError(`option requires an argument -- '${letter}'`);
    else options.list.push({ key: letter, value: args[++at]! });
    break;
  }
  return at;
}
