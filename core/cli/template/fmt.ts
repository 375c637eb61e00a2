import { isInt, isUint } from "./gotype.ts";
import {
  dynamic,
  element,
  entries,
  fieldValue,
  GoValue,
  indirectInterface,
  length,
  type MaybeValue,
  methodOf,
  pointee,
} from "./govalue.ts";
import { formatFloat, hexFloat } from "./floats.ts";
import { quote, showRune } from "./quote.ts";

/** What stands between "%" and the verb. */
interface Flags {
  minus: boolean;
  plus: boolean;
  sharp: boolean;
  space: boolean;
  zero: boolean;
  width?: number;
  precision?: number;
}

const noFlags: Flags = { minus: false, plus: false, sharp: false, space: false, zero: false };

/** fmt.Sprint: the values side by side, a space between two of which neither is a string. */
export function sprint(values: readonly MaybeValue[]): string {
  let printed = "";
  values.forEach((given, i) => {
    const value = indirectInterface(given);
    const before = i > 0 ? indirectInterface(values[i - 1]) : undefined;
    if (i > 0 && value?.type.kind !== "string" && before?.type.kind !== "string") printed += " ";
    printed += printValue(value, "v", noFlags, 0);
  });
  return printed;
}

/** fmt.Sprintln: the values with a space between any two, and a newline. */
export function sprintln(values: readonly MaybeValue[]): string {
  return `${values.map((value) => printValue(indirectInterface(value), "v", noFlags, 0)).join(" ")}\n`;
}

/** fmt.Sprintf, with its complaints about verbs and values that do not fit: "%!d(string=x)". */
export function sprintf(format: string, values: readonly MaybeValue[]): string {
  return new Format(format, values).run();
}

class Format {
  readonly #format: string;
  readonly #values: readonly MaybeValue[];
  #at = 0;
  #next = 0;
  /** An explicit index ("%[2]d") was used anywhere: then values left over are no mistake. */
  #reordered = false;
  #goodIndex = true;

  constructor(format: string, values: readonly MaybeValue[]) {
    this.#format = format;
    this.#values = values.map(indirectInterface);
  }

