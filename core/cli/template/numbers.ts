import type { NumberNode } from "./nodes.ts";
import { unquoteChar } from "./quote.ts";

/** The number that `text` is, as every type that can hold it; else the error's message. */
export function parseNumber(
  position: number,
  text: string,
  type: "charConstant" | "complex" | "number",
): NumberNode | string {
  const node: NumberNode = { kind: "number", position, text };
  if (type === "charConstant") {
    const character = unquoteChar(text.slice(1), "'");
    if (!character) return "invalid syntax";
    if (character.rest !== "'") return `malformed character constant: ${text}`;
    const code = character.value.codePointAt(0)!;
    return { ...node, int: BigInt(code), uint: BigInt(code), float: code };
  }
  if (type === "complex") {
    const cut = text.slice(1).search(/(?<![eEpP])[+-]/) + 1;
    const [real, imaginary] = [parseFloatLiteral(text.slice(0, cut)), parseFloatLiteral(text.slice(cut, -1))];
    if (real === undefined || imaginary === undefined) return "syntax error scanning complex number";
    return simplified({ ...node, complex: { real, imaginary } });
  }
  if (text.endsWith("i")) {
    const imaginary = parseFloatLiteral(text.slice(0, -1));
    if (imaginary !== undefined) return simplified({ ...node, complex: { real: 0, imaginary } });
  }
  const whole = parseIntLiteral(text);
  if (whole !== undefined && whole >= 0n && whole < 1n << 64n && !/^[+-]/.test(text)) node.uint = whole;
  if (whole !== undefined && whole >= -(1n << 63n) && whole < 1n << 63n) {
    node.int = whole;
    // "-0" is an unsigned zero, too.
    if (whole === 0n) node.uint = 0n;
  }
  if (node.int !== undefined || node.uint !== undefined) node.float = Number(node.int ?? node.uint);
  else {
    const float = parseFloatLiteral(text);
    if (float !== undefined) {
      if (!/[.eEpP]/.test(text)) return `integer overflow: ${JSON.stringify(text)}`;
      node.float = float;
      if (Number.isInteger(float) && Math.abs(float) < 2 ** 63) node.int = BigInt(float);
      if (Number.isInteger(float) && float >= 0 && float < 2 ** 64) node.uint = BigInt(float);
    }
  }
  if (node.int === undefined && node.uint === undefined && node.float === undefined)
    return `illegal number syntax: ${JSON.stringify(text)}`;
  return node;
}

/** A complex number without an imaginary part is an ordinary number, too. */
function simplified(node: NumberNode): NumberNode {
  const { real, imaginary } = node.complex!;
  if (imaginary !== 0) return node;
  node.float = real;
  if (Number.isInteger(real)) node.int = BigInt(real);
  if (Number.isInteger(real) && real >= 0) node.uint = BigInt(real);
  return node;
}

/** A Go integer literal: 0x, 0o, 0b, a leading 0 for octal, "_" between digits. */
export function parseIntLiteral(text: string): bigint | undefined {
  const [, sign = "", digits = ""] = /^([+-]?)(.*)$/s.exec(text)!;
  if (/__|_$|^_/.test(digits) || /^[1-9][0-9]*_$/.test(digits)) return undefined;
  const bare = digits.replaceAll("_", "");
  const octal = /^0[oO]?([0-7]+)$/.exec(bare);
  const literal = octal ? `0o${octal[1]}` : bare;
  if (!/^(0|[1-9][0-9]*|0[xX][0-9a-fA-F]+|0o[0-7]+|0[bB][01]+)$/.test(literal)) return undefined;
  const size = BigInt(literal);
  return sign === "-" ? -size : size;
}

function parseFloatLiteral(text: string): number | undefined {
  const bare = text.replaceAll("_", "");
  const hex = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)$/.exec(bare);
  if (hex) {
    const [, sign, whole = "", fraction = "", power] = hex;
    if (whole + fraction === "") return undefined;
    const size = parseInt(whole + fraction, 16) * 2 ** (Number(power) - 4 * fraction.length);
    return sign === "-" ? -size : size;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(bare) ? Number(bare) : undefined;
}
