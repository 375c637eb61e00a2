/** Shell patterns (* ? […]) as regular expressions. In a pattern, a character after a backslash stands for itself. */

const classes: Record<string, string> = {
  alpha: "\\p{L}", digit: "0-9", alnum: "\\p{L}\\p{N}", upper: "\\p{Lu}", lower: "\\p{Ll}", space: "\\s", blank: " \\t",
  punct: "!-\\/:-@\\[-`{-~", cntrl: "\\x00-\\x1f\\x7f", xdigit: "0-9A-Fa-f", print: "\\x20-\\x7e\\u{a0}-\\u{10ffff}",
  graph: "\\x21-\\x7e\\u{a1}-\\u{10ffff}",
}; // prettier-ignore

/** The characters of a POSIX class such as "alpha", for use within brackets of a RegExp with the u flag. */
export function characterClass(name: string): string | undefined {
  return classes[name];
}

/** `text` so that a pattern matches it as it is. */
export function quotePattern(text: string): string {
  return text.replace(/[\\*?[\]]/g, "\\$&");
}

/** Whether the pattern has anything but plain characters. */
export function hasWildcard(pattern: string): boolean {
  return /(^|[^\\])(\\\\)*[*?[]/.test(pattern);
}

/** The plain text of a pattern, its backslashes taken away. */
export function unquotePattern(pattern: string): string {
  return pattern.replace(/\\([^])/g, "$1");
}

export interface PatternOptions {
  /** * and ? do not match a slash. */
  pathname?: boolean;
  /** Stars match as little as they can. */
  lazy?: boolean;
}

/** The source of a RegExp (u flag) for `pattern`. */
export function patternSource(pattern: string, options: PatternOptions = {}): string {
  const any = options.pathname ? "[^/]" : "[^]";
  let source = "";
  let at = 0;
  const characters = [...pattern];
  while (at < characters.length) {
    const character = characters[at]!;
    at++;
    if (character === "*") source += any + (options.lazy ? "*?" : "*");
    else if (character === "?") source += any;
    else if (character === "[") {
      const bracket = bracketSource(characters, at);
      if (bracket) {
        source += bracket.source;
        at = bracket.end;
      } else source += "\\[";
    } else if (character === "\\" && at < characters.length) source += escape(characters[at++]!);
    else source += escape(character);
  }
  return source;
}

/** A RegExp that matches exactly what the pattern does. */
export function patternRegExp(pattern: string, options: PatternOptions = {}): RegExp {
  return new RegExp(`^${patternSource(pattern, options)}$`, "u");
}

export function matchesPattern(pattern: string, text: string): boolean {
  return hasWildcard(pattern) ? patternRegExp(pattern).test(text) : unquotePattern(pattern) === text;
}

function escape(character: string): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) ? "\\" + character : character;
}

/** The bracket expression after "["; undefined when there is no end to it. */
function bracketSource(characters: string[], from: number): { source: string; end: number } | undefined {
  let at = from;
  let body = "";
  const negated = characters[at] === "!" || characters[at] === "^";
  if (negated) at++;
  for (let first = true; ; first = false) {
    const character = characters[at];
    if (character === undefined) return undefined;
    if (character === "]" && !first) break;
    at++;
    if (character === "[" && characters[at] === ":") {
      const end = characters.indexOf(":", at + 1);
      const set =
        end > 0 && characters[end + 1] === "]" ? classes[characters.slice(at + 1, end).join("")] : undefined;
      if (set) {
        body += set;
        at = end + 2;
        continue;
      }
    }
    let plain = character;
    if (character === "\\" && at < characters.length) plain = characters[at++]!;
    if (
      plain === "-" &&
      character === "-" &&
      !first &&
      characters[at] !== "]" &&
      body !== "" &&
      !body.endsWith("\\-")
    )
      body += "-";
    else body += /[\\\]^\-[&~|(){}/]/.test(plain) ? "\\" + plain : plain;
  }
  return { source: `[${negated ? "^" : ""}${body}]`, end: at + 1 };
}
