import { decodeText, encodeText } from "./characters.ts";

/** Backslash escapes as echo -e and printf read them; bytes of \\xHH and \\NNN above 127 come out as that byte. */
export interface Unescaped {
  text: string;
  /** \c was met: nothing more is to be printed. */
  stop: boolean;
}

const letters: Record<string, string> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** `zeroOctal`: octal needs a leading 0 (echo, printf's %b); else one to three digits (printf's format). */
export function unescape(text: string, zeroOctal: boolean, hexadecimals = true): Unescaped {
  if (!text.includes("\\")) return { text, stop: false };
  let output = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character !== "\\") {
      output += character;
      continue;
    }
    const rest = text.slice(at + 1);
    const octal = (zeroOctal ? /^0[0-7]{0,3}/ : /^[0-7]{1,3}/).exec(rest);
    const hexadecimal = hexadecimals && /^x[0-9a-fA-F]{1,2}/.exec(rest);
    if (octal || hexadecimal) {
      const [digits] = (octal ?? hexadecimal) as RegExpExecArray;
      output += byteCharacter(octal ? parseInt(digits, 8) & 255 : parseInt(digits.slice(1), 16));
      at += digits.length;
    } else if (rest[0] === "c") return { text: joinBytes(output), stop: true };
    else if (rest[0] !== undefined && rest[0] in letters) {
      output += letters[rest[0]];
      at++;
    } else output += "\\";
  }
  return { text: joinBytes(output), stop: false };
}

/** A byte as a character of decoded text: lone bytes above 127 are surrogates (characters.ts). */
function byteCharacter(byte: number): string {
  return String.fromCharCode(byte < 128 ? byte : 0xdc00 + byte);
}

/** Bytes that stand side by side may make a character together. */
function joinBytes(text: string): string {
  return text.replace(/[\udc80-\udcff]{2,}/g, (bytes) => decodeText(encodeText(bytes)));
}
