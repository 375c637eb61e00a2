import type { ShellSource } from "./source.ts";
import { hereDocumentWord, readWord } from "./words.ts";
import type { WordContext } from "./words.ts";
import { plainText } from "./syntax.ts";
import type { Redirection, Word } from "./syntax.ts";

export type Token =
  | { type: "word"; word: Word; start: number; line: number }
  | { type: "operator"; text: string; start: number; line: number }
  /** The digits before a redirection operator. */
  | { type: "descriptor"; fd: number; start: number; line: number }
  | { type: "newline"; start: number; line: number }
  | { type: "end"; start: number; line: number };

const operators = [
  "<<-",
  "<<<",
  "&&",
  "||",
  ";;",
  ";&",
  "<<",
  ">>",
  "<&",
  ">&",
  "<>",
  ">|",
  "&>",
  "&",
  "|",
  ";",
  "<",
  ">",
  "(",
  ")",
];

interface PendingHereDocument {
  redirection: Redirection;
  delimiter: string;
  quoted: boolean;
  stripTabs: boolean;
}

/** Cuts shell text into tokens; here-documents are read when their line ends. */
export class Tokens {
  readonly source: ShellSource;
  readonly context: WordContext;
  readonly #bash: boolean;
  #peeked: Token | undefined;
  #pending: PendingHereDocument[] = [];

  constructor(source: ShellSource, context: Omit<WordContext, "source">, bash: boolean) {
    this.source = source;
    this.context = { ...context, source };
    this.#bash = bash;
  }

  peek(): Token {
    return (this.#peeked ??= this.#read());
  }

  next(): Token {
    const token = this.peek();
    this.#peeked = undefined;
    return token;
  }

  /** Forgets the token that was looked at and goes on reading at `at` (after an alias was put in its place). */
  rewind(at: number): void {
    this.#peeked = undefined;
    this.source.at = at;
  }

  /** A here-document whose lines follow the current one; its body is put into `redirection.target`. */
  expectHereDocument(redirection: Redirection, delimiter: Word, stripTabs: boolean): void {
    const text = delimiter
      .map((part) => (part.type === "literal" ? part.text : part.type === "parameter" ? part.source : ""))
      .join("");
    const quoted = delimiter.some((part) => part.type === "literal" && part.quoted);
    this.#pending.push({ redirection, delimiter: text, quoted, stripTabs });
  }

  #read(): Token {
    const { source } = this;
    this.#skipBlanks();
    const { at: start, line } = source;
    const character = source.peek();
    if (character === "") {
      this.#readHereDocuments();
      return { type: "end", start, line };
    }
    if (character === "\n") {
      source.next();
      this.#readHereDocuments();
      return { type: "newline", start, line };
    }
    if (";&|<>()".includes(character)) {
      for (const text of operators) {
        if (text[0] !== character) continue;
        if (!this.#bash && (text === "<<<" || text === ";&")) continue;
        if (!this.context.extended && text === "&>") continue;
        if (source.take(text)) return { type: "operator", text, start, line };
      }
    }
    const digits = /[0-9]*/y;
    digits.lastIndex = source.at;
    const [number = ""] = digits.exec(source.text) ?? [];
    if (number !== "" && (source.peek(number.length) === "<" || source.peek(number.length) === ">")) {
      source.at += number.length;
      return { type: "descriptor", fd: Number(number), start, line };
    }
    return { type: "word", word: readWord(this.context), start, line };
  }

  #skipBlanks(): void {
    const { source } = this;
    for (;;) {
      source.joinLines();
      const character = source.peek();
      if (character === " " || character === "\t") source.next();
      else if (character === "#") while (source.peek() !== "\n" && source.peek() !== "") source.next();
      else return;
    }
  }

  #readHereDocuments(): void {
    for (const { redirection, delimiter, quoted, stripTabs } of this.#pending.splice(0)) {
      const { line } = this.source;
      let body = "";
      while (this.source.peek() !== "") {
        let text = this.source.restOfLine();
        if (stripTabs) text = text.replace(/^\t+/, "");
        if (text === delimiter) break;
        body += text + "\n";
      }
      redirection.target = quoted
        ? [{ type: "literal", text: body, quoted: true }]
        : hereDocumentWord(this.context, body, line);
    }
  }
}

/** How a token is called in messages about syntax. */
export function tokenText(token: Token): string {
  if (token.type === "operator") return token.text;
  if (token.type === "newline") return "newline";
  if (token.type === "end") return "end of file";
  if (token.type === "descriptor") return String(token.fd);
  return plainText(token.word) ?? "word";
}
