import { sys } from "../kernel/syscalls.ts";
import { POLL } from "../kernel/calls.ts";
import type { Shell, Steps } from "./shell.ts";
import { displayWidth } from "./width.ts";

/** What busybox asks a terminal: where its cursor is. The answer comes as keys. */
const askCursor = "\x1b[6n";
const clearBelow = "\x1b[J";

/**
 * The line being typed, drawn as busybox's line editor draws it: byte for byte what a terminal gets to see. Keeps track of the
 * cursor's column and row, counted from the start of the prompt's last line.
 */
export class BusyboxLine {
  characters: string[] = [];
  cursor = 0;
  columns = 80;
  #prompt = "";
  #x = 0;
  #y = 0;
  readonly #shell: Shell;

  constructor(shell: Shell) {
    this.#shell = shell;
  }

  get text(): string {
    return this.characters.join("");
  }

  /** A new line: the prompt, and the question after the cursor unless something has been typed already. */
  *begin(prompt: string, columns: number, typed: boolean): Steps<void> {
    this.characters = [];
    this.columns = columns;
    yield* this.print(this.#showPrompt(prompt));
    if (typed || ((yield* sys.poll([{ fd: 0, events: POLL.IN }], 0))[0] ?? 0) !== 0) return;
    yield* this.print(askCursor);
  }

  /** The terminal's answer: the line may not have begun in the first column. */
  cursorIsAt(column: number): void {
    const beyond = column - 1 - this.#promptWidth;
    if (this.cursor !== 0 || beyond <= 0) return;
    this.#x += beyond;
    this.#y += Math.floor(this.#x / this.columns);
    this.#x %= this.columns;
  }

  *print(text: string): Steps<void> {
    if (text !== "") yield* this.#shell.print(1, text);
  }

  *forward(count = 1): Steps<void> {
    yield* this.print(this.#forward(count));
  }
  *backward(count = 1): Steps<void> {
    yield* this.print(this.#backward(count));
  }
  *insert(character: string): Steps<void> {
    const atEnd = this.cursor === this.characters.length;
    this.characters.splice(this.cursor, 0, character);
    const place = this.cursor + 1;
    yield* this.print(
      atEnd ? this.#forward(1) : this.#forward(this.characters.length) + this.#backward(this.cursor - place),
    );
  }
  *delete(): Steps<void> {
    const place = this.cursor;
    if (place === this.characters.length) return;
    this.characters.splice(place, 1);
    yield* this.print(
      this.#forward(this.characters.length) + clearBelow + this.#backward(this.cursor - place),
    );
  }
  *backspace(): Steps<void> {
    if (this.cursor === 0) return;
    yield* this.backward();
    yield* this.delete();
  }
  *cutEnd(): Steps<void> {
    this.characters.length = this.cursor;
    yield* this.print(clearBelow);
  }
  *cutStart(): Steps<void> {
    if (this.cursor > 0) yield* this.replace(this.characters.slice(this.cursor).join(""), 0);
  }
  /** The line ends; the cursor goes below it. */
  *finish(): Steps<void> {
    const rest = this.#forward(this.characters.length);
    yield* this.print(this.#x === 0 ? rest : rest + "\n");
  }
  /** Another line in its place. */
  *replace(text: string, cursor?: number): Steps<void> {
    this.characters = [...text];
    yield* this.redraw(cursor);
  }
  /** Draws all anew, from the row where it began; `prompt` stands for another one. */
  *redraw(cursor = this.characters.length, up = this.#y, prompt = this.#prompt): Steps<void> {
    const rise = up > 0 ? `\x1b[${up}A` : "";
    const drawn = this.#showPrompt(prompt) + this.#forward(this.characters.length) + clearBelow;
    yield* this.print(rise + "\r" + drawn + this.#backward(this.characters.length - cursor));
  }
  *clearScreen(): Steps<void> {
    const { cursor } = this;
    const drawn = this.#showPrompt(this.#prompt) + this.#forward(this.characters.length) + clearBelow;
    yield* this.print("\x1b[H\x1b[J" + drawn + this.#backward(this.characters.length - cursor));
  }

  get #promptWidth(): number {
    const lastLine = this.#prompt.slice(this.#prompt.lastIndexOf("\n") + 1);
    return displayWidth(lastLine.replace(/\x1b\[[0-9;]*[A-Za-z]/g, ""));
  }

  #showPrompt(prompt: string): string {
    this.#prompt = prompt;
    this.cursor = 0;
    this.#y = Math.floor(this.#promptWidth / this.columns);
    this.#x = this.#promptWidth % this.columns;
    return prompt;
  }

  #forward(count: number): string {
    let shown = "";
    for (const character of this.characters.slice(this.cursor, this.cursor + count)) {
      this.cursor++;
      this.#x += displayWidth(character);
      if (this.#x <= this.columns) shown += character;
      if (this.#x < this.columns) continue;
      // A carriage return and a newline take the cursor to the next row even on a terminal that is wider than it says.
      shown += "\r\n";
      this.#y++;
      const fitted = this.#x === this.columns;
      this.#x = fitted ? 0 : displayWidth(character);
      if (!fitted) shown += character;
    }
    return shown;
  }

  #backward(count: number): string {
    const passed = this.characters.slice(Math.max(this.cursor - count, 0), this.cursor);
    this.cursor -= passed.length;
    const width = displayWidth(passed.join(""));
    if (width === 0) return "";
    if (this.#x >= width) {
      this.#x -= width;
      return width <= 4 ? "\b".repeat(width) : `\x1b[${width}D`;
    }
    // Up, to the column where the line then is.
    const beyond = width - this.#x;
    const rows = 1 + Math.floor((beyond - 1) / this.columns);
    this.#x = (this.columns * this.#y - beyond) % this.columns;
    this.#y -= rows;
    return `\r\x1b[${rows}A` + (this.#x > 0 ? `\x1b[${this.#x}C` : "");
  }
}
