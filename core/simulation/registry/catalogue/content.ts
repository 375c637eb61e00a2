import type { FileContent } from "../../../files/filesystem.ts";

/**
 * Bytes that stand for a program or a library of this size: the same every time, made when they are read. `dense` of
 * them (0 to 1) are as random as machine code, so that a compressed layer has a likely size; the rest are zeros.
 */
export function bulk(seed: string, size: number, dense = 0.4): FileContent {
  const start = hash(seed);
  const filled = Math.floor((size * dense) / 4) * 4;
  return {
    size,
    read(offset, length) {
      const end = Math.min(offset + length, size);
      if (end <= offset) return new Uint8Array(0);
      // Word by word: each depends on nothing but its place, so that any part can be made alone.
      const first = offset >>> 2;
      const words = new Uint32Array(Math.ceil(end / 4) - first);
      const dense = Math.min(words.length, Math.max(0, (filled >>> 2) - first));
      for (let at = 0; at < dense; at++) {
        let value = Math.imul(first + at + start, 0x9e3779b1);
        value = Math.imul(value ^ (value >>> 15), 0x85ebca77);
        words[at] = value ^ (value >>> 13);
      }
      return new Uint8Array(words.buffer, offset - first * 4, end - offset);
    },
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
