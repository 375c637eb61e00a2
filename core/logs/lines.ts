import { concat } from "../platform/bytes.ts";

/** Docker cuts longer lines into parts of this size. */
export const longestLine = 16 * 1024;
const lineFeed = 10;

/** Cuts what a stream writes into lines, each with its line feed; a line over 16 KiB comes in parts without one. */
export class LineSplitter {
  #pending: Uint8Array[] = [];
  #length = 0;
  readonly #emit: (line: Uint8Array) => void;

  constructor(emit: (line: Uint8Array) => void) {
    this.#emit = emit;
  }

  write(bytes: Uint8Array): void {
    let from = 0;
    for (;;) {
      const feed = bytes.indexOf(lineFeed, from);
      const end = feed < 0 ? bytes.length : feed + 1;
      while (end - from + this.#length > longestLine + (feed < 0 ? 0 : 1)) {
        const until = from + longestLine - this.#length;
        this.#hold(bytes.subarray(from, until));
        this.#flush();
        from = until;
      }
      if (end > from) this.#hold(bytes.subarray(from, end));
      if (feed < 0) return;
      this.#flush();
      from = end;
    }
  }

  /** What is left at the end becomes a line of its own, still without a line feed. */
  end(): void {
    this.#flush();
  }

  #hold(bytes: Uint8Array): void {
    // A copy: the writer may use its buffer again.
    this.#pending.push(bytes.slice());
    this.#length += bytes.length;
  }

  #flush(): void {
    const line = concat(this.#pending);
    this.#pending = [];
    this.#length = 0;
    if (line.length > 0) this.#emit(line);
  }
}
