import { showRune } from "./quote.ts";

export type TokenType =
  | "error"
  | "bool"
  | "char"
  | "charConstant"
  | "complex"
  | "assign"
  | "declare"
  | "eof"
  | "field"
  | "identifier"
  | "leftDelim"
  | "leftParen"
  | "number"
  | "pipe"
  | "rawString"
  | "rightDelim"
  | "rightParen"
  | "space"
  | "string"
  | "text"
  | "variable"
  | Keyword;

export type Keyword =
  | "."
  | "block"
  | "break"
  | "continue"
  | "define"
  | "else"
  | "end"
  | "if"
  | "nil"
  | "range"
  | "template"
  | "with";

export interface Token {
  type: TokenType;
  value: string;
  /** Where it begins: an index into the template's text. */
  position: number;
  /** The line on which it begins, from 1. */
  line: number;
}

export const keywords: ReadonlySet<string> = new Set<Keyword>([
  ".",
  "block",
  "break",
  "continue",
  "define",
  "else",
  "end",
  "if",
  "nil",
  "range",
  "template",
  "with",
]);

const open = "{{";
const close = "}}";
const spaces = /^[ \t\r\n]$/;
const letterOrDigit = /^[_\p{L}\p{Nd}]$/u;

/** Cuts a template's text into tokens; the last is "eof" or "error" (its value is the message). */
export function lex(input: string): Token[] {
  return new Lexer(input).run();
}

class Lexer {
  readonly #input: string;
  readonly #tokens: Token[] = [];
  #start = 0;
  #at = 0;
  #line = 1;
  #lineAt = 0;
  #parens = 0;

  constructor(input: string) {
    this.#input = input;
  }

  run(): Token[] {
    while (this.#text() && this.#leftDelimiter() && this.#action());
    return this.#tokens;
  }

  #emit(type: TokenType): true {
    this.#push(type, this.#input.slice(this.#start, this.#at));
    this.#start = this.#at;
    return true;
  }

  #push(type: TokenType, value: string): void {
    for (; this.#lineAt < this.#start; this.#lineAt++) if (this.#input[this.#lineAt] === "\n") this.#line++;
    this.#tokens.push({ type, value, position: this.#start, line: this.#line });
  }

