import { decodeText } from "../shell/characters.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps } from "./user-program.ts";

/** Reads a descriptor line by line, a block at a time. */
export class LineReader {
  readonly #io: Invocation;
  readonly #fd: number;
  readonly #separator: number;
  #rest: Uint8Array = new Uint8Array();
  #ended = false;
  /** The last line that was given had no newline. */
  unterminated = false;

  constructor(io: Invocation, fd: number, separator = 10) {
    this.#io = io;
    this.#fd = fd;
    this.#separator = separator;
  }

  /** The lines that came with the next block, without their newlines; undefined at the end. Never empty. */
  *next(): Steps<string[] | undefined> {
    while (!this.#ended) {
      const block = yield* this.#io.read(this.#fd);
      if (!block) {
        this.#ended = true;
        if (this.#rest.length === 0) return undefined;
        this.unterminated = true;
        return [decodeText(this.#rest)];
      }
      const end = block.lastIndexOf(this.#separator);
      const bytes = join(this.#rest, end < 0 ? block : block.subarray(0, end));
      if (end < 0) {
        this.#rest = bytes;
        continue;
      }
      this.#rest = block.slice(end + 1);
      return decodeText(bytes).split(String.fromCharCode(this.#separator));
    }
    return undefined;
  }
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

/** `text` cut into lines, without their newlines. */
export function splitLines(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
