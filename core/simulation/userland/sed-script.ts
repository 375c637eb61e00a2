import { posixRegex } from "./posix-regex.ts";

export type SedAddress =
  | { type: "line"; line: number }
  | { type: "last" }
  | { type: "step"; first: number; step: number }
  | { type: "plus"; count: number }
  | { type: "multiple"; of: number }
  | { type: "pattern"; regex: RegExp | undefined };

export interface SedCommand {
  from?: SedAddress;
  to?: SedAddress;
  negated: boolean;
  letter: string;
  /** a, i, c: the lines; b, t, T, ":": the label; r, w: the file; q: the status. */
  text: string;
  regex?: RegExp | undefined;
  replacement?: SedPiece[];
  global?: boolean;
  nth?: number;
  print?: boolean;
  file?: string;
  /** y: what each character becomes. */
  map?: Map<string, string>;
  /** Of `{`: the place after its `}`. */
  end?: number;
  /** Whether a range that began goes on. */
  active?: boolean;
  /** The line where the range ends, once it is known. */
  until?: number;
}

/** A piece of a replacement: text, a group (0 is &), or a change of case. */
export type SedPiece = string | { group: number } | { fold: "U" | "L" | "u" | "l" | "E" };

/** A script that cannot be read. `at` counts characters of the expression, from 1. */
export class SedError extends Error {
  override name = "SedError";
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Parses a script. Throws SedError (in GNU's words) and RegexError. */
export function parseSedScript(script: string, extended: boolean): SedCommand[] {
  return new SedParser(script, extended).parse();
}

class SedParser {
  readonly #text: string;
  readonly #extended: boolean;
  #at = 0;

  constructor(text: string, extended: boolean) {
    this.#text = text;
    this.#extended = extended;
  }

  parse(): SedCommand[] {
    const commands: SedCommand[] = [];
    const open: number[] = [];
    for (;;) {
      while (/[\s;]/.test(this.#peek())) this.#at++;
      if (this.#peek() === "") break;
      if (this.#peek() === "#") {
        this.#line();
        continue;
      }
      const command = this.#command();
      if (command.letter === "}") {
        const start = open.pop();
        if (start === undefined) this.#fail("unexpected `}'");
        commands[start!]!.end = commands.length;
        this.#finish();
        continue;
      }
      if (command.letter === "{") open.push(commands.length);
      commands.push(command);
    }
    if (open.length > 0) throw new SedError("unmatched `{'", 0);
    return commands;
  }

  #peek(): string {
    return this.#text[this.#at] ?? "";
  }

  #fail(message: string): never {
    throw new SedError(message, this.#at);
  }

  #blanks(): void {
    while (/[ \t]/.test(this.#peek())) this.#at++;
  }

  #line(): string {
    const end = this.#text.indexOf("\n", this.#at);
    const line = this.#text.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#text.length : end + 1;
    return line;
  }

  #address(second: boolean): SedAddress | undefined {
    const character = this.#peek();
    const number = () => {
      const digits = /^\d*/.exec(this.#text.slice(this.#at))![0];
      this.#at += digits.length;
      return Number(digits);
    };
    if (/\d/.test(character)) {
      const line = number();
      if (this.#peek() !== "~" || second) return { type: "line", line };
      this.#at++;
      return { type: "step", first: line, step: number() };
    }
    if (character === "$") {
      this.#at++;
      return { type: "last" };
    }
    if (second && (character === "+" || character === "~")) {
      this.#at++;
      return character === "+" ? { type: "plus", count: number() } : { type: "multiple", of: number() };
    }
    if (character !== "/" && character !== "\\") return undefined;
    this.#at++;
    const delimiter = character === "/" ? "/" : this.#text[this.#at++]!;
    const pattern = this.#delimited(delimiter, true, "unterminated address regex");
    let flags = "";
    while (/[IM]/.test(this.#peek())) flags += this.#text[this.#at++];
    return { type: "pattern", regex: this.#regex(pattern, flags) };
  }

  /** An empty pattern is the last one that was used: undefined. */
  #regex(pattern: string, flags: string): RegExp | undefined {
    if (pattern === "") return undefined;
    return posixRegex(pattern, {
      extended: this.#extended,
      ignoreCase: /[Ii]/.test(flags),
      multiline: /[Mm]/.test(flags),
      global: true,
      newlineEscape: true,
    });
  }

  /** The text up to a delimiter, which is taken; within a regex a bracket hides it. */
  #delimited(delimiter: string, regex: boolean, problem: string): string {
    let text = "";
    let bracket = false;
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined || (character === "\n" && regex && !bracket)) {
        this.#at = Math.min(this.#at - 1, this.#text.length);
        this.#fail(problem);
      }
      if (character === delimiter && !bracket) return text;
      if (character === "\\" && !bracket) {
        const next = this.#text[this.#at++];
        if (next === undefined) this.#fail(problem);
        if (next === delimiter)
          text += regex && /[.*[\]^$+?(){}|]/.test(next) && next !== "|" && next !== "," ? "\\" + next : next;
        else if (next === "\n") text += regex ? "\n" : "\\\n";
        else text += "\\" + next;
        continue;
      }
      if (regex) {
        if (bracket && character === "]") bracket = false;
        else if (!bracket && character === "[") {
          bracket = true;
          text += character;
          if (this.#peek() === "^") text += this.#text[this.#at++];
          if (this.#peek() === "]") text += this.#text[this.#at++];
          continue;
        } else if (bracket && character === "[" && /[:.=]/.test(this.#peek())) {
          const kind = this.#peek();
          const end = this.#text.indexOf(kind + "]", this.#at + 1);
          if (end > 0) {
            text += this.#text.slice(this.#at - 1, end + 2);
            this.#at = end + 2;
            continue;
          }
        }
      }
      text += character;
    }
  }

  #command(): SedCommand {
    const from = this.#address(false);
    let to: SedAddress | undefined;
    this.#blanks();
    if (from && this.#peek() === ",") {
      this.#at++;
      this.#blanks();
      to = this.#address(true);
      if (!to) {
        this.#at++;
        this.#fail("unexpected `,'");
      }
      this.#blanks();
    }
    let negated = false;
    while (this.#peek() === "!") {
      negated = true;
      this.#at++;
      this.#blanks();
    }
    const letter = this.#text[this.#at++] ?? "";
    const command: SedCommand = {
      ...(from ? { from } : {}),
      ...(to ? { to } : {}),
      negated,
      letter,
      text: "",
    };
    if (letter === "" || letter === "\n" || letter === ";") {
      if (letter === "") this.#at--;
      this.#fail("missing command");
    }
    if ("{".includes(letter)) return command;
    if ("}=dDgGhHnNpPxzF".includes(letter)) {
      if (letter === "}" && from) this.#fail("} doesn't want any addresses");
      if (letter !== "}") this.#finish();
      return command;
    }
    if ("aic".includes(letter)) command.text = this.#textArgument();
    else if (letter === ":") {
      if (from) this.#fail(": doesn't want any addresses");
      this.#blanks();
      command.text = /^[^\s;]*/.exec(this.#text.slice(this.#at))![0];
      this.#at += command.text.length;
      if (command.text === "") this.#fail('":" lacks a label');
    } else if ("btT".includes(letter)) {
      this.#blanks();
      command.text = /^[^\s;}]*/.exec(this.#text.slice(this.#at))![0];
      this.#at += command.text.length;
      this.#finish();
    } else if ("rRwW".includes(letter)) {
      this.#blanks();
      command.text = this.#line();
      if (command.text === "") this.#fail("missing filename in r/R/w/W commands");
    } else if ("qQlL".includes(letter)) {
      this.#blanks();
      command.text = /^\d*/.exec(this.#text.slice(this.#at))![0];
      this.#at += command.text.length;
      this.#finish();
    } else if (letter === "s") this.#substitution(command);
    else if (letter === "y") this.#transliteration(command);
    else this.#fail(`unknown command: \`${letter}'`);
    return command;
  }

  /** After a command only blanks, a semicolon, a newline or a closing brace may come. */
  #finish(): void {
    this.#blanks();
    const character = this.#peek();
    if (character === "" || character === "}" || character === "#") return;
    if (character !== ";" && character !== "\n") {
      this.#at++;
      this.#fail("extra characters after command");
    }
    this.#at++;
  }

  #textArgument(): string {
    this.#blanks();
    if (this.#peek() === "\\") {
      this.#at++;
      this.#blanks();
      if (this.#peek() === "\n") this.#at++;
    } else if (this.#peek() === "" || this.#peek() === "\n") this.#fail("expected \\ after `a', `c' or `i'");
    let text = "";
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++]!;
      if (character === "\n") break;
      if (character === "\\" && this.#at < this.#text.length) {
        const next = this.#text[this.#at++]!;
        text += next === "t" ? "\t" : next;
      } else text += character;
    }
    return text + "\n";
  }

  #substitution(command: SedCommand): void {
    const delimiter = this.#text[this.#at++];
    if (delimiter === undefined || delimiter === "\n" || delimiter === "\\")
      this.#fail("unterminated `s' command");
    const pattern = this.#delimited(delimiter!, true, "unterminated `s' command");
    const replacement = this.#delimited(delimiter!, false, "unterminated `s' command");
    let flags = "";
    for (;;) {
      const flag = this.#peek();
      if (flag === "g") command.global = true;
      else if (flag === "p") command.print = true;
      else if (/[iImM]/.test(flag) && flag !== "") flags += flag;
      else if (/\d/.test(flag)) {
        const digits = /^\d+/.exec(this.#text.slice(this.#at))![0];
        this.#at += digits.length - 1;
        command.nth = Number(digits);
        if (command.nth === 0) this.#fail("number option to `s' command may not be zero");
      } else if (flag === "w") {
        this.#at++;
        this.#blanks();
        command.file = this.#line();
        break;
      } else if (flag !== "" && !/[;\n}#\s]/.test(flag)) {
        this.#at++;
        this.#fail("unknown option to `s'");
      } else {
        this.#finish();
        break;
      }
      this.#at++;
    }
    command.regex = this.#regex(pattern, flags);
    command.replacement = parseReplacement(replacement);
  }

  #transliteration(command: SedCommand): void {
    const delimiter = this.#text[this.#at++] ?? "";
    const unescape = (text: string) => [
      ...text.replace(/\\(n|t|\\|[^])/g, (_, letter: string) => ({ n: "\n", t: "\t" })[letter] ?? letter),
    ];
    const from = unescape(this.#delimited(delimiter, false, "unterminated `y' command"));
    const to = unescape(this.#delimited(delimiter, false, "unterminated `y' command"));
    if (from.length !== to.length) this.#fail("strings for `y' command are different lengths");
    command.map = new Map(from.map((character, at) => [character, to[at]!]));
    this.#finish();
  }
}

function parseReplacement(text: string): SedPiece[] {
  const pieces: SedPiece[] = [];
  const add = (literal: string) => {
    if (typeof pieces.at(-1) === "string") pieces[pieces.length - 1] += literal as never;
    else pieces.push(literal);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "&") pieces.push({ group: 0 });
    else if (character !== "\\") add(character);
    else {
      const next = text[++at] ?? "\\";
      if (/\d/.test(next)) pieces.push({ group: Number(next) });
      else if (/[ULulE]/.test(next)) pieces.push({ fold: next as "U" });
      else add({ n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", a: "\x07" }[next] ?? next);
    }
  }
  return pieces;
}
