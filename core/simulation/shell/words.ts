import { ShellSource } from "./source.ts";
import { ShellSyntaxError } from "./syntax.ts";
import type { ParameterOperation, Sequence, Word, WordPart } from "./syntax.ts";

/** What the reader of words needs from the parser around it. */
export interface WordContext {
  source: ShellSource;
  /** Extensions that bash and busybox's ash have over POSIX: $'…', ${x/a/b}, ${x:1:2}. */
  extended: boolean;
  /** Parses a command list up to and with the closing parenthesis of `$(`. */
  commandSubstitution(source: ShellSource): Sequence;
}

const ends = new Set([" ", "\t", "\n", ";", "&", "|", "<", ">", "(", ")", ""]);

/** Collects parts, joining literals of the same kind. */
class Parts {
  readonly list: WordPart[] = [];
  literal(text: string, quoted: boolean): void {
    const last = this.list.at(-1);
    if (last?.type === "literal" && last.quoted === quoted) last.text += text;
    else this.list.push({ type: "literal", text, quoted });
  }
}

/** Reads one word at the position of `context.source`, up to a blank or an operator. */
export function readWord(context: WordContext): Word {
  const { source } = context;
  const parts = new Parts();
  for (;;) {
    const character = source.peek();
    if (ends.has(character)) return parts.list;
    readUnquoted(context, parts, character);
  }
}

function readUnquoted(context: WordContext, parts: Parts, character: string): void {
  const { source } = context;
  if (character === "'") {
    source.next();
    parts.literal(readSingleQuoted(source), true);
  } else if (character === '"') {
    source.next();
    readDoubleQuoted(context, parts);
  } else if (character === "\\") {
    source.next();
    if (source.peek() === "\n") source.next();
    else if (source.peek() === "") parts.literal("\\", true);
    else parts.literal(source.next(), true);
  } else if (character === "$") readDollar(context, parts, false);
  else if (character === "`") readBackquoted(context, parts, false);
  else parts.literal(source.next(), false);
}

function readSingleQuoted(source: ShellSource): string {
  let text = "";
  for (;;) {
    const character = source.next();
    if (character === "") throw new ShellSyntaxError({ type: "unterminated", quote: "'" }, source.line);
    if (character === "'") return text;
    text += character;
  }
}

function readDoubleQuoted(context: WordContext, parts: Parts): void {
  const { source } = context;
  parts.literal("", true);
  for (;;) {
    const character = source.peek();
    if (character === "") throw new ShellSyntaxError({ type: "unterminated", quote: '"' }, source.line);
    if (character === '"') {
      source.next();
      return;
    }
    readQuoted(context, parts, character, '"');
  }
}

/** One element of text that is expanded but not split: of double quotes, here-documents, arithmetic. */
function readQuoted(context: WordContext, parts: Parts, character: string, quote: string): void {
  const { source } = context;
  if (character === "\\") {
    source.next();
    const escaped = source.peek();
    if (escaped === "\n") source.next();
    else if (escaped !== "" && ("$`\\".includes(escaped) || escaped === quote))
      parts.literal(source.next(), true);
    else parts.literal("\\", true);
  } else if (character === "$") readDollar(context, parts, true);
  else if (character === "`") readBackquoted(context, parts, true);
  else parts.literal(source.next(), true);
}

/** The body of an unquoted here-document, as a word. */
export function hereDocumentWord(context: Omit<WordContext, "source">, body: string, line: number): Word {
  const source = new ShellSource(body, true, line);
  const parts = new Parts();
  parts.literal("", true);
  while (source.peek() !== "") readQuoted({ ...context, source }, parts, source.peek(), "");
  return parts.list;
}

function readBackquoted(context: WordContext, parts: Parts, quoted: boolean): void {
  const { source } = context;
  const line = source.line;
  source.next();
  let text = "";
  for (;;) {
    const character = source.next();
    if (character === "")
      throw new ShellSyntaxError({ type: "other", text: "EOF in backquote substitution" }, line);
    if (character === "`") break;
    if (character !== "\\") text += character;
    else if (source.peek() === "\n") source.next();
    else if ("$`\\".includes(source.peek()) || (quoted && source.peek() === '"')) text += source.next();
    else text += "\\";
  }
  const body = context.commandSubstitution(new ShellSource(text + "\n)", true, line));
  parts.list.push({ type: "command", body, quoted });
}

