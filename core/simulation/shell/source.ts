import { IncompleteCommand } from "./syntax.ts";

/** Shell text being read: a position in it, the line, and whether more may come. */
export class ShellSource {
  text: string;
  at = 0;
  line: number;
  /** No more text will come: the end is the end, not a reason to wait. */
  readonly final: boolean;

  constructor(text: string, final: boolean, line = 1) {
    this.text = text;
    this.final = final;
    this.line = line;
  }

  /** The character `ahead` of the position; "" at the end. Throws IncompleteCommand where more may come. */
  peek(ahead = 0): string {
    const character = this.text[this.at + ahead];
    if (character !== undefined) return character;
    if (!this.final) throw new IncompleteCommand();
    return "";
  }

  next(): string {
    const character = this.peek();
    this.at += character.length;
    if (character === "\n") this.line++;
    return character;
  }

  /** Whether the text goes on with `expected`; takes it if so. */
  take(expected: string): boolean {
    for (let i = 0; i < expected.length; i++) if (this.peek(i) !== expected[i]) return false;
    for (let i = 0; i < expected.length; i++) this.next();
    return true;
  }

  /** Takes backslash-newline pairs, which join lines. */
  joinLines(): void {
    while (this.peek() === "\\" && this.peek(1) === "\n") {
      this.next();
      this.next();
    }
  }

  /** Everything up to the end of the line, without the newline, which is taken too. */
  restOfLine(): string {
    let end = this.text.indexOf("\n", this.at);
    if (end < 0) {
      if (!this.final) throw new IncompleteCommand();
      end = this.text.length;
    }
    const line = this.text.slice(this.at, end);
    this.at = end;
    if (this.at < this.text.length) this.next();
    return line;
  }
}
