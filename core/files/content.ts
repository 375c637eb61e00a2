import { concat } from "../platform/bytes.ts";
import type { FileContent } from "./filesystem.ts";

const none = new Uint8Array(0);

/** `bytes` as the content of a file. They must not be changed afterwards. */
export function bytesContent(bytes: Uint8Array): FileContent {
  return bytes.length === 0 ? emptyContent : new BytesContent(bytes);
}

class BytesContent implements FileContent {
  readonly #bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }
  get size(): number {
    return this.#bytes.length;
  }
  read(offset: number, length: number): Uint8Array {
    return this.#bytes.subarray(offset, offset + length);
  }
}

/** Nothing. */
export const emptyContent: FileContent = { size: 0, read: () => none };

/** A hole: `size` zero bytes that occupy nothing. */
export function holeContent(size: number): FileContent {
  return {
    size,
    allocated: 0,
    read: (offset, length) => new Uint8Array(Math.max(0, Math.min(length, size - offset))),
  };
}

/** `length` bytes of `content` from `offset`. */
export function sliceContent(content: FileContent, offset: number, length: number): FileContent {
  if (length === 0) return emptyContent;
  if (offset === 0 && length === content.size) return content;
  return new SliceContent(content, offset, Math.min(length, content.size - offset));
}

class SliceContent implements FileContent {
  readonly #whole: FileContent;
  readonly #start: number;
  readonly size: number;
  constructor(whole: FileContent, start: number, size: number) {
    this.#whole = whole;
    this.#start = start;
    this.size = size;
  }
  read(offset: number, length: number): Uint8Array {
    const left = Math.min(length, this.size - offset);
    return left <= 0 ? none : this.#whole.read(this.#start + offset, left);
  }
}

/** Several contents, one after the other, as one. */
export class JoinedContent implements FileContent {
  readonly size: number;
  readonly #parts: readonly FileContent[];
  /** Where each part begins. */
  readonly #starts: Float64Array;

  constructor(parts: readonly FileContent[]) {
    this.#parts = parts.filter((part) => part.size > 0);
    this.#starts = new Float64Array(this.#parts.length);
    let at = 0;
    this.#parts.forEach((part, index) => {
      this.#starts[index] = at;
      at += part.size;
    });
    this.size = at;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.size);
    const pieces: Uint8Array[] = [];
    for (let index = this.#partAt(offset); offset < end; index++) {
      const part = this.#parts[index]!;
      const within = offset - this.#starts[index]!;
      const piece = part.read(within, Math.min(end - offset, part.size - within));
      if (piece.length === 0) throw new RangeError("a part is shorter than it said");
      pieces.push(piece);
      offset += piece.length;
      // A part may give fewer bytes than asked for only at its end.
      if (within + piece.length < part.size) index--;
    }
    return pieces.length === 0 ? none : concat(pieces);
  }

  #partAt(offset: number): number {
    let low = 0;
    let high = this.#parts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low - 1);
  }
}

/** All of a content in one piece. */
export function contentBytes(content: FileContent): Uint8Array {
  return content.read(0, content.size);
}

/** A content in pieces of at most `piece` bytes. */
export function* contentPieces(content: FileContent, offset = 0, piece = 65536): Generator<Uint8Array> {
  while (offset < content.size) {
    const bytes = content.read(offset, piece);
    yield bytes;
    offset += bytes.length;
  }
}
