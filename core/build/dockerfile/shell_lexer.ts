import { goQuote } from "../gotext.ts";
import { patternExpression, trimPrefix, trimSuffix } from "./pattern.ts";
import { isSpace } from "./space.ts";

/** A variable's value, or undefined when it is not set. */
export type Variables = (name: string) => string | undefined;

export interface LexerOptions {
  /** "\\" or "`". */
  escape: string;
  /** Keep quotes. */
  rawQuotes?: boolean;
  /** Keep escape characters. */
  rawEscapes?: boolean;
  /** Leave variables that are not set as they are written. */
  keepUnset?: boolean;
}

/** `text` with quotes removed and variables replaced, as one word. Throws an Error with Docker's text. */
export function expandWord(text: string, variables: Variables, options: LexerOptions): string {
  return new ShellLexer(text, variables, options).process().word;
}

/** The same, split at spaces that were not quoted, after the replacement. */
export function expandToWords(text: string, variables: Variables, options: LexerOptions): string[] {
  return new ShellLexer(text, variables, options).process().words;
}

/**
 * Docker's own small shell: quotes, escapes, $x, ${x}, ${x:-word}, ${x-word}, ${x:+word}, ${x+word}, ${x:?word},
 * ${x?word}, ${x#pattern}, ${x##pattern}, ${x%pattern}, ${x%%pattern}, ${x/pattern/text}, ${x//pattern/text}.
 */
class ShellLexer {
  readonly #source: string;
  readonly #characters: string[];
  readonly #variables: Variables;
  readonly #options: LexerOptions;
  #at = 0;
  #rawEscapes: boolean;
  /** The word being gathered. One for all depths: Docker's own lexer forgets the word before a ${x:-…} too. */
  #word = "";

  constructor(text: string, variables: Variables, options: LexerOptions) {
    this.#source = text;
    this.#characters = [...text];
    this.#variables = variables;
    this.#options = options;
    this.#rawEscapes = options.rawEscapes ?? false;
  }

  process(): { word: string; words: string[] } {
    try {
      return this.#until(undefined, this.#rawEscapes);
    } catch (error) {
      throw new Error(`failed to process ${goQuote(this.#source)}: ${(error as Error).message}`);
    }
  }

