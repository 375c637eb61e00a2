import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { BusyboxLine } from "./busybox-line.ts";
import { completions } from "./completion.ts";
import { decodeText } from "./characters.ts";
import type { Shell, Steps } from "./shell.ts";
import { displayWidth } from "./width.ts";

const historyLimit = 500;

/**
 * Reads lines from a terminal as the shell's user types them: cursor keys, history, Ctrl-A C D E K L R U W, Tab.
 * Where the input is no terminal (or says it is "dumb") it reads plain lines.
 */
export class LineEditor {
  readonly #shell: Shell;
  /** What was typed and not yet read as keys. */
  #pendingBytes: Uint8Array = new Uint8Array();
  #characters: string[] = [];
  #cursor = 0;
  #prompt = "";
  /** Place in the history; its length is the line being typed. */
  #place = 0;
  #draft = "";
  /** Columns of prompt and line up to the cursor, as they are on the screen. */
  #columns = 80;
  #row = 0;

  /** busybox's shell draws in its own way. */
  readonly #busybox: BusyboxLine;

  constructor(shell: Shell) {
    this.#shell = shell;
    this.#busybox = new BusyboxLine(shell);
  }

  /** One line; undefined at the end of the input; "interrupt" for Ctrl-C. */
  *readLine(prompt: string): Steps<{ text: string } | "interrupt" | undefined> {
    const plain =
      this.#shell.dialect === "dash" ||
      this.#shell.variables.get("TERM") === "dumb" ||
      !(yield* this.#isTerminal());
    if (plain) return yield* this.#readPlain(prompt);
    yield* sys.tcsetattr(0, { canonical: false, echo: false, signals: false, crToNl: false });
    try {
      this.#columns = (yield* sys.getWinsize(0)).columns || 80;
      return yield* this.#shell.dialect === "ash" ? this.#editAsBusybox(prompt) : this.#edit(prompt);
    } finally {
      yield* sys.tcsetattr(0, { canonical: true, echo: true, signals: true, crToNl: true });
    }
  }

  *#isTerminal(): Steps<boolean> {
    try {
      return yield* sys.isatty(0);
    } catch (error) {
      if (error instanceof Errno) return false;
      throw error;
    }
  }

