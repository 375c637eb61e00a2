import type { GoField } from "./gotype.ts";
import {
  element,
  entries,
  fieldValue,
  GoValue,
  indirectInterface,
  isTrue,
  JsonNumber,
  length,
  type MaybeValue,
  pointee,
} from "./govalue.ts";

/**
 * A Go value as encoding/json writes it: structs in the order of their fields, maps by key, nil as null.
 * `escapeHtml` writes "<", ">" and "&" as \u003c, as json.Marshal does and Docker's `json` function does not.
 */
export function toJson(value: MaybeValue, escapeHtml = true): string {
  const given = indirectInterface(value);
  if (!given) return "null";
  const { type, data } = given;
  if (type.marshal && data !== null) return type.marshal(data as never);
  switch (type.kind) {
    case "bool":
      return String(data);
    case "string":
      return type.name === "json.Number" ? (data as string) || "0" : jsonString(data as string, escapeHtml);
    case "pointer":
      return data === null ? "null" : toJson(pointee(given), escapeHtml);
    case "slice":
    case "array":
      if (data === null) return "null";
      return `[${Array.from({ length: length(given) }, (_, i) => toJson(element(given, i), escapeHtml)).join(",")}]`;
    case "map":
      if (data === null) return "null";
      return `{${entries(given)
        .map(([key, elem]) => `${jsonString(String(key.data), escapeHtml)}:${toJson(elem, escapeHtml)}`)
        .join(",")}}`;
    case "struct":
      return `{${structMembers(given, escapeHtml).join(",")}}`;
    case "float64":
      return jsonFloat(data as number);
    default:
      return String(data);
  }
}

function structMembers(value: GoValue, escapeHtml: boolean): string[] {
  return value.type.fields!.flatMap((field: GoField) => {
    const inner = fieldValue(value, field);
    if (field.embedded) {
      const target = inner.type.kind === "pointer" ? pointee(inner) : inner;
      return target ? structMembers(target, escapeHtml) : [];
    }
    if (field.json === undefined || (field.omitEmpty && isEmpty(inner))) return [];
    return [`${jsonString(field.json, escapeHtml)}:${toJson(inner, escapeHtml)}`];
  });
}

/** What omitempty leaves out; a struct is never empty. */
function isEmpty(value: GoValue): boolean {
  return value.type.kind === "struct" ? false : !isTrue(value);
}

/** Like JSON.stringify for a string, with Go's escapes. */
export function jsonString(text: string, escapeHtml: boolean): string {
  const quoted = JSON.stringify(text)
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
  return escapeHtml
    ? quoted.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)
    : quoted;
}

function jsonFloat(number: number): string {
  return JSON.stringify(number).replace(/e([+-])(\d)$/, (_, sign: string, digit: string) =>
    sign === "-" ? `e-0${digit}` : `e+0${digit}`,
  );
}

/** Parses JSON; whole numbers that a JavaScript number cannot hold become bigints. Throws Go-like syntax errors. */
export function parseJson(text: string): unknown {
  return new JsonReader(text, (digits) => {
    const number = Number(digits);
    return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : BigInt(digits);
  }).read();
}

/** Parses JSON and keeps every number's digits, as Go's Decoder.UseNumber does. */
export function parseJsonNumbers(text: string): unknown {
  return new JsonReader(text, (digits) => new JsonNumber(digits)).read();
}

class JsonReader {
  readonly #text: string;
  readonly #number: (digits: string) => unknown;
  #at = 0;

  constructor(text: string, number: (digits: string) => unknown) {
    this.#text = text;
    this.#number = number;
  }

  read(): unknown {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail("after top-level value");
    return value;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "x")) this.#at++;
  }

  #fail(where: string): never {
    const character = this.#text[this.#at];
    if (character === undefined) throw new SyntaxError("unexpected end of JSON input");
    throw new SyntaxError(`invalid character '${character}' ${where}`);
  }

  #value(): unknown {
    this.#space();
    const first = this.#text[this.#at];
    if (first === "{") return this.#object();
    if (first === "[") return this.#array();
    if (first === '"') return this.#string();
    const word = /^(?:true|false|null)|^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(
      this.#text.slice(this.#at, this.#at + 400),
    )?.[0];
    if (word === undefined || word === "") return this.#fail("looking for beginning of value");
    this.#at += word.length;
    if (word === "null") return null;
    return word === "true" ? true : word === "false" ? false : this.#number(word);
  }

  #object(): Record<string, unknown> {
    const object = Object.create(null) as Record<string, unknown>;
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "}") {
      this.#at++;
      return object;
    }
    for (;;) {
      this.#space();
      if (this.#text[this.#at] !== '"') this.#fail("looking for beginning of object key string");
      const key = this.#string();
      this.#space();
      if (this.#text[this.#at++] !== ":") {
        this.#at--;
        this.#fail("after object key");
      }
      object[key] = this.#value();
      this.#space();
      const next = this.#text[this.#at++];
      if (next === "}") return object;
      if (next !== ",") {
        this.#at--;
        this.#fail("after object key:value pair");
      }
    }
  }

  #array(): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === "]") {
      this.#at++;
      return array;
    }
    for (;;) {
      array.push(this.#value());
      this.#space();
      const next = this.#text[this.#at++];
      if (next === "]") return array;
      if (next !== ",") {
        this.#at--;
        this.#fail("after array element");
      }
    }
  }

  #string(): string {
    let end = this.#at + 1;
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === "\\" ? 2 : 1;
    if (end >= this.#text.length) throw new SyntaxError("unexpected end of JSON input");
    const literal = this.#text.slice(this.#at, end + 1);
    this.#at = end + 1;
    return JSON.parse(literal) as string;
  }
}

/**
 * JSON text indented as json.Indent does: values and their order stay as they are, only space changes.
 * Empty objects and arrays stay closed up.
 */
export function indentJson(text: string, prefix: string, indent: string): string {
  let out = "";
  let depth = 0;
  let at = 0;
  const newline = () => `\n${prefix}${indent.repeat(depth)}`;
  while (at < text.length) {
    const character = text[at]!;
    if (character === '"') {
      let end = at + 1;
      while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
      out += text.slice(at, end + 1);
      at = end + 1;
      continue;
    }
    at++;
    if (/\s/.test(character)) continue;
    if (character === "{" || character === "[") {
      let next = at;
      while (/\s/.test(text[next] ?? "x")) next++;
      if (text[next] === "}" || text[next] === "]") {
        out += character + text[next];
        at = next + 1;
        continue;
      }
      depth++;
      out += character + newline();
    } else if (character === "}" || character === "]") {
      depth--;
      out += newline() + character;
    } else if (character === ",") out += `,${newline()}`;
    else out += character === ":" ? ": " : character;
  }
  return out;
}

/** JSON text without the space between its values, as json.Compact does. */
export function compactJson(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|\s+/g, (part) => (part[0] === '"' ? part : ""));
}
