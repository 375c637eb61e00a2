import { quotePattern } from "./pattern.ts";

/**
 * Gathers the fields that words expand to. Each field is a pattern: what was quoted has its wildcards escaped.
 * Without `splitting` everything goes into one field.
 */
export class Fields {
  readonly list: string[] = [];
  #current: string | undefined;
  #endedByBlank = false;
  readonly #splitting: boolean;
  readonly #blanks: string;
  readonly #separators: string;

  /** `ifs`: the value of IFS; undefined is its default. */
  constructor(splitting: boolean, ifs = " \t\n") {
    this.#splitting = splitting;
    this.#blanks = [...ifs].filter((character) => " \t\n".includes(character)).join("");
    this.#separators = [...ifs].filter((character) => !" \t\n".includes(character)).join("");
  }

  get splits(): boolean {
    return this.#splitting;
  }

  /** Text of the program itself: neither split nor escaped. */
  addLiteral(pattern: string): void {
    this.#current = (this.#current ?? "") + pattern;
    this.#endedByBlank = false;
  }

  addQuoted(text: string): void {
    this.addLiteral(quotePattern(text));
  }

  /** What an unquoted expansion gave: it is split, and its wildcards count. */
  addExpanded(text: string): void {
    if (!this.#splitting) return this.addLiteral(text.replace(/\\/g, "\\\\"));
    for (const character of text) {
      if (this.#separators.includes(character)) {
        if (this.#current !== undefined || !this.#endedByBlank) this.list.push(this.#current ?? "");
        this.#current = undefined;
        this.#endedByBlank = false;
      } else if (this.#blanks.includes(character)) {
        if (this.#current === undefined) continue;
        this.list.push(this.#current);
        this.#current = undefined;
        this.#endedByBlank = true;
      } else this.addLiteral(character === "\\" ? "\\\\" : character);
    }
  }

  /** Ends a field within a word, as "$@" does between two parameters. */
  separate(): void {
    if (this.#current !== undefined) this.list.push(this.#current);
    this.#current = undefined;
    this.#endedByBlank = false;
  }

  /** Ends the word. */
  end(): void {
    this.separate();
  }
}
