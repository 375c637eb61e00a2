import { goQuote } from "../gotext.ts";
import { isSpace, splitBlanks, trimLeadingSpace } from "./space.ts";

/** An instruction's arguments, split as its form says. */
export interface Arguments {
  args: string[];
  /** They were a JSON list. */
  json: boolean;
}

/** How the text after an instruction's name and flags is split. Throws an Error with Docker's text. */
export type ArgumentForm = (text: string, escape: string) => Arguments;

const plain = (...args: string[]): Arguments => ({ args, json: false });

/** The whole text as one argument. */
export const oneText: ArgumentForm = (text) => (text === "" ? plain() : plain(text));

/** Parts between blanks. */
export const blankSeparated: ArgumentForm = (text) => (text === "" ? plain() : plain(...splitBlanks(text)));

/** Words; quotes are kept, blanks within them do not split. */
export const words: ArgumentForm = (text, escape) => plain(...splitWords(text, escape));

/** A JSON list of strings, else the whole text. */
export const jsonOrText: ArgumentForm = (text, escape) => jsonList(text) ?? oneText(text, escape);

/** A JSON list of strings, else parts between blanks. */
export const jsonOrBlankSeparated: ArgumentForm = (text, escape) =>
  jsonList(text) ?? blankSeparated(text, escape);

/** A first word, then a JSON list of strings or a text. */
export const wordThenJsonOrText: ArgumentForm = (text, escape) => {
  let end = 0;
  while (end < text.length && !isSpace(text[end])) end++;
  if (end === 0) return plain();
  const { args, json } = jsonOrText(trimLeadingSpace(text.slice(end)), escape);
  return { args: [text.slice(0, end), ...args], json };
};

/** Pairs: NAME=value …, or the old form NAME value. Gives name, value, name, value … */
export const pairs =
  (instruction: string): ArgumentForm =>
  (text, escape) => {
    const list = splitWords(text, escape);
    if (list.length === 0) return plain();
    if (!list[0]!.includes("=")) {
      const [name, value] = splitBlanks(text, 2);
      if (value === undefined) throw new Error(`${instruction} must have two arguments`);
      return plain(name!, value);
    }
    return plain(
      ...list.flatMap((word) => {
        const equals = word.indexOf("=");
        if (equals < 0)
          throw new Error(`Syntax error - can't find = in ${goQuote(word)}. Must be of the form: name=value`);
        return [word.slice(0, equals), word.slice(equals + 1)];
      }),
    );
  };

/** undefined when the text is no JSON list; a list with anything but strings in it is an error. */
function jsonList(text: string): Arguments | undefined {
  const rest = trimLeadingSpace(text);
  if (!rest.startsWith("[")) return undefined;
  let list: unknown;
  try {
    list = JSON.parse(rest);
  } catch {
    return undefined;
  }
  if (!Array.isArray(list)) return undefined;
  if (!list.every((item) => typeof item === "string"))
    throw new Error("when using JSON array syntax, arrays must be comprised of strings only");
  return { args: list, json: true };
}

function splitWords(text: string, escape: string): string[] {
  const list: string[] = [];
  const characters = [...text];
  let at = 0;
  for (;;) {
    while (isSpace(characters[at])) at++;
    if (at >= characters.length) return list;
    let word = "";
    let quote = "";
    let quoted = false;
    for (; at < characters.length; at++) {
      const character = characters[at]!;
      if (quote === "" && isSpace(character)) break;
      if (quote === "" && (character === "'" || character === '"')) {
        quote = character;
        quoted = true;
      } else if (character === quote) {
        quote = "";
      } else if (character === escape && quote !== "'") {
        // At the very end it stands for nothing; elsewhere it stays, with what it escapes.
        if (at + 1 === characters.length) continue;
        word += character + characters[++at]!;
        continue;
      }
      word += character;
    }
    if (quoted || word !== "") list.push(word);
  }
}