  run(): string {
    let printed = "";
    while (this.#at < this.#format.length) {
      const percent = this.#format.indexOf("%", this.#at);
      if (percent < 0) break;
      printed += this.#format.slice(this.#at, percent);
      this.#at = percent + 1;
      printed += this.#directive();
    }
    printed += this.#format.slice(this.#at);
    if (!this.#reordered && this.#next < this.#values.length) {
      const extra = this.#values
        .slice(this.#next)
        .map((value) => (value ? `${value.type.name}=${printValue(value, "v", noFlags, 0)}` : "<nil>"));
      printed += `%!(EXTRA ${extra.join(", ")})`;
    }
    return printed;
  }

  #directive(): string {
    const flags: Flags = { ...noFlags };
    this.#goodIndex = true;
    for (; ; this.#at++) {
      const flag = this.#format[this.#at];
      if (flag === "-") flags.minus = true;
      else if (flag === "+") flags.plus = true;
      else if (flag === "#") flags.sharp = true;
      else if (flag === " ") flags.space = true;
      else if (flag === "0") flags.zero = true;
      else break;
    }
    let printed = "";
    let indexed = this.#index();
    if (this.#format[this.#at] === "*") {
      this.#at++;
      const width = this.#integer();
      if (width === undefined) printed += "%!(BADWIDTH)";
      else {
        if (width < 0) flags.minus = true;
        flags.width = Math.abs(width);
      }
      indexed = false;
    } else {
      flags.width = this.#digits();
      if (indexed && flags.width !== undefined) this.#goodIndex = false;
    }
    if (this.#format[this.#at] === ".") {
      this.#at++;
      if (indexed) this.#goodIndex = false;
      indexed = this.#index();
      if (this.#format[this.#at] === "*") {
        this.#at++;
        const precision = this.#integer();
        if (precision === undefined || precision < 0) printed += precision === undefined ? "%!(BADPREC)" : "";
        else flags.precision = precision;
        indexed = false;
      } else flags.precision = this.#digits() ?? 0;
    }
    if (!indexed) indexed = this.#index();
    const code = this.#format.codePointAt(this.#at);
    if (code === undefined) return `${printed}%!(NOVERB)`;
    const verb = String.fromCodePoint(code);
    this.#at += verb.length;
    if (verb === "%") return `${printed}%`;
    if (!this.#goodIndex) return `${printed}%!${verb}(BADINDEX)`;
    if (this.#next >= this.#values.length) return `${printed}%!${verb}(MISSING)`;
    return printed + printValue(this.#values[this.#next++], verb, flags, 0);
  }

  #digits(): number | undefined {
    const digits = /^\d+/.exec(this.#format.slice(this.#at))?.[0];
    if (digits === undefined) return undefined;
    this.#at += digits.length;
    return Number(digits);
  }

  /** A width or precision given by the next value. */
  #integer(): number | undefined {
    const value = this.#values[this.#next];
    if (this.#next < this.#values.length) this.#next++;
    if (!value || !(isInt(value.type) || isUint(value.type))) return undefined;
    const number = Number(value.data);
    return Math.abs(number) > 1e6 ? undefined : number;
  }

  /** Reads "[2]", after which the second value is next. */
  #index(): boolean {
    if (this.#format[this.#at] !== "[") return false;
    this.#reordered = true;
    const end = this.#format.indexOf("]", this.#at);
    const index = end < 0 ? NaN : Number(/^\d+$/.exec(this.#format.slice(this.#at + 1, end))?.[0] ?? NaN);
    this.#at = end < 0 ? this.#at + 1 : end + 1;
    if (index >= 1 && index <= this.#values.length) this.#next = index - 1;
    else this.#goodIndex = false;
    return this.#goodIndex;
  }
}

/** One value by one verb. `depth` is 0 for what was handed in, more for what lies inside it. */
function printValue(value: MaybeValue, verb: string, flags: Flags, depth: number): string {
  if (!value) return verb === "v" || verb === "T" ? pad("<nil>", flags) : `%!${verb}(<nil>)`;
  if (verb === "T") return pad(value.type.name, flags);
  const { kind } = value.type;
  const text = flags.sharp && verb === "v" ? undefined : stringMethod(value, verb);
  if (text !== undefined) return printString(text, value, verb, flags);
  switch (kind) {
    case "bool":
      return verb === "t" || verb === "v" ? pad(String(value.data), flags) : badVerb(value, verb);
    case "string":
      return printString(value.data as string, value, verb, flags);
    case "float64":
      return printFloat(value, verb, flags);
    case "map":
      if (value.data === null && flags.sharp && verb === "v") return `${value.type.name}(nil)`;
      return group(
        value,
        verb,
        flags,
        entries(value).map(
          ([key, elem]) =>
            `${printValue(key, verb, flags, depth + 1)}:${printInner(elem, verb, flags, depth)}`,
        ),
        "map[",
        "]",
      );
    case "struct": {
      const fields = value.type.fields!.map((field) => {
        const label = (flags.plus || flags.sharp) && verb === "v" ? `${field.name}:` : "";
        return label + printInner(fieldValue(value, field), verb, flags, depth);
      });
      return group(value, verb, flags, fields, "{", "}");
    }
    case "slice":
    case "array": {
      if (value.data === null && flags.sharp && verb === "v") return `${value.type.name}(nil)`;
      const elements = Array.from({ length: length(value) }, (_, i) =>
        printInner(element(value, i), verb, flags, depth),
      );
      return flags.sharp && verb === "v"
        ? group(value, verb, flags, elements, "{", "}")
        : `[${elements.join(" ")}]`;
    }
    case "interface":
      return printInner(value, verb, flags, depth);
    case "pointer": {
      const inside = pointee(value);
      if (depth === 0 && inside && ["struct", "map", "slice", "array"].includes(inside.type.kind))
        return `&${printValue(inside, verb, flags, 1)}`;
      return printPointer(value, verb, flags);
    }
    case "func":
      return printPointer(value, verb, flags);
    default:
      return printInteger(value, verb, flags);
  }
}

function printInner(value: GoValue, verb: string, flags: Flags, depth: number): string {
  if (value.type.kind !== "interface") return printValue(value, verb, flags, depth + 1);
  const held = dynamic(value.data);
  if (held) return printValue(held, verb, flags, depth + 1);
  return flags.sharp && verb === "v" ? `${value.type.name}(nil)` : "<nil>";
}

function group(
  value: GoValue,
  verb: string,
  flags: Flags,
  parts: string[],
  open: string,
  close: string,
): string {
  if (!flags.sharp || verb !== "v") return open + parts.join(" ") + close;
  return `${value.type.name}{${parts.join(", ")}}`;
}

/** The text that a value's own String or Error method gives, for the verbs that ask it. */
function stringMethod(value: GoValue, verb: string): string | undefined {
  if (!"vsxXq".includes(verb) || (value.type.kind === "pointer" && value.data === null)) return undefined;
  const method = methodOf(value.type, "Error") ?? methodOf(value.type, "String");
  if (!method || method.parameters.length > 0) return undefined;
  const result = method.call(value.data as never);
  return result.type.kind === "string" ? (result.data as string) : undefined;
}

function badVerb(value: GoValue, verb: string): string {
  return `%!${verb}(${value.type.name}=${printValue(value, "v", noFlags, 0)})`;
}

function pad(text: string, flags: Flags): string {
  const missing = (flags.width ?? 0) - [...text].length;
  if (missing <= 0) return text;
  if (flags.minus) return text + " ".repeat(missing);
  return (flags.zero ? "0" : " ").repeat(missing) + text;
}

function printString(text: string, value: GoValue, verb: string, flags: Flags): string {
  const cut = flags.precision === undefined ? text : [...text].slice(0, flags.precision).join("");
  switch (verb) {
    case "v":
      return pad(flags.sharp ? quote(cut) : cut, flags);
    case "s":
      return pad(cut, flags);
    case "q":
      return pad(
        flags.sharp && !/[`\x00-\x08\x0a-\x1f\x7f]/.test(cut) ? `\`${cut}\`` : quote(cut, '"', flags.plus),
        flags,
      );
    case "x":
    case "X": {
      const bytes = [...new TextEncoder().encode(text)].slice(0, flags.precision);
      const prefix = flags.sharp ? "0x" : "";
      const digits = bytes.map((byte) => byte.toString(16).padStart(2, "0"));
      const printed = flags.space
        ? digits.map((pair) => prefix + pair).join(" ")
        : (digits.length ? prefix : "") + digits.join("");
      return pad(verb === "X" ? printed.toUpperCase() : printed, flags);
    }
  }
  return badVerb(value, verb);
}

const bases: Record<string, number> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 };

function printInteger(value: GoValue, verb: string, flags: Flags): string {
  const number = BigInt(value.data as number | bigint);
  const base = bases[verb];
  if (base === undefined) {
    if (verb !== "c" && verb !== "q" && verb !== "U") return badVerb(value, verb);
    const valid = number >= 0n && number <= 0x10ffffn;
    const character = valid ? String.fromCodePoint(Number(number)) : "\ufffd";
    if (verb === "c") return pad(character, flags);
    if (verb === "q") return pad(quote(character, "'", flags.plus), flags);
    const code = showRune(character);
    return pad(flags.sharp ? code : code.split(" ")[0]!, flags);
  }
  const negative = number < 0n;
  let digits = (negative ? -number : number).toString(base);
  if (verb === "X") digits = digits.toUpperCase();
  if (flags.precision === 0 && number === 0n) return " ".repeat(flags.width ?? 0);
  let prefix = "";
  if (verb === "O") prefix = "0o";
  else if (flags.sharp && verb !== "v") prefix = { b: "0b", o: "0", x: "0x", X: "0X" }[verb] ?? "";
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : "";
  if (flags.precision !== undefined) digits = digits.padStart(flags.precision, "0");
  else if (flags.zero && !flags.minus && flags.width !== undefined)
    digits = digits.padStart(flags.width - sign.length, "0");
  return pad(sign + prefix + digits, { ...flags, zero: false });
}

function printFloat(value: GoValue, verb: string, flags: Flags): string {
  const number = value.data as number;
  const lower = verb.toLowerCase();
  let digits: string;
  if (verb === "v") digits = formatFloat(number, "g", flags.precision ?? -1);
  else if (lower === "g") digits = formatFloat(number, "g", flags.precision ?? -1);
  else if (lower === "e" || lower === "f") digits = formatFloat(number, lower, flags.precision ?? 6);
  else if (lower === "x") digits = hexFloat(number);
  else return badVerb(value, verb);
  if (verb === "E" || verb === "G" || verb === "X") digits = digits.toUpperCase();
  const negative = digits.startsWith("-");
  const size = digits.replace(/^[+-]/, "");
  const sign = negative ? "-" : flags.plus ? "+" : flags.space ? " " : digits.startsWith("+") ? "+" : "";
  if (flags.zero && !flags.minus && Number.isFinite(number))
    return sign + size.padStart((flags.width ?? 0) - sign.length, "0");
  return pad(sign + size, { ...flags, zero: false });
}

/** Addresses are nobody's business here; each object shows the same one. */
function printPointer(value: GoValue, verb: string, flags: Flags): string {
  if (value.data === null) return verb === "v" ? pad("<nil>", flags) : badPointer(value, verb);
  return verb === "v" || verb === "p" ? pad("0xc000012000", flags) : badPointer(value, verb);
}

function badPointer(value: GoValue, verb: string): string {
  if (value.data !== null) return `%!${verb}(${value.type.name}=0xc000012000)`;
  return `%!${verb}(${value.type.name}=<nil>)`;
}
