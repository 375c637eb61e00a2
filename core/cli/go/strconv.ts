/** The error of Go's strconv package for text that is not what was expected of it. */
export class ConversionError extends Error {
  override name = "ConversionError";
}

const failed = (parser: string, input: string, reason: string) =>
  new ConversionError(`strconv.${parser}: parsing ${quote(input)}: ${reason}`);

/** Go's strconv.ParseBool. */
export function parseBool(input: string): boolean {
  if (["1", "t", "T", "TRUE", "true", "True"].includes(input)) return true;
  if (["0", "f", "F", "FALSE", "false", "False"].includes(input)) return false;
  throw failed("ParseBool", input, "invalid syntax");
}

/** The number that digits of Go's base 0 say (0x, 0o, 0b and 0 prefixes, underscores between digits). */
function magnitude(digits: string): bigint | undefined {
  if (/^0[xX](_?[0-9a-fA-F])+$|^0[bB](_?[01])+$|^0[oO](_?[0-7])+$/.test(digits))
    return BigInt(digits.replaceAll("_", ""));
  if (/^0(_?[0-7])+$/.test(digits)) return BigInt("0o" + digits.replaceAll("_", "").slice(1));
  if (/^(0|[1-9](_?[0-9])*)$/.test(digits)) return BigInt(digits.replaceAll("_", ""));
  return undefined;
}

/** Go's strconv.ParseInt(input, base, bits); base 0 reads prefixes and underscores. */
export function parseInteger(input: string, bits = 64, base: 0 | 10 = 0): number {
  const negative = input.startsWith("-");
  const digits = /^[+-]/.test(input) ? input.slice(1) : input;
  const size = base === 0 ? magnitude(digits) : /^\d+$/.test(digits) ? BigInt(digits) : undefined;
  if (size === undefined) throw failed("ParseInt", input, "invalid syntax");
  const limit = 1n << BigInt(bits - 1);
  if (negative ? size > limit : size >= limit) throw failed("ParseInt", input, "value out of range");
  return Number(negative ? -size : size);
}

/** Go's strconv.ParseUint(input, base, bits). */
export function parseUnsigned(input: string, bits = 64, base: 0 | 10 = 0): number {
  const size = base === 0 ? magnitude(input) : /^\d+$/.test(input) ? BigInt(input) : undefined;
  if (size === undefined) throw failed("ParseUint", input, "invalid syntax");
  if (size >= 1n << BigInt(bits)) throw failed("ParseUint", input, "value out of range");
  return Number(size);
}

const escapes: Record<string, string> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
};

function escape(input: string, delimiter: string): string {
  let quoted = "";
  for (const character of input) {
    const code = character.codePointAt(0)!;
    if (character === delimiter) quoted += "\\" + character;
    else if (escapes[character]) quoted += escapes[character];
    else if (code < 0x20 || code === 0x7f) quoted += "\\x" + code.toString(16).padStart(2, "0");
    else if (/[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(character)) quoted += character;
    else if (code > 0xffff) quoted += "\\U" + code.toString(16).padStart(8, "0");
    else quoted += "\\u" + code.toString(16).padStart(4, "0");
  }
  return quoted;
}

/** Go's %q of a string: in double quotes, with escapes. */
export function quote(input: string): string {
  return `"${escape(input, '"')}"`;
}

/** Go's %q of a character: in single quotes. */
export function quoteCharacter(character: string): string {
  return `'${escape(character, "'")}'`;
}
