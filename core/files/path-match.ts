/** A pattern of Go's filepath.Match as a regular expression. Throws an Error for one that is malformed. */
export function matchExpression(pattern: string): RegExp {
  const bad = () => new Error("syntax error in pattern");
  const characters = [...pattern];
  let at = 0;
  const literal = (inClass: boolean): string => {
    let character = characters[at++];
    if (character === undefined || (inClass && (character === "-" || character === "]"))) throw bad();
    if (character === "\\") character = characters[at++];
    if (character === undefined) throw bad();
    return character.replace(inClass ? /[\\^[\]-]/ : /[\\^$.*+?()[\]{}|/]/, "\\$&");
  };
  let source = "";
  while (at < characters.length) {
    const character = characters[at]!;
    if (character === "*" || character === "?") {
      at++;
      source += character === "*" ? "[^/]*" : "[^/]";
    } else if (character === "[") {
      at++;
      const negated = characters[at] === "^";
      if (negated) at++;
      let ranges = "";
      while (ranges === "" || characters[at] !== "]") {
        const low = literal(true);
        let high = low;
        if (characters[at] === "-") {
          at++;
          high = literal(true);
        }
        if (at >= characters.length) throw bad();
        const [from, to] = [
          low.codePointAt(low.length > 1 ? 1 : 0)!,
          high.codePointAt(high.length > 1 ? 1 : 0)!,
        ];
        // A range the wrong way round matches nothing.
        if (from <= to) ranges += `${low}-${high}`;
        else ranges += "\\u0000";
      }
      at++;
      source += negated ? `(?![${ranges}])[^/]` : `(?!\\/)[${ranges}]`;
    } else {
      source += literal(false);
    }
  }
  return new RegExp(`^${source}$`, "su");
}

/** Whether a path matches a pattern of Go's filepath.Match; a malformed one matches nothing. */
export function matchesPath(pattern: string, path: string): boolean {
  try {
    return matchExpression(pattern).test(path);
  } catch {
    return false;
  }
}

/** Whether a source of COPY is to be compared with names. */
export function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\./gs, ""));
}
