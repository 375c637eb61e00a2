import { characterClass } from "../shell/pattern.ts";

/** A regular expression that cannot be read; the message is regcomp's. */
export class RegexError extends Error {
  override name = "RegexError";
}

export interface RegexOptions {
  /** ERE instead of BRE. */
  extended?: boolean;
  ignoreCase?: boolean;
  /** ^ and $ match at lines within the text too. */
  multiline?: boolean;
  /** Find all: the g flag. */
  global?: boolean;
  /** `\n` is a newline, as in sed and awk. */
  newlineEscape?: boolean;
  /** Text as it is: grep -F. */
  fixed?: boolean;
  /** The whole text or line must match (-x); whole words only (-w). */
  whole?: "line" | "word";
}

/** A POSIX regular expression (with GNU's \w \b \< \+ …) as a RegExp. Throws RegexError. */
export function posixRegex(pattern: string, options: RegexOptions = {}): RegExp {
  const flags =
    "u" + (options.ignoreCase ? "i" : "") + (options.multiline ? "m" : "") + (options.global ? "g" : "");
  let source = options.fixed ? [...pattern].map(literal).join("") : new Translation(pattern, options).run();
  if (options.whole === "line") source = `^(?:${source})$`;
  else if (options.whole === "word") source = `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
  try {
    return new RegExp(source, flags);
  } catch {
    throw new RegexError("Invalid regular expression");
  }
}

/** A character that stands for itself. */
function literal(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? "\\" + character : character;
}

const wordCharacter = "[\\p{L}\\p{N}_]";

class Translation {
  readonly #characters: string[];
  readonly #extended: boolean;
  readonly #options: RegexOptions;
  #at = 0;
  #groups = 0;
  #open = 0;

  constructor(pattern: string, options: RegexOptions) {
    this.#characters = [...pattern];
    this.#extended = options.extended ?? false;
    this.#options = options;
  }

  run(): string {
    const source = this.#alternatives();
    if (this.#at < this.#characters.length) throw new RegexError("Unmatched ) or \\)");
    return source;
  }

  /** What is next: an operator by its name in EREs ("(", ")", "|", "{"), or undefined. */
  #operator(): string | undefined {
    const character = this.#characters[this.#at];
    if (this.#extended) return character !== undefined && "()|{".includes(character) ? character : undefined;
    const next = this.#characters[this.#at + 1];
    return character === "\\" && next !== undefined && "()|{".includes(next) ? next : undefined;
  }

  #takeOperator(): void {
    this.#at += this.#extended ? 1 : 2;
  }

  #alternatives(): string {
    const parts: { source: string; plain: boolean }[] = [this.#branch()];
    while (this.#operator() === "|") {
      this.#takeOperator();
      parts.push(this.#branch());
    }
    // POSIX wants the longest match where a RegExp takes the first alternative that does.
    if (parts.length > 1 && parts.every((part) => part.plain))
      parts.sort((left, right) => right.source.length - left.source.length);
    return parts.map((part) => part.source).join("|");
  }

  #branch(): { source: string; plain: boolean } {
    let source = "";
    let plain = true;
    let atom = "";
    let first = true;
    const flush = () => {
      source += atom;
      atom = "";
    };
    for (; this.#at < this.#characters.length; first = false) {
      const operator = this.#operator();
      if (operator === "|") break;
      if (operator === ")") {
        if (this.#open > 0) break;
        if (!this.#extended) throw new RegexError("Unmatched ) or \\)");
      }
      if (operator === "(") {
        flush();
        atom = this.#group();
        plain = false;
        continue;
      }
      const character = this.#characters[this.#at]!;
      const repeat = first && !this.#extended ? undefined : this.#repetition(operator, atom === "" && first);
      if (repeat !== undefined) {
        if (atom !== "")
          source +=
            /[*+?}]$/.test(atom) && !/^(\\.|\[)/.test(atom) && atom.length > 1
              ? `(?:${atom})${repeat}`
              : atom + repeat;
        else if (source !== "")
          source = `(?:${source})${repeat}`.replace(
            /^\(\?:(.*)\)(.*)$/s,
            (_, inner: string, last: string) => `(?:${inner})${last}`,
          );
        atom = "";
        plain = false;
        continue;
      }
      flush();
      if (character === "^" && (this.#extended || first)) {
        this.#at++;
        source += "^";
        plain = false;
        // In a BRE a star after the anchor stands for itself.
        if (!this.#extended && this.#characters[this.#at] === "*") {
          this.#at++;
          atom = "\\*";
        }
        continue;
      }
      if (character === "$" && (this.#extended || this.#atEnd(1))) {
        this.#at++;
        source += "$";
        plain = false;
        continue;
      }
      const next = this.#atom();
      if (!/^(\\?[^])$/u.test(next)) plain = false;
      atom = next;
    }
    flush();
    return { source, plain };
  }

  /** Whether a BRE, or a group of it, ends `ahead` characters on. */
  #atEnd(ahead: number): boolean {
    const rest = this.#characters.slice(this.#at + ahead, this.#at + ahead + 2).join("");
    return rest === "" || rest === "\\)" || rest === "\\|";
  }

  #group(): string {
    this.#takeOperator();
    this.#groups++;
    this.#open++;
    const inner = this.#alternatives();
    if (this.#operator() !== ")") throw new RegexError("Unmatched ( or \\(");
    this.#takeOperator();
    this.#open--;
    return `(${inner})`;
  }

  /** A repetition as a RegExp writes it, if one is next. */
  #repetition(operator: string | undefined, nothingBefore: boolean): string | undefined {
    const character = this.#characters[this.#at]!;
    const escaped =
      !this.#extended &&
      character === "\\" &&
      (this.#characters[this.#at + 1] === "+" || this.#characters[this.#at + 1] === "?");
    if (character === "*" || (this.#extended && (character === "+" || character === "?")) || escaped) {
      this.#at += escaped ? 2 : 1;
      if (nothingBefore) return "";
      let result = escaped ? this.#characters[this.#at - 1]! : character;
      // `a**` is `a*`.
      while (this.#characters[this.#at] === "*" && result === "*") this.#at++;
      if (result === "+" && this.#characters[this.#at] === "?" && this.#extended) {
        this.#at++;
        result = "*";
      }
      return result;
    }
    if (operator !== "{") return undefined;
    const rest = this.#characters.slice(this.#at, this.#at + 24).join("");
    const interval = (this.#extended ? /^\{(\d*)(,?)(\d*)\}/ : /^\\\{(\d*)(,?)(\d*)\\\}/).exec(rest);
    if (!interval || (interval[1] === "" && interval[2] === "")) {
      if (this.#extended) return undefined;
      throw new RegexError("Unmatched \\{");
    }
    if (Number(interval[1]) > 32767 || (interval[3] !== "" && Number(interval[1]) > Number(interval[3])))
      throw new RegexError("Invalid content of \\{\\}");
    this.#at += interval[0].length;
    return `{${interval[1] || "0"}${interval[2]}${interval[3]}}`;
  }

  #atom(): string {
    const character = this.#characters[this.#at++]!;
    if (character === ".") return "[^]";
    if (character === "[") return this.#bracket();
    if (character !== "\\") return literal(character);
    const escaped = this.#characters[this.#at++];
    if (escaped === undefined) throw new RegexError("Trailing backslash");
    if (/[1-9]/.test(escaped)) {
      if (Number(escaped) > this.#groups) throw new RegexError("Invalid back reference");
      // A digit that follows must not become part of the number.
      return `(?:\\${escaped})`;
    }
    switch (escaped) {
      case "w": return wordCharacter;
      case "W": return "[^\\p{L}\\p{N}_]";
      case "s": return "\\s";
      case "S": return "\\S";
      case "b": return "\\b";
      case "B": return "\\B";
      case "<": return `(?<!${wordCharacter})(?=${wordCharacter})`;
      case ">": return `(?<=${wordCharacter})(?!${wordCharacter})`;
      case "`": return "(?<![^])";
      case "'": return "(?![^])";
      case "n": return this.#options.newlineEscape ? "\\n" : "n";
      case "t": return this.#options.newlineEscape ? "\\t" : "t";
      case "r": return this.#options.newlineEscape ? "\\r" : "r";
      case "f": return this.#options.newlineEscape ? "\\f" : "f";
      case "v": return this.#options.newlineEscape ? "\\v" : "v";
      case "x": return this.#options.newlineEscape ? this.#hexadecimal() : "x";
      default: return literal(escaped);
    }
  } // prettier-ignore

  /** \xHH, a character by its number, which is never an operator. */
  #hexadecimal(): string {
    const digits = /^[0-9a-fA-F]{0,2}/.exec(this.#characters.slice(this.#at, this.#at + 2).join(""))![0];
    this.#at += digits.length;
    return literal(digits === "" ? "x" : String.fromCharCode(parseInt(digits, 16)));
  }

  #bracket(): string {
    const characters = this.#characters;
    let body = "";
    const negated = characters[this.#at] === "^";
    if (negated) this.#at++;
    for (let first = true; ; first = false) {
      const character = characters[this.#at++];
      if (character === undefined) throw new RegexError("Unmatched [, [^, [:, [., or [=");
      if (character === "]" && !first) break;
      if (character === "[" && ":.=".includes(characters[this.#at] ?? " ")) {
        const kind = characters[this.#at]!;
        const end = this.#closing(kind);
        const name = characters.slice(this.#at + 1, end).join("");
        this.#at = end + 2;
        if (kind !== ":") body += inBracket(name);
        else {
          const set = characterClass(name);
          if (set === undefined) throw new RegexError("Invalid character class name");
          body += set;
        }
        continue;
      }
      let low = character;
      if (
        character === "\\" &&
        this.#options.newlineEscape &&
        "nt\\]".includes(characters[this.#at] ?? " ") &&
        characters[this.#at] !== "]"
      ) {
        low = { n: "\n", t: "\t", "\\": "\\" }[characters[this.#at]!]!;
        if (low !== "\\" || characters[this.#at] === "\\") this.#at++;
      }
      if (
        characters[this.#at] === "-" &&
        characters[this.#at + 1] !== "]" &&
        characters[this.#at + 1] !== undefined
      ) {
        let high = characters[this.#at + 1]!;
        this.#at += 2;
        if (high === "[" && characters[this.#at] === ".") {
          const end = this.#closing(".");
          high = characters.slice(this.#at + 1, end).join("");
          this.#at = end + 2;
        }
        if (low.codePointAt(0)! > high.codePointAt(0)!) throw new RegexError("Invalid range end");
        body += `${inBracket(low)}-${inBracket(high)}`;
      } else body += inBracket(low);
    }
    return `[${negated ? "^" : ""}${body}]`;
  }

  #closing(kind: string): number {
    for (let at = this.#at + 1; at < this.#characters.length - 1; at++) {
      if (this.#characters[at] === kind && this.#characters[at + 1] === "]") return at;
    }
    throw new RegexError("Unmatched [, [^, [:, [., or [=");
  }
}

function inBracket(text: string): string {
  return text.replace(/[\\\]^\-[&~|(){}/]/g, "\\$&").replace(/\n/g, "\\n");
}
