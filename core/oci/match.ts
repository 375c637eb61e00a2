/** A pattern of Go's path.Match as a regular expression: `*` and `?` do not match "/". Throws "syntax error in pattern". */
export function pathPattern(pattern: string): RegExp {
  let source = "";
  let at = 0;
  const bad = () => new Error("syntax error in pattern");
  const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
  /** One character of a class, perhaps escaped. */
  const member = (): string => {
    if (pattern[at] === "-" || pattern[at] === "]") throw bad();
    if (pattern[at] === "\\") at++;
    const character = pattern[at++];
    if (character === undefined || at >= pattern.length) throw bad();
    return literal(character);
  };
  while (at < pattern.length) {
    const character = pattern[at++]!;
    if (character === "*") source += "[^/]*";
    else if (character === "?") source += "[^/]";
    else if (character === "\\") {
      if (at === pattern.length) throw bad();
      source += literal(pattern[at++]!);
    } else if (character === "[") {
      let members = pattern[at] === "^" ? (at++, "^") : "";
      let ranges = 0;
      while (pattern[at] !== "]" || ranges === 0) {
        const low = member();
        members += pattern[at] === "-" ? (at++, `${low}-${member()}`) : low;
        ranges++;
      }
      at++;
      source += `[${members}]`;
    } else source += literal(character);
  }
  try {
    return new RegExp(`^${source}$`, "su");
  } catch {
    return /(?!)/;
  }
}
