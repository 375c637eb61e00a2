import { expandToWords } from "./shell_lexer.ts";

/** A document that follows its instruction, as <<NAME announces it. */
export interface Heredoc {
  name: string;
  /** The name was not quoted: variables in the content are replaced. */
  expand: boolean;
  /** <<-NAME: tabs at the beginning of its lines do not count. */
  chomp: boolean;
  content: string;
}

const nothing = () => undefined;

/** The heredoc that a single word announces (content still empty), or undefined. */
export function heredocOf(word: string): Heredoc | undefined {
  const match = /^(\d*)<<(-?)\s*([^<]*)$/.exec(word);
  if (!match?.[3]) return undefined;
  const words = expandToWords(match[3], nothing, { escape: "\\", keepUnset: true });
  if (words.length !== 1) return undefined;
  const raw = expandToWords(match[3], nothing, { escape: "\\", keepUnset: true, rawQuotes: true });
  const quotes = (text = "") => text.replace(/[^'"]/g, "").length;
  return {
    name: words[0]!,
    expand: quotes(words[0]) === quotes(raw[0]),
    chomp: match[2] === "-",
    content: "",
  };
}

/** Every heredoc that a line announces, in order. A line that cannot be split into words announces none. */
export function heredocsOf(line: string): Heredoc[] {
  let words: string[];
  try {
    words = expandToWords(line, nothing, {
      escape: "\\",
      keepUnset: true,
      rawQuotes: true,
      rawEscapes: true,
    });
  } catch {
    return [];
  }
  return words.flatMap((word) => heredocOf(word) ?? []);
}

/** `content` without the tabs at the beginning of its lines. */
export const chomped = (content: string) => content.replace(/^\t+/gm, "");
