import { cleanPath } from "../files/clean-path.ts";
import { matchExpression } from "../files/path-match.ts";

/** The patterns of a .dockerignore file, clean: "# …" and empty lines are gone, "/x" is "x", "!x" takes back. */
export function readIgnoreFile(file: string): string[] {
  const patterns: string[] = [];
  for (const line of file.replace(/^\ufeff/, "").split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const pattern = line.trim();
    if (pattern === "") continue;
    const back = pattern.startsWith("!");
    let path = back ? pattern.slice(1).trim() : pattern;
    if (path !== "") {
      path = cleanPath(path);
      if (path.length > 1 && path.startsWith("/")) path = path.slice(1);
    }
    patterns.push(back ? `!${path}` : path);
  }
  return patterns;
}

/** Decides which paths of a context are left out. The last pattern that matches counts. */
export class IgnorePatterns {
  readonly #patterns: { takesBack: boolean; matches(path: string): boolean }[] = [];
  /** Some pattern takes back: what is left out may have something below it that is not. */
  readonly takesBack: boolean;

  /** Throws an Error with Docker's text for a malformed pattern. */
  constructor(patterns: readonly string[]) {
    for (const written of patterns) {
      const pattern = written.trim();
      if (pattern === "") continue;
      const clean = cleanPath(pattern);
      if (clean === "!") throw new Error('illegal exclusion pattern: "!"');
      const takesBack = clean.startsWith("!");
      const path = takesBack ? clean.slice(1) : clean;
      matchExpression(path);
      this.#patterns.push({ takesBack, matches: matcher(path) });
    }
    this.takesBack = this.#patterns.some((pattern) => pattern.takesBack);
  }

  /** Whether `path` (relative, with slashes) is left out: by itself or with a directory above it. */
  excludes(path: string): boolean {
    const clean = cleanPath(path);
    // Everything cannot be left out.
    if (clean === ".") return false;
    const parts = clean.split("/");
    const above = parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join("/"));
    let excluded = false;
    for (const { takesBack, matches } of this.#patterns)
      if (takesBack === excluded && (matches(clean) || above.some(matches))) excluded = !takesBack;
    return excluded;
  }
}

/** "**" stands for any number of directories; the rest is as in filepath.Match. */
function matcher(pattern: string): (path: string) => boolean {
  const characters = [...pattern];
  let source = "";
  let kind: "exact" | "prefix" | "suffix" | "expression" = "exact";
  for (let at = 0; at < characters.length; at++) {
    const first = at === 0;
    const character = characters[at]!;
    if (character === "*" && characters[at + 1] === "*") {
      at++;
      if (characters[at + 1] === "/") at++;
      if (at + 1 < characters.length) {
        source += "(.*\\/)?";
        kind = "expression";
      } else if (kind === "exact") {
        kind = "prefix";
      } else {
        source += ".*";
        kind = "expression";
      }
      if (first) kind = "suffix";
    } else if (character === "*" || character === "?") {
      source += character === "*" ? "[^/]*" : "[^/]";
      kind = "expression";
    } else if (character === "\\" && at + 1 < characters.length) {
      source += characters[++at]!.replace(/[^A-Za-z0-9]/, "\\$&");
      kind = "expression";
    } else if (character === "[" || character === "]") {
      source += character;
      kind = "expression";
    } else {
      source += character.replace(/[\\.+(){}|$/]/, "\\$&");
    }
  }
  if (kind === "exact") return (path) => path === pattern;
  if (kind === "prefix") return (path) => path.startsWith(pattern.slice(0, -2));
  if (kind === "suffix") {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }
  const expression = new RegExp(`^${source}$`, "s");
  return (path) => expression.test(path);
}
