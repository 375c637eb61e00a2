const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Whether Go would show the character as it is in a quoted string. */
export function isPrint(character: string): boolean {
  return printable.test(character);
}

const named: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
};

/** A Go string literal for `text` (strconv.Quote): in double quotes, or as a character in single ones. */
export function quote(text: string, mark: '"' | "'" = '"', asciiOnly = false): string {
  let quoted = mark;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (character === mark || character === "\\") quoted += `\\${character}`;
    else if (isPrint(character) && (code < 0x80 || !asciiOnly)) quoted += character;
    else if (named[character]) quoted += named[character];
    else if (code < 0x20 || code === 0x7f) quoted += `\\x${hex(code, 2)}`;
    else quoted += code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  }
  return quoted + mark;
}

const hex = (code: number, digits: number) => code.toString(16).padStart(digits, "0");

/** `U+0021 '!'`, as Go's %#U shows a character. */
export function showRune(character: string): string {
  const code = character.codePointAt(0)!;
  return `U+${code.toString(16).toUpperCase().padStart(4, "0")}${isPrint(character) ? ` '${character}'` : ""}`;
}

const escapes: Record<string, string> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};
const decoder = new TextDecoder();

/** What a Go literal in double quotes or backquotes means; undefined when it is malformed ("invalid syntax"). */
export function unquote(literal: string): string | undefined {
  const mark = literal[0];
  const body = literal.slice(1, -1);
  if (mark === "`") return body.replaceAll("\r", "");
  let rest = body;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  while (rest !== "") {
    const character = unquoteChar(rest, mark!);
    if (!character) return undefined;
    if (character.byte !== undefined) bytes.push(character.byte);
    else bytes.push(...encoder.encode(character.value));
    rest = character.rest;
  }
  return decoder.decode(new Uint8Array(bytes));
}

/** The first character of a literal's body and what follows it; `byte` is there for \xff and \377, which are bytes. */
export function unquoteChar(
  text: string,
  mark: string,
): { value: string; byte?: number; rest: string } | undefined {
  const first = String.fromCodePoint(text.codePointAt(0)!);
  if (first === mark || first === "\n") return undefined;
  if (first !== "\\") return { value: first, rest: text.slice(first.length) };
  const kind = text[1];
  if (kind === undefined) return undefined;
  const simple = escapes[kind];
  if (simple !== undefined) return { value: simple, rest: text.slice(2) };
  if (kind === "'" || kind === '"') return kind === mark ? { value: kind, rest: text.slice(2) } : undefined;
  const width = { x: 2, u: 4, U: 8 }[kind];
  if (width !== undefined) {
    const digits = text.slice(2, 2 + width);
    if (digits.length < width || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    const code = parseInt(digits, 16);
    const rest = text.slice(2 + width);
    if (kind === "x") return { value: String.fromCodePoint(code), byte: code, rest };
    return code > 0x10ffff || (code >= 0xd800 && code < 0xe000)
      ? undefined
      : { value: String.fromCodePoint(code), rest };
  }
  const octal = /^[0-7]{3}/.exec(text.slice(1));
  if (!octal) return undefined;
  const byte = parseInt(octal[0], 8);
  return byte > 255 ? undefined : { value: String.fromCodePoint(byte), byte, rest: text.slice(4) };
}
