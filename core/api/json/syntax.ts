import { invalidParameter } from "../../errors/errors.ts";

/**
 * The first JSON value of `source`, as Go's decoder reads it from a stream.
 * Throws invalidParameter with Go's own text for what is not JSON and for what follows the value.
 */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    const scanner = new Scanner(source);
    const fault = scanner.value();
    if (fault !== undefined) throw invalidParameter(`invalid JSON: ${fault}`);
    throw invalidParameter("unexpected content after JSON");
  }
}

/** Walks over JSON and says, in Go's words, where it stops being JSON. Every method returns a fault or undefined. */
class Scanner {
  #at = 0;
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  value(): string | undefined {
    this.#skipSpace();
    const char = this.#source[this.#at];
    if (char === undefined) return "unexpected EOF";
    if (char === "{") return this.#object();
    if (char === "[") return this.#array();
    if (char === '"') return this.#string();
    if (char === "t") return this.#literal("true");
    if (char === "f") return this.#literal("false");
    if (char === "n") return this.#literal("null");
    if (char === "-" || (char >= "0" && char <= "9")) return this.#number();
    return this.#unexpected("looking for beginning of value");
  }

  #object(): string | undefined {
    this.#at++;
    this.#skipSpace();
    if (this.#take("}")) return undefined;
    for (;;) {
      this.#skipSpace();
      if (this.#source[this.#at] !== '"')
        return this.#unexpected("looking for beginning of object key string");
      const key = this.#string();
      if (key !== undefined) return key;
      this.#skipSpace();
      if (!this.#take(":")) return this.#unexpected("after object key");
      const value = this.value();
      if (value !== undefined) return value;
      this.#skipSpace();
      if (this.#take("}")) return undefined;
      if (!this.#take(",")) return this.#unexpected("after object key:value pair");
    }
  }

  #array(): string | undefined {
    this.#at++;
    this.#skipSpace();
    if (this.#take("]")) return undefined;
    for (;;) {
      const value = this.value();
      if (value !== undefined) return value;
      this.#skipSpace();
      if (this.#take("]")) return undefined;
      if (!this.#take(",")) return this.#unexpected("after array element");
    }
  }

  #string(): string | undefined {
    for (this.#at++; this.#at < this.#source.length; this.#at++) {
      const char = this.#source[this.#at]!;
      if (char === '"') {
        this.#at++;
        return undefined;
      }
      if (char < " ") return this.#unexpected("in string literal");
      if (char !== "\\") continue;
      const escape = this.#source.slice(this.#at, this.#at + (this.#source[this.#at + 1] === "u" ? 6 : 2));
      if (escape.length < 2) return "unexpected EOF";
      if (!/^\\(["\\/bfnrt]|u[0-9a-fA-F]{4})$/.test(escape))
        return `invalid escape sequence \`${escape}\` in string`;
      this.#at += escape.length - 1;
    }
    return "unexpected EOF";
  }

  #number(): string | undefined {
    this.#take("-");
    if (!this.#take("0")) if (!this.#digits()) return this.#unexpected("in numeric literal");
    if (this.#take("."))
      if (!this.#digits()) return this.#unexpected("after decimal point in numeric literal");
    if (this.#take("e") || this.#take("E")) {
      if (!this.#take("+")) this.#take("-");
      if (!this.#digits()) return this.#unexpected("in exponent of numeric literal");
    }
    return undefined;
  }

  #digits(): boolean {
    const from = this.#at;
    while (/[0-9]/.test(this.#source[this.#at] ?? "")) this.#at++;
    return this.#at > from;
  }

  #literal(word: string): string | undefined {
    for (const expected of word)
      if (!this.#take(expected)) return this.#unexpected(`in literal ${word} (expecting '${expected}')`);
    return undefined;
  }

  #take(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#source[this.#at] ?? "")) this.#at++;
  }

  #unexpected(where: string): string {
    const char = this.#source[this.#at];
    if (char === undefined) return "unexpected EOF";
    const shown = char === "'" ? "'\\''" : char === '"' ? "'\"'" : `'${JSON.stringify(char).slice(1, -1)}'`;
    return `invalid character ${shown} ${where}`;
  }
}