function readDollar(context: WordContext, parts: Parts, quoted: boolean): void {
  const { source } = context;
  const start = source.at;
  source.next();
  source.joinLines();
  const character = source.peek();
  if (character === "(") {
    source.next();
    const arithmetic = source.peek() === "(" ? readArithmetic(context) : undefined;
    if (arithmetic) parts.list.push({ type: "arithmetic", expression: arithmetic, quoted });
    else parts.list.push({ type: "command", body: context.commandSubstitution(source), quoted });
  } else if (character === "{") {
    source.next();
    readBraces(context, parts, quoted, start);
  } else if (/[A-Za-z_]/.test(character)) {
    let name = "";
    while (/\w/.test(source.peek())) name += source.next();
    parts.list.push({ type: "parameter", name, quoted, source: "$" + name });
  } else if (character !== "" && /[0-9@*#?$!-]/.test(character)) {
    const name = source.next();
    parts.list.push({ type: "parameter", name, quoted, source: "$" + name });
  } else if (context.extended && !quoted && character === "'") {
    source.next();
    parts.literal(readEscapedQuoted(source), true);
  } else if (context.extended && !quoted && character === '"') {
    // $"…" is "…" in the C locale.
  } else parts.literal("$", quoted);
}

/** `((…))` after the dollar and one parenthesis; undefined (and nothing taken) when it is a subshell after all. */
function readArithmetic(context: WordContext): Word | undefined {
  const { source } = context;
  const { at, line } = source;
  source.next();
  const parts = new Parts();
  parts.literal("", true);
  let depth = 0;
  for (;;) {
    const character = source.peek();
    if (character === "") break;
    if (character === ")") {
      if (depth === 0) {
        if (source.peek(1) !== ")") break;
        source.take("))");
        return parts.list;
      }
      depth--;
    } else if (character === "(") depth++;
    readQuoted(context, parts, character, '"');
  }
  source.at = at;
  source.line = line;
  return undefined;
}

function readBraces(context: WordContext, parts: Parts, quoted: boolean, start: number): void {
  const { source } = context;
  const line = source.line;
  const add = (name: string, operation?: ParameterOperation) => {
    const part: WordPart = { type: "parameter", name, quoted, source: source.text.slice(start, source.at) };
    if (operation) part.operation = operation;
    parts.list.push(part);
  };
  const indirect = context.extended && source.peek() === "!" && /[A-Za-z_]/.test(source.peek(1));
  if (indirect) source.next();
  if (source.peek() === "#" && source.peek(1) !== "}") {
    source.next();
    const name = readParameterName(source);
    if (name !== "" && source.take("}")) return add(name, { type: "length" });
    // `${#-x}` and the like: the parameter is # after all.
    source.at -= name.length;
    return add("#", readOperation(context, quoted, line));
  }
  const name = readParameterName(source);
  if (source.peek() === "}") {
    source.next();
    return add(name, name === "" ? { type: "bad" } : indirect ? { type: "indirect" } : undefined);
  }
  if (name === "") {
    readBraceWord(context, quoted, "}", line);
    return add(name, { type: "bad" });
  }
  add(name, readOperation(context, quoted, line));
}

function readParameterName(source: ShellSource): string {
  let name = "";
  if (/[A-Za-z_]/.test(source.peek())) while (/\w/.test(source.peek())) name += source.next();
  else if (/[0-9]/.test(source.peek())) while (/[0-9]/.test(source.peek())) name += source.next();
  else if (source.peek() !== "" && "@*#?-$!".includes(source.peek())) name = source.next();
  return name;
}

const defaults = { "-": "default", "=": "assign", "?": "error", "+": "alternative" } as const;

function readOperation(context: WordContext, quoted: boolean, line: number): ParameterOperation {
  const { source } = context;
  const word = (stops = "}", isQuoted = quoted) => readBraceWord(context, isQuoted, stops, line);
  const end = (text: Word) => (source.next(), text);
  let operator = source.next();
  const colon = operator === ":";
  if (colon) {
    if (!(source.peek() in defaults)) {
      if (!context.extended) return (end(word()), { type: "bad" });
      const offset = word(":}");
      if (source.next() === "}") return { type: "substring", offset };
      return { type: "substring", offset, length: end(word()) };
    }
    operator = source.next();
  }
  if (operator in defaults) {
    return { type: defaults[operator as keyof typeof defaults], colon, word: end(word()) };
  }
  if (operator === "#" || operator === "%") {
    const longest = source.take(operator);
    return { type: operator === "#" ? "prefix" : "suffix", longest, pattern: end(word("}", false)) };
  }
  if (context.extended && operator === "/") {
    const all = source.take("/");
    const anchor = all ? "" : source.take("#") ? "#" : source.take("%") ? "%" : "";
    const pattern = word("/}", false);
    const replacement = source.next() === "}" ? [] : end(word("}", quoted));
    return { type: "replace", all, anchor, pattern, replacement };
  }
  if (context.extended && (operator === "^" || operator === ",")) {
    const all = source.take(operator);
    if (source.take("}")) return { type: "case", upper: operator === "^", all };
  }
  end(word());
  return { type: "bad" };
}

/** The word within braces, up to (not with) one of `stops`. */
function readBraceWord(context: WordContext, quoted: boolean, stops: string, line: number): Word {
  const { source } = context;
  const parts = new Parts();
  for (;;) {
    const character = source.peek();
    if (character === "") throw new ShellSyntaxError({ type: "other", text: "Missing '}'" }, line);
    if (stops.includes(character)) return parts.list;
    if (!quoted) readUnquoted(context, parts, character);
    else if (character === '"') {
      source.next();
      readDoubleQuoted(context, parts);
    } else if (character === "\\" && source.peek(1) === "}") {
      source.next();
      parts.literal(source.next(), true);
    } else readQuoted(context, parts, character, '"');
  }
}

const escapes: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  E: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "?": "?",
};

/** The rest of $'…'. */
function readEscapedQuoted(source: ShellSource): string {
  let text = "";
  for (;;) {
    const character = source.next();
    if (character === "") throw new ShellSyntaxError({ type: "unterminated", quote: "'" }, source.line);
    if (character === "'") return text;
    if (character !== "\\") {
      text += character;
      continue;
    }
    const digits = (allowed: RegExp, most: number) => {
      let read = "";
      while (read.length < most && allowed.test(source.peek())) read += source.next();
      return read;
    };
    const octal = digits(/[0-7]/, 3);
    if (octal) {
      text += String.fromCharCode(parseInt(octal, 8) & 255);
      continue;
    }
    const letter = source.next();
    const hexadecimal =
      letter === "x" ? digits(/[0-9a-fA-F]/, 2) : letter === "u" ? digits(/[0-9a-fA-F]/, 4) : "";
    if (hexadecimal) text += String.fromCharCode(parseInt(hexadecimal, 16));
    else text += escapes[letter] ?? "\\" + letter;
  }
}
