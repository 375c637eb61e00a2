import type { ByteSource } from "../../platform/bytes.ts";

const quoteMark = 0x22;
const backslash = 0x5c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);

/** The JSON objects that follow one another in `source`, each as its text, as soon as it is whole. */
export async function* jsonTexts(source: ByteSource): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes: number[] = [];
  let depth = 0;
  let inString = false;
  let escaped = false;
  for (;;) {
    const chunk = await source.read();
    if (!chunk) break;
    for (const byte of chunk) {
      if (depth === 0 && !opening.has(byte)) continue;
      bytes.push(byte);
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === backslash) escaped = true;
        else if (byte === quoteMark) inString = false;
      } else if (byte === quoteMark) inString = true;
      else if (opening.has(byte)) depth++;
      else if (closing.has(byte) && --depth === 0) {
        yield decoder.decode(new Uint8Array(bytes));
        bytes = [];
      }
    }
  }
  if (depth > 0) throw new Error("unexpected EOF");
}