  *#readPlain(prompt: string): Steps<{ text: string } | "interrupt" | undefined> {
    yield* this.#write(prompt);
    for (;;) {
      const end = this.#pendingBytes.indexOf(10);
      if (end >= 0) {
        const text = decodeText(this.#pendingBytes.subarray(0, end));
        this.#pendingBytes = this.#pendingBytes.slice(end + 1);
        return { text };
      }
      try {
        if (!(yield* this.#fill())) return undefined;
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
        if (!this.#shell.interrupted) continue;
        this.#shell.interrupted = false;
        yield* this.#write("\n");
        return "interrupt";
      }
    }
  }

  /** Reads more; false at the end. */
  *#fill(): Steps<boolean> {
    const block = yield* sys.read(0, 4096);
    if (block.length === 0) return false;
    const bytes = new Uint8Array(this.#pendingBytes.length + block.length);
    bytes.set(this.#pendingBytes);
    bytes.set(block, this.#pendingBytes.length);
    this.#pendingBytes = bytes;
    return true;
  }

  *#write(text: string): Steps<void> {
    yield* this.#shell.print(2, text);
  }

  /** The next key: a character, a control character, or a whole escape sequence; undefined at the end. */
  *#key(): Steps<string | undefined> {
    for (;;) {
      const text = decodeText(this.#pendingBytes);
      const match = /^(?:\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^[O])|[^\x1b\udc80-\udcff])/u.exec(text);
      if (match) {
        this.#pendingBytes = this.#pendingBytes.slice(byteLength(match[0]));
        return match[0];
      }
      try {
        if (!(yield* this.#fill())) return undefined;
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
        if (this.#onResize) yield* this.#onResize();
      }
    }
  }

  *#edit(prompt: string): Steps<{ text: string } | "interrupt" | undefined> {
    const { history } = this.#shell;
    this.#prompt = prompt;
    this.#characters = [];
    this.#cursor = 0;
    this.#place = history.length;
    this.#row = 0;
    yield* this.#write(prompt);
    for (;;) {
      const key = yield* this.#key();
      if (key === undefined) return undefined;
      if (key === "\r" || key === "\n") {
        yield* this.#move(this.#characters.length);
        yield* this.#write("\n");
        const text = this.#characters.join("");
        if (text.trim() !== "" && text !== history.at(-1)) history.push(text);
        if (history.length > historyLimit) history.shift();
        return { text };
      }
      if (key === "\x03") {
        yield* this.#move(this.#characters.length);
        yield* this.#write("^C\n");
        return "interrupt";
      }
      if (key === "\x04" && this.#characters.length === 0) return undefined;
      yield* this.#apply(key);
    }
  }

  *#editAsBusybox(prompt: string): Steps<{ text: string } | "interrupt" | undefined> {
    const { history } = this.#shell;
    const line = this.#busybox;
    let resized = false;
    const old = yield* sys.sigaction("SIGWINCH", { handler: () => void (resized = true) });
    this.#onResize = function* (this: LineEditor): Steps<void> {
      if (!resized) return;
      resized = false;
      line.columns = (yield* sys.getWinsize(0)).columns || 80;
      yield* line.redraw(line.cursor);
    };
    this.#place = history.length;
    try {
      yield* line.begin(prompt, this.#columns, this.#pendingBytes.length > 0);
      let tabbed = false;
      for (;;) {
        const key = yield* this.#key();
        if (key === undefined) return undefined;
        const at = /^\x1b\[\d+;(\d+)R$/.exec(key);
        if (at) {
          line.cursorIsAt(Number(at[1]));
          continue;
        }
        if (key === "\r" || key === "\n") {
          yield* line.finish();
          const { text } = line;
          if (text !== "" && text !== history.at(-1)) history.push(text);
          if (history.length > historyLimit) history.shift();
          return { text };
        }
        if (key === "\x03") {
          yield* line.print("^C\n");
          return "interrupt";
        }
        if (key === "\x04" && line.characters.length === 0) return undefined;
        if (key === "\t") tabbed = yield* this.#completeAsBusybox(tabbed);
        else {
          tabbed = false;
          yield* this.#applyAsBusybox(key);
        }
      }
    } finally {
      this.#onResize = undefined;
      yield* sys.sigaction("SIGWINCH", old);
    }
  }

  /** What is due when a signal broke off the wait for a key. */
  #onResize: (() => Steps<void>) | undefined;

  *#applyAsBusybox(key: string): Steps<void> {
    const line = this.#busybox;
    const { history } = this.#shell;
    const blankBefore = () => /\s/.test(line.characters[line.cursor - 1] ?? "x");
    switch (key) {
      case "\x01":
      case "\x1b[H":
      case "\x1bOH":
      case "\x1b[1~":
        return yield* line.backward(line.cursor);
      case "\x05":
      case "\x1b[F":
      case "\x1bOF":
      case "\x1b[4~":
        return yield* line.forward(line.characters.length);
      case "\x02":
      case "\x1b[D":
      case "\x1bOD":
        return yield* line.backward();
      case "\x06":
      case "\x1b[C":
      case "\x1bOC":
        return yield* line.forward();
      case "\x7f":
      case "\b":
        return yield* line.backspace();
      case "\x04":
      case "\x1b[3~":
        return yield* line.delete();
      case "\x0b":
        return yield* line.cutEnd();
      case "\x15":
        return yield* line.cutStart();
      case "\x17":
        while (line.cursor > 0 && blankBefore()) yield* line.backspace();
        while (line.cursor > 0 && !blankBefore()) yield* line.backspace();
        return;
      case "\x0c":
        return yield* line.clearScreen();
      case "\x10":
      case "\x1b[A":
      case "\x1bOA":
        if (this.#place === 0) return yield* line.print("\x07");
        if (this.#place === history.length) this.#draft = line.text;
        return yield* line.replace(history[--this.#place]!);
      case "\x0e":
      case "\x1b[B":
      case "\x1bOB":
        if (this.#place === history.length) return yield* line.print("\x07");
        return yield* line.replace(history[++this.#place] ?? this.#draft);
    }
    if (key >= " " && !key.startsWith("\x1b")) yield* line.insert(key);
  }

  /** A first Tab completes as far as it can, a second one lists; true when the next one is to list. */
  *#completeAsBusybox(again: boolean): Steps<boolean> {
    const line = this.#busybox;
    const before = line.characters.slice(0, line.cursor).join("");
    const after = line.characters.slice(line.cursor).join("");
    const { start, choices } = yield* completions(this.#shell, before);
    if (again) {
      if (choices.length === 0) return true;
      const { cursor } = line;
      yield* line.finish();
      yield* line.print(columnsOf(choices, line.columns));
      yield* line.redraw(cursor, 0);
      return true;
    }
    if (choices.length !== 1) yield* line.print("\x07");
    let found = commonPrefix(choices);
    if (choices.length === 1 && !found.endsWith("/")) found += " ";
    if (found === "") return true;
    const head = before.slice(0, start) + found;
    yield* line.replace(head + after, [...head].length);
    return choices.length !== 1;
  }

  *#apply(key: string): Steps<void> {
    const size = this.#characters.length;
    switch (key) {
      case "\x01":
      case "\x1b[H":
      case "\x1bOH":
      case "\x1b[1~":
        return yield* this.#move(0);
      case "\x05":
      case "\x1b[F":
      case "\x1bOF":
      case "\x1b[4~":
        return yield* this.#move(size);
      case "\x02":
      case "\x1b[D":
      case "\x1bOD":
        return yield* this.#move(Math.max(this.#cursor - 1, 0));
      case "\x06":
      case "\x1b[C":
      case "\x1bOC":
        return yield* this.#move(Math.min(this.#cursor + 1, size));
      case "\x1b[1;5D":
      case "\x1bb":
        return yield* this.#move(this.#wordStart());
      case "\x1b[1;5C":
      case "\x1bf":
        return yield* this.#move(this.#wordEnd());
      case "\x7f":
      case "\b":
        return this.#cursor > 0
          ? yield* this.#replace(this.#cursor - 1, this.#cursor, "")
          : yield* this.#bell();
      case "\x04":
      case "\x1b[3~":
        return this.#cursor < size
          ? yield* this.#replace(this.#cursor, this.#cursor + 1, "")
          : yield* this.#bell();
      case "\x0b":
        return yield* this.#replace(this.#cursor, size, "");
      case "\x15":
        return yield* this.#replace(0, this.#cursor, "");
      case "\x17":
        return yield* this.#replace(this.#wordStart(), this.#cursor, "");
      case "\x0c":
        yield* this.#write("\x1b[H\x1b[J");
        this.#row = 0;
        return yield* this.#redraw();
      case "\x10":
      case "\x1b[A":
      case "\x1bOA":
        return yield* this.#recall(this.#place - 1);
      case "\x0e":
      case "\x1b[B":
      case "\x1bOB":
        return yield* this.#recall(this.#place + 1);
      case "\x12":
        return yield* this.#search();
      case "\t":
        return yield* this.#complete();
    }
    if (key >= " " && !key.startsWith("\x1b")) yield* this.#replace(this.#cursor, this.#cursor, key);
  }

  *#bell(): Steps<void> {
    yield* this.#write("\x07");
  }

  #wordStart(): number {
    let at = this.#cursor;
    while (at > 0 && this.#characters[at - 1] === " ") at--;
    while (at > 0 && this.#characters[at - 1] !== " ") at--;
    return at;
  }

  #wordEnd(): number {
    let at = this.#cursor;
    while (at < this.#characters.length && this.#characters[at] === " ") at++;
    while (at < this.#characters.length && this.#characters[at] !== " ") at++;
    return at;
  }

  /** Puts `text` in the place of the characters from `from` to `to`; the cursor ends up behind it. */
  *#replace(from: number, to: number, text: string): Steps<void> {
    const inserted = [...text];
    const atEnd = from === this.#characters.length;
    this.#characters.splice(from, to - from, ...inserted);
    this.#cursor = from + inserted.length;
    const fits = this.#width(this.#characters.length) < this.#columns;
    if (atEnd && fits) yield* this.#write(text);
    else yield* this.#redraw();
  }

  *#recall(place: number): Steps<void> {
    const { history } = this.#shell;
    if (place < 0 || place > history.length) return yield* this.#bell();
    if (this.#place === history.length) this.#draft = this.#characters.join("");
    this.#place = place;
    this.#characters = [...(history[place] ?? this.#draft)];
    this.#cursor = this.#characters.length;
    yield* this.#redraw();
  }

  /** Ctrl-R: looks back through the history for what is typed next. */
  *#search(): Steps<void> {
    const { history } = this.#shell;
    let wanted = "";
    let place = history.length;
    const find = (from: number) => {
      for (let at = from; at >= 0; at--) if (history[at]?.includes(wanted)) return at;
      return -1;
    };
    for (;;) {
      const shown = history[place] ?? "";
      yield* this.#write(`\r\x1b[J(reverse-i-search)\`${wanted}': ${shown}`);
      const key = yield* this.#key();
      if (key === "\x12") place = Math.max(find(place - 1), 0);
      else if (key === "\x7f" || key === "\b") wanted = wanted.slice(0, -1);
      else if (key !== undefined && key >= " " && !key.startsWith("\x1b")) {
        wanted += key;
        const found = find(Math.min(place, history.length - 1));
        if (found >= 0) place = found;
      } else {
        if (key !== "\x03" && key !== "\x07") this.#characters = [...shown];
        this.#cursor = this.#characters.length;
        this.#row = 0;
        yield* this.#redraw();
        if (key === "\r" || key === "\n")
          this.#pendingBytes = concatBytes(new Uint8Array([13]), this.#pendingBytes);
        return;
      }
    }
  }

  *#complete(): Steps<void> {
    const before = this.#characters.slice(0, this.#cursor).join("");
    const { start, choices } = yield* completions(this.#shell, before);
    if (choices.length === 0) return yield* this.#bell();
    const from = [...before.slice(0, start)].length;
    if (choices.length === 1) {
      const only = choices[0]!;
      return yield* this.#replace(from, this.#cursor, only.endsWith("/") ? only : only + " ");
    }
    const common = commonPrefix(choices);
    if (common.length > before.length - start) return yield* this.#replace(from, this.#cursor, common);
    const names = choices.map((choice) => choice.replace(/^.*\/(?=.)/, ""));
    const width = Math.max(...names.map(displayWidth)) + 2;
    const perLine = Math.max(Math.floor(this.#columns / width), 1);
    let listing = "\n";
    for (const [at, name] of names.entries()) {
      const last = at % perLine === perLine - 1 || at === names.length - 1;
      listing += last ? name + "\n" : name + " ".repeat(width - displayWidth(name));
    }
    yield* this.#write(listing);
    this.#row = 0;
    yield* this.#redraw();
  }

  /** Columns from the start of the prompt's last line to before the character at `at`. */
  #width(at: number): number {
    const prompt = this.#prompt
      .slice(this.#prompt.lastIndexOf("\n") + 1)
      .replace(/\x1b\[[0-9;]*[A-Za-z]/g, "");
    return displayWidth(prompt) + displayWidth(this.#characters.slice(0, at).join(""));
  }

  *#move(to: number): Steps<void> {
    const from = this.#width(this.#cursor);
    const target = this.#width(to);
    this.#cursor = to;
    const rows = Math.floor(target / this.#columns) - Math.floor(from / this.#columns);
    const columns = (target % this.#columns) - (from % this.#columns);
    this.#row += rows;
    const vertical = rows < 0 ? `\x1b[${-rows}A` : rows > 0 ? `\x1b[${rows}B` : "";
    const horizontal = columns < 0 ? `\x1b[${-columns}D` : columns > 0 ? `\x1b[${columns}C` : "";
    if (vertical + horizontal !== "") yield* this.#write(vertical + horizontal);
  }

  *#redraw(): Steps<void> {
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : "";
    const prompt = this.#prompt.slice(this.#prompt.lastIndexOf("\n") + 1);
    yield* this.#write(`${up}\r\x1b[J${prompt}${this.#characters.join("")}`);
    const end = this.#width(this.#characters.length);
    // A line that fills its row leaves the cursor there; a blank takes it to the next.
    if (end > 0 && end % this.#columns === 0) yield* this.#write(" \r");
    this.#row = Math.floor(end / this.#columns);
    const cursor = this.#cursor;
    this.#cursor = this.#characters.length;
    yield* this.#move(cursor);
  }
}

/** The choices below each other, in as many columns as there is room for, as busybox lists them. */
function columnsOf(names: readonly string[], width: number): string {
  const column = Math.max(...names.map(displayWidth)) + 2;
  const perRow = Math.max(Math.floor(width / column), 1);
  const rows = Math.ceil(names.length / perRow);
  let listing = "";
  for (let row = 0; row < rows; row++) {
    const shown = names.filter((_, at) => at % rows === row);
    listing += shown
      .map((name, at) => (at === shown.length - 1 ? name : name + " ".repeat(column - displayWidth(name))))
      .join("");
    listing += "\n";
  }
  return listing;
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function concatBytes(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}

function commonPrefix(texts: readonly string[]): string {
  let prefix = texts[0] ?? "";
  for (const text of texts) while (!text.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}
