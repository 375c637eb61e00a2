import { FilterSyntaxError } from "./syntax.ts";
import type { Filter } from "./syntax.ts";

/** Binding strengths, loosest first; "//" and the updates are told apart by `right`. */
const operators: readonly { names: readonly string[]; right?: true; none?: true }[] = [
  { names: ["|"], right: true },
  { names: [","] },
  { names: ["//"], right: true },
  { names: ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="], none: true },
  { names: ["or"] },
  { names: ["and"] },
  { names: ["==", "!=", "<", "<=", ">", ">="], none: true },
  { names: ["+", "-"] },
  { names: ["*", "/", "%"] },
];

const tokenPattern =
  /\s+|#[^\n]*|(\.\.|\?\/\/|\/\/=|\|=|\+=|-=|\*=|\/=|%=|==|!=|<=|>=|\/\/|[.[\]{}()|,:;=<>+\-*/%?])|(@[a-z0-9]+)|(\$[A-Za-z_]\w*)|([A-Za-z_]\w*)|(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)|(")/y;

/** Reads a jq program. Throws FilterSyntaxError. */
export function parseFilter(source: string): Filter {
  const parser = new FilterParser(source);
  if (parser.atEnd) return { kind: "identity" };
  const filter = parser.level(0);
  parser.end();
  return filter;
}

class FilterParser {
  readonly #source: string;
  #at = 0;
  /** The token in hand; "" at the end, a quote for a text, whose characters follow at #at. */
  #token = "";
  #start = 0;

  constructor(source: string) {
    this.#source = source;
    this.#next();
  }

  get atEnd(): boolean {
    return this.#token === "";
  }

  end(): void {
    if (!this.atEnd) throw this.#unexpected();
  }

  #next(): void {
    for (;;) {
      this.#start = this.#at;
      if (this.#at >= this.#source.length) {
        this.#token = "";
        return;
      }
      tokenPattern.lastIndex = this.#at;
      const match = tokenPattern.exec(this.#source);
      if (!match) throw new FilterSyntaxError("syntax error, unexpected INVALID_CHARACTER");
      this.#at = tokenPattern.lastIndex;
      if (match.slice(1).every((group) => group === undefined)) continue;
      this.#token = match[0];
      return;
    }
  }

  #unexpected(): FilterSyntaxError {
    const token = this.#token;
    if (token === "") return new FilterSyntaxError("syntax error, unexpected $end");
    const name = /^[a-z_]\w*$/i.test(token) ? "IDENT" : token === '"' ? "QQSTRING_START" : `'${token}'`;
    return new FilterSyntaxError(`syntax error, unexpected ${name}`);
  }

  #take(token: string): boolean {
    if (this.#token !== token) return false;
    this.#next();
    return true;
  }

  #expect(token: string): void {
    if (!this.#take(token)) throw this.#unexpected();
  }

  level(strength: number): Filter {
    const rule = operators[strength];
    if (!rule) return this.#postfix();
    let left = this.level(strength + 1);
    while (rule.names.includes(this.#token)) {
      const operator = this.#token;
      this.#next();
      left = combine(operator, left, this.level(rule.right ? strength : strength + 1));
      if (rule.none) break;
    }
    return left;
  }

  #postfix(): Filter {
    let filter = this.#term();
    for (;;) {
      if (this.#take("?")) filter = { kind: "try", body: filter, handler: undefined };
      else if (this.#token === "[") filter = this.#bracket(filter);
      else if (this.#token === ".") {
        this.#next();
        filter = this.#afterDot(filter);
      } else if (this.#take("as")) {
        const name = this.#variable();
        this.#expect("|");
        return { kind: "as", source: filter, name, body: this.level(0) };
      } else return filter;
    }
  }

  #afterDot(of: Filter): Filter {
    if (this.#token === "[") return this.#bracket(of);
    if (this.#token === '"') return { kind: "index", of, key: this.#text(undefined) };
    if (/^[A-Za-z_]\w*$/.test(this.#token)) {
      const value = this.#token;
      this.#next();
      return { kind: "index", of, key: { kind: "literal", value } };
    }
    throw this.#unexpected();
  }

  #bracket(of: Filter): Filter {
    this.#expect("[");
    if (this.#take("]")) return { kind: "iterate", of };
    if (this.#take(":")) {
      const to = this.level(0);
      this.#expect("]");
      return { kind: "slice", of, from: undefined, to };
    }
    const key = this.level(0);
    if (this.#take(":")) {
      const to = this.#token === "]" ? undefined : this.level(0);
      this.#expect("]");
      return { kind: "slice", of, from: key, to };
    }
    this.#expect("]");
    return { kind: "index", of, key };
  }

  #variable(): string {
    const name = this.#token;
    if (!name.startsWith("$")) throw this.#unexpected();
    this.#next();
    return name.slice(1);
  }

  #term(): Filter {
    const token = this.#token;
    if (token === '"') return this.#text(undefined);
    if (/^\d/.test(token)) return this.#constant(Number(token));
    if (token.startsWith("$")) return { kind: "variable", name: this.#variable() };
    if (token.startsWith("@")) {
      this.#next();
      const name = token.slice(1);
      return this.#token === '"' ? this.#text(name) : { kind: "format", name };
    }
    this.#next();
    switch (token) {
      case ".":
        return /^[A-Za-z_]\w*$/.test(this.#token) || this.#token === '"'
          ? this.#afterDot({ kind: "identity" })
          : { kind: "identity" };
      case "..":
        return { kind: "recurse" };
      case "-":
        return { kind: "negate", of: this.#postfix() };
      case "(": {
        const filter = this.level(0);
        this.#expect(")");
        return filter;
      }
      case "[": {
        if (this.#take("]")) return { kind: "array", body: undefined };
        const body = this.level(0);
        this.#expect("]");
        return { kind: "array", body };
      }
      case "{":
        return this.#object();
      case "if":
        return this.#if();
      case "try": {
        const body = this.#postfix();
        return { kind: "try", body, handler: this.#take("catch") ? this.#postfix() : undefined };
      }
      case "reduce": {
        const source = this.#reduceSource();
        const name = this.#variable();
        this.#expect("(");
        const start = this.level(0);
        this.#expect(";");
        const update = this.level(0);
        this.#expect(")");
        return { kind: "reduce", source, name, start, update };
      }
    }
    if (!/^[A-Za-z_]/.test(token) || /^(then|elif|else|end|and|or|as|catch)$/.test(token)) {
      this.#at = this.#start;
      this.#token = token;
      throw this.#unexpected();
    }
    return this.#call(token);
  }

  #reduceSource(): Filter {
    let source = this.#term();
    for (;;) {
      if (this.#take("as")) return source;
      if (this.#token === "[") source = this.#bracket(source);
      else if (this.#take(".")) source = this.#afterDot(source);
      else if (this.#take("?")) source = { kind: "try", body: source, handler: undefined };
      else throw this.#unexpected();
    }
  }

  #constant(value: number): Filter {
    this.#next();
    return { kind: "literal", value };
  }

  #call(name: string): Filter {
    if (name === "null" || name === "true" || name === "false")
      return { kind: "literal", value: JSON.parse(name) };
    const args: Filter[] = [];
    if (this.#take("(")) {
      do args.push(this.level(0));
      while (this.#take(";"));
      this.#expect(")");
    }
    return { kind: "call", name, args };
  }

  #if(): Filter {
    const branches: { condition: Filter; body: Filter }[] = [];
    do {
      const condition = this.level(0);
      this.#expect("then");
      branches.push({ condition, body: this.level(0) });
    } while (this.#take("elif"));
    const otherwise = this.#take("else") ? this.level(0) : undefined;
    this.#expect("end");
    return { kind: "if", branches, otherwise };
  }

  #object(): Filter {
    const entries: { key: Filter; value: Filter }[] = [];
    while (!this.#take("}")) {
      let key: Filter;
      let value: Filter | undefined;
      if (this.#token.startsWith("$")) {
        const name = this.#variable();
        key = { kind: "literal", value: name };
        value = { kind: "variable", name };
      } else if (this.#take("(")) {
        key = this.level(0);
        this.#expect(")");
      } else if (this.#token === '"') key = this.#text(undefined);
      else if (/^\w/.test(this.#token)) {
        key = { kind: "literal", value: this.#token };
        this.#next();
      } else throw this.#unexpected();
      // A value stops at a comma, so it is of terms joined by "|" without parentheses at most.
      if (this.#take(":")) value = this.#objectValue();
      entries.push({ key, value: value ?? { kind: "index", of: { kind: "identity" }, key } });
      if (!this.#take(",") && this.#token !== "}") throw this.#unexpected();
    }
    return { kind: "object", entries };
  }

  #objectValue(): Filter {
    const left = this.level(2);
    return this.#take("|") ? { kind: "pipe", left, right: this.#objectValue() } : left;
  }

  /** A text in quotes, with what \(…) puts into it. The token in hand is its first quote. */
  #text(format: string | undefined): Filter {
    const parts: (string | Filter)[] = [];
    let text = "";
    for (;;) {
      const character = this.#source[this.#at++];
      if (character === undefined) throw new FilterSyntaxError("syntax error, unexpected $end");
      if (character === '"') break;
      if (character !== "\\") {
        text += character;
        continue;
      }
      const escaped = this.#source[this.#at++] ?? "";
      if (escaped === "(") {
        parts.push(text);
        text = "";
        this.#next();
        parts.push(this.level(0));
        if (this.#token !== ")") throw this.#unexpected();
      } else if (escaped === "u") {
        text += String.fromCharCode(parseInt(this.#source.slice(this.#at, this.#at + 4), 16));
        this.#at += 4;
      } else text += { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" }[escaped] ?? escaped;
    }
    parts.push(text);
    this.#next();
    return parts.length === 1 ? { kind: "literal", value: text } : { kind: "text", format, parts };
  }
}

function combine(operator: string, left: Filter, right: Filter): Filter {
  if (operator === "|") return { kind: "pipe", left, right };
  if (operator === ",") return { kind: "comma", left, right };
  if (operator === "//") return { kind: "alternative", left, right };
  if (operator.endsWith("=") && !["==", "!=", "<=", ">="].includes(operator))
    return { kind: "update", operator, path: left, value: right };
  return { kind: "binary", operator, left, right };
}
