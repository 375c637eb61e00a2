import type { Json } from "./syntax.ts";

/** A text that is no JSON; `message` is jq's. */
export class JsonTextError extends Error {
  override name = "JsonTextError";
}

const token = /[ \t\r\n]+|[[\]{}:,]|"(?:[^"\\]|\\[^])*"|[^\s[\]{}:,"]+/y;

/** How many arrays and objects may stand in each other. */
const deepest = 256;

/** Reads one JSON value after the other from a text. */
export class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How many newlines stand before the end of what was read, as jq counts its lines. */
  get line(): number {
    const read = this.#text.slice(0, this.#at + 1);
    return read.split("\n").length - 1;
  }

  /** The next value; undefined at the end. Throws JsonTextError. */
  next(): Json | undefined {
    const closers: string[] = [];
    let start = -1;
    for (;;) {
      if (this.#at >= this.#text.length) {
        if (start >= 0) throw this.#error("Unfinished JSON term at EOF", this.#text.length);
        return undefined;
      }
      token.lastIndex = this.#at;
      const match = token.exec(this.#text);
      if (!match) throw this.#error("Unfinished string at EOF", this.#text.length);
      const before = this.#at;
      this.#at = token.lastIndex;
      const text = match[0];
      if (/^\s/.test(text)) continue;
      if (start < 0) start = before;
      if (text === "{" || text === "[") {
        if (closers.length === deepest) throw this.#error("Exceeds depth limit for parsing", before);
        closers.push(text === "{" ? "}" : "]");
      } else if (text === "}" || text === "]") {
        if (closers.pop() !== text) throw this.#error(`Unmatched '${text}'`, before);
      } else if (!/^[":,]/.test(text) && !isLiteral(text))
        throw this.#error("Invalid numeric literal", this.#at);
      if (closers.length === 0) return this.#parse(start);
    }
  }

  #parse(start: number): Json {
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as Json;
    } catch {
      throw this.#error("Expected separator between values", this.#at - 1);
    }
  }

  /** A literal's mistake is seen at the character behind it; a newline there already counts as the next line. */
  #error(problem: string, at: number): JsonTextError {
    const read = this.#text.slice(0, at + 1);
    const lines = read.split("\n");
    return new JsonTextError(`${problem} at line ${lines.length}, column ${lines.at(-1)!.length}`);
  }
}

function isLiteral(text: string): boolean {
  return /^(null|true|false)$/.test(text) || /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text);
}