  #error(message: string): false {
    this.#push("error", message);
    return false;
  }

  /** The character at the cursor, "" at the end. */
  #peek(): string {
    const code = this.#input.codePointAt(this.#at);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  #next(): string {
    const character = this.#peek();
    this.#at += character.length;
    return character;
  }

  #sees(text: string, at = this.#at): boolean {
    return this.#input.startsWith(text, at);
  }

  /** Text up to the next action; false at the end. */
  #text(): boolean {
    const found = this.#input.indexOf(open, this.#at);
    this.#at = found < 0 ? this.#input.length : found;
    if (found < 0) {
      if (this.#at > this.#start) this.#emit("text");
      return !this.#emit("eof");
    }
    const text = this.#input.slice(this.#start, found);
    // "{{- " trims the text before it.
    const kept = this.#trimsLeft(found + open.length) ? text.replace(/[ \t\r\n]+$/, "") : text;
    if (kept !== "") this.#push("text", kept);
    this.#start = this.#at;
    return true;
  }

  #trimsLeft(at: number): boolean {
    return this.#input[at] === "-" && spaces.test(this.#input[at + 1] ?? "");
  }

  #leftDelimiter(): boolean {
    const trim = this.#trimsLeft(this.#at + open.length) ? 2 : 0;
    this.#at += open.length;
    if (this.#sees("/*", this.#at + trim)) {
      this.#at += trim;
      this.#start = this.#at;
      return this.#comment() && this.#text() && this.#leftDelimiter();
    }
    this.#emit("leftDelim");
    this.#at += trim;
    this.#start = this.#at;
    this.#parens = 0;
    return true;
  }

  #comment(): boolean {
    const end = this.#input.indexOf("*/", this.#at + 2);
    if (end < 0) return this.#error("unclosed comment");
    this.#at = end + 2;
    const closing = this.#rightDelimiter();
    if (closing === undefined) return this.#error("comment ends before closing delimiter");
    this.#passDelimiter(closing);
    return true;
  }

  /** How the action ends here: "" or " -" before "}}"; undefined when it does not. */
  #rightDelimiter(): string | undefined {
    if (spaces.test(this.#input[this.#at] ?? "") && this.#sees(`-${close}`, this.#at + 1))
      return this.#input.slice(this.#at, this.#at + 2);
    return this.#sees(close) ? "" : undefined;
  }

  /** Goes past the delimiter, and past the space after it that " -}}" trims. */
  #passDelimiter(trim: string): void {
    this.#at += trim.length + close.length;
    if (trim) while (spaces.test(this.#input[this.#at] ?? "")) this.#at++;
    this.#start = this.#at;
  }

  /** The inside of an action, its end included. */
  #action(): boolean {
    for (;;) {
      const closing = this.#rightDelimiter();
      if (closing !== undefined) {
        if (this.#parens > 0) return this.#error("unclosed left paren");
        this.#start += closing.length;
        this.#push("rightDelim", close);
        this.#passDelimiter(closing);
        return true;
      }
      if (!this.#insideAction()) return false;
    }
  }

  #insideAction(): boolean {
    const character = this.#next();
    switch (character) {
      case "":
        return this.#error("unclosed action");
      case " ":
      case "\t":
      case "\r":
      case "\n":
        while (spaces.test(this.#peek()) && this.#rightDelimiter() === undefined) this.#at++;
        return this.#emit("space");
      case "=":
        return this.#emit("assign");
      case ":":
        return this.#next() === "=" ? this.#emit("declare") : this.#error("expected :=");
      case "|":
        return this.#emit("pipe");
      case '"':
        return this.#quoted('"', "string", "unterminated quoted string");
      case "'":
        return this.#quoted("'", "charConstant", "unterminated character constant");
      case "`": {
        const end = this.#input.indexOf("`", this.#at);
        if (end < 0) return this.#error("unterminated raw quoted string");
        this.#at = end + 1;
        return this.#emit("rawString");
      }
      case "$":
        return this.#name("variable");
      case "(":
        this.#parens++;
        return this.#emit("leftParen");
      case ")":
        this.#parens--;
        return this.#parens < 0 ? this.#error("unexpected right paren") : this.#emit("rightParen");
    }
    if (character === "." && !/^[0-9]$/.test(this.#peek()) && this.#peek() !== "") return this.#name("field");
    if (/^[.+\-0-9]$/.test(character)) return this.#number();
    if (letterOrDigit.test(character)) return this.#identifier();
    if (/^[\x20-\x7e]$/.test(character)) return this.#emit("char");
    return this.#error(`unrecognized character in action: ${showRune(character)}`);
  }

  #quoted(mark: string, type: TokenType, message: string): boolean {
    for (;;) {
      const character = this.#next();
      if (character === mark) return this.#emit(type);
      const escaped = character === "\\" ? this.#next() : character;
      if (escaped === "" || escaped === "\n") return this.#error(message);
    }
  }

  /** A field or variable, its "." or "$" already read. */
  #name(type: "field" | "variable"): boolean {
    if (this.#atTerminator()) return this.#emit(type === "field" ? "." : type);
    while (letterOrDigit.test(this.#peek())) this.#next();
    return this.#atTerminator() ? this.#emit(type) : this.#badCharacter();
  }

  #identifier(): boolean {
    while (letterOrDigit.test(this.#peek())) this.#next();
    if (!this.#atTerminator()) return this.#badCharacter();
    const word = this.#input.slice(this.#start, this.#at);
    if (keywords.has(word)) return this.#emit(word as Keyword);
    return this.#emit(word === "true" || word === "false" ? "bool" : "identifier");
  }

  #badCharacter(): false {
    return this.#error(`bad character ${showRune(this.#peek())}`);
  }

  #atTerminator(): boolean {
    return (
      this.#at >= this.#input.length || /^[ \t\r\n.,|:)(]$/.test(this.#input[this.#at]!) || this.#sees(close)
    );
  }

  #number(): boolean {
    this.#at = this.#start;
    const scanned = this.#scanNumber();
    const sign = this.#peek();
    if (scanned && sign !== "+" && sign !== "-") return this.#emit("number");
    if (scanned && this.#scanNumber() && this.#input[this.#at - 1] === "i") return this.#emit("complex");
    return this.#error(`bad number syntax: "${this.#input.slice(this.#start, this.#at)}"`);
  }

  /** Takes what may be a number; whether it is one is for the parser to find out. */
  #scanNumber(): boolean {
    const rest = this.#input.slice(this.#at);
    const number =
      /^[+-]?(0[xX][0-9a-fA-F_]*(\.[0-9a-fA-F_]*)?([pP][+-]?[0-9_]*)?|0[oO][0-7_]*(\.[0-7_]*)?|0[bB][01_]*(\.[01_]*)?|[0-9_]*(\.[0-9_]*)?([eE][+-]?[0-9_]*)?)i?/.exec(
        rest,
      )![0];
    this.#at += number.length;
    if (!letterOrDigit.test(this.#peek())) return true;
    this.#next();
    return false;
  }
}