  #peek(): string | undefined {
    return this.#characters[this.#at];
  }

  #next(): string | undefined {
    return this.#characters[this.#at++];
  }

  #until(stop: string | undefined, rawEscapes: boolean): { word: string; words: string[] } {
    const outerRawEscapes = this.#rawEscapes;
    this.#rawEscapes = rawEscapes;
    try {
      return this.#gather(stop);
    } finally {
      this.#rawEscapes = outerRawEscapes;
    }
  }

  #gather(stop: string | undefined): { word: string; words: string[] } {
    let result = "";
    const words: string[] = [];
    let inWord = false;
    this.#word = "";
    const addRaw = (text: string) => {
      this.#word += text;
      inWord = true;
    };
    const add = (text: string) => {
      for (const character of text) {
        if (!isSpace(character)) addRaw(character);
        else if (inWord && this.#word !== "") {
          words.push(this.#word);
          this.#word = "";
          inWord = false;
        }
      }
    };
    const end = () => {
      if (this.#word !== "") words.push(this.#word);
      this.#word = "";
      return { word: result, words };
    };

    for (let character = this.#peek(); character !== undefined; character = this.#peek()) {
      if (character === stop) {
        this.#next();
        return end();
      }
      if (character === "$") {
        const value = this.#dollar();
        result += value;
        add(value);
      } else if (character === "'" || character === '"' || character === "<") {
        const piece =
          character === "'" ? this.#singleQuoted() : character === '"' ? this.#doubleQuoted() : this.#less();
        result += piece;
        addRaw(piece);
      } else if (character === this.#options.escape) {
        this.#next();
        if (this.#rawEscapes) {
          addRaw(character);
          result += character;
        }
        const escaped = this.#next();
        if (escaped === undefined) break;
        addRaw(escaped);
        result += escaped;
      } else {
        this.#next();
        add(character);
        result += character;
      }
    }
    if (stop !== undefined) throw new Error(`unexpected end of statement while looking for matching ${stop}`);
    return end();
  }

  #singleQuoted(): string {
    const raw = this.#options.rawQuotes ?? false;
    this.#next();
    let text = raw ? "'" : "";
    for (;;) {
      const character = this.#next();
      if (character === undefined)
        throw new Error("unexpected end of statement while looking for matching single-quote");
      if (character === "'") return raw ? text + "'" : text;
      text += character;
    }
  }

  #doubleQuoted(): string {
    const raw = this.#options.rawQuotes ?? false;
    this.#next();
    let text = raw ? '"' : "";
    for (;;) {
      const character = this.#peek();
      if (character === undefined)
        throw new Error("unexpected end of statement while looking for matching double-quote");
      if (character === "$") {
        text += this.#dollar();
        continue;
      }
      this.#next();
      if (character === '"') return raw ? text + '"' : text;
      if (character !== this.#options.escape) {
        text += character;
        continue;
      }
      if (this.#rawEscapes) text += character;
      const escaped = this.#peek();
      if (escaped === undefined) continue;
      // Within double quotes only these can be escaped; before anything else the escape character stands for itself.
      if (escaped === '"' || escaped === "$" || escaped === this.#options.escape) text += this.#next()!;
      else text += character;
    }
  }

  /** "<<" with the blanks after it: a heredoc's word belongs to it. */
  #less(): string {
    this.#next();
    if (this.#peek() !== "<") return "<";
    this.#next();
    let text = "<<";
    while (this.#peek() === "\t" || this.#peek() === "\r" || this.#peek() === " ") text += this.#next()!;
    return text;
  }

  #dollar(): string {
    this.#next();
    if (this.#peek() !== "{") {
      const name = this.#name();
      if (name === "") return "$";
      return this.#variables(name) ?? (this.#options.keepUnset ? `$${name}` : "");
    }
    this.#next();
    const first = this.#peek();
    if (first === undefined) throw new Error("syntax error: missing '}'");
    if (first === "{" || first === "}" || first === ":") throw new Error("syntax error: bad substitution");
    const name = this.#name();
    const modifier = this.#next();
    const value = this.#variables(name);
    switch (modifier) {
      case "}":
        return value ?? (this.#options.keepUnset ? `\${${name}}` : "");
      case ":":
        return this.#modified(name, value, this.#next(), true);
      case "+":
      case "-":
      case "?":
      case "#":
      case "%":
        return this.#modified(name, value, modifier, false);
      case "/":
        return this.#replaced(name, value);
      default:
        throw new Error(`unsupported modifier (${modifier ?? "\ufffd"}) in substitution`);
    }
  }

  #modified(
    name: string,
    value: string | undefined,
    modifier: string | undefined,
    emptyIsUnset: boolean,
  ): string {
    const written = (emptyIsUnset ? ":" : "") + (modifier ?? "\ufffd");
    const trims = modifier === "#" || modifier === "%";
    if (emptyIsUnset && trims) throw new Error(`unsupported modifier (${written}) in substitution`);
    const word = this.#closing("}", trims, "syntax error: missing '}'");
    if (this.#options.keepUnset && value === undefined) return `\${${name}${written}${word}}`;
    const unset = value === undefined || (emptyIsUnset && value === "");
    switch (modifier) {
      case "-":
        return unset ? word : value;
      case "+":
        return unset ? "" : word;
      case "?":
        if (value === undefined) throw new Error(`${name}: ${word || "is not allowed to be unset"}`);
        if (unset) throw new Error(`${name}: ${word || "is not allowed to be empty"}`);
        return value;
      case "#":
      case "%": {
        const greedy = word.startsWith(modifier);
        const pattern = greedy ? word.slice(1) : word;
        return (modifier === "#" ? trimPrefix : trimSuffix)(pattern, value ?? "", greedy);
      }
      default:
        throw new Error(`unsupported modifier (${written}) in substitution`);
    }
  }

  #replaced(name: string, value: string | undefined): string {
    const all = this.#peek() === "/";
    if (all) this.#next();
    const pattern = this.#closing("/", true, "syntax error: missing '/' in ${}");
    const replacement = this.#closing("}", true, "syntax error: missing '}'");
    if (this.#options.keepUnset && value === undefined) return `\${${name}/${pattern}/${replacement}}`;
    let expression: RegExp;
    try {
      expression = patternExpression(pattern, { greedy: true, anchored: false });
    } catch (error) {
      throw new Error(`invalid pattern (${pattern}) in substitution: ${(error as Error).message}`);
    }
    if (all) expression = new RegExp(expression.source, "gu");
    return (value ?? "").replace(expression, () => replacement);
  }

  #closing(stop: string, rawEscapes: boolean, missing: string): string {
    try {
      return this.#until(stop, rawEscapes).word;
    } catch (error) {
      throw this.#peek() === undefined ? new Error(missing) : error;
    }
  }

  /** A name, a number, or one of the shell's special parameters. */
  #name(): string {
    const first = this.#peek();
    if (first === undefined) return "";
    if (!/\p{Nd}/u.test(first) && "@*#?-$!".includes(first)) return this.#next()!;
    const belongs = /\p{Nd}/u.test(first) ? /\p{Nd}/u : /[\p{L}\p{Nd}_]/u;
    let name = "";
    for (
      let character: string | undefined = first;
      character !== undefined && belongs.test(character);
      character = this.#peek()
    )
      name += this.#next()!;
    return name;
  }
}
