/**
 * The regular expression of a shell pattern in ${x#pattern} and its like: `?` and `*`, without brackets.
 * Throws an Error for an escape that means nothing.
 */
export function patternExpression(pattern: string, options: { greedy: boolean; anchored: boolean }): RegExp {
  let source = options.anchored ? "^" : "";
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    let character = characters[at]!;
    if (character === "*") {
      source += options.greedy ? ".*" : ".*?";
      continue;
    }
    if (character === "?") {
      source += ".";
      continue;
    }
    if (character === "\\") {
      const next = characters[at + 1];
      // "}" and "/" had to be escaped to stand within ${}; the escape is no part of the pattern.
      if (next === "}" || next === "/") continue;
      if (next !== "*" && next !== "?" && next !== "\\")
        throw new Error(`invalid escape '\\${next ?? "\ufffd"}'`);
      source += "\\";
      character = next;
      at++;
    } else if ("[]{}.+()|^$".includes(character)) {
      source += "\\";
    }
    source += character === "/" ? "\\/" : character;
  }
  return new RegExp(source, "u");
}

/** `value` without the shortest (or, greedy, the longest) beginning that matches. */
export function trimPrefix(pattern: string, value: string, greedy: boolean): string {
  let expression: RegExp;
  try {
    expression = patternExpression(pattern, { greedy, anchored: true });
  } catch (error) {
    throw new Error(`invalid pattern (${pattern}) in substitution: ${(error as Error).message}`);
  }
  return value.replace(expression, "");
}

/** `value` without the shortest (or, greedy, the longest) end that matches: both turned round, it is a beginning. */
export function trimSuffix(pattern: string, value: string, greedy: boolean): string {
  const turned: string[] = [];
  const characters = [...pattern];
  for (let at = 0; at < characters.length; at++) {
    if (characters[at] === "\\" && at + 1 < characters.length) turned.unshift("\\", characters[++at]!);
    else turned.unshift(characters[at]!);
  }
  const reverse = (text: string) => [...text].reverse().join("");
  return reverse(trimPrefix(turned.join(""), reverse(value), greedy));
}
