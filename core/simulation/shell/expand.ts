import { readTextFile } from "../kernel/io.ts";
import { Errno } from "../../files/filesystem.ts";
import { ArithmeticError, evaluateArithmetic } from "./arithmetic.ts";
import { substituteCommand } from "./evaluate.ts";
import { Fields } from "./fields.ts";
import { ShellFailure } from "./flow.ts";
import { globPaths } from "./glob.ts";
import { expandParameter } from "./parameters.ts";
import { hasWildcard, quotePattern, unquotePattern } from "./pattern.ts";
import type { Shell, Steps } from "./shell.ts";
import { plainText } from "./syntax.ts";
import type { Word, WordPart } from "./syntax.ts";
import { expandBraces } from "./braces.ts";

/** The arguments that words expand to: split, with file names in the place of patterns. */
export function* expandWords(shell: Shell, words: readonly Word[]): Steps<string[]> {
  const results: string[] = [];
  for (const word of words) {
    const plain = plainText(word);
    if (plain !== undefined && !/[~*?[{\\]/.test(plain)) {
      results.push(plain);
      continue;
    }
    for (const each of shell.dialect === "bash" ? expandBraces(word) : [word]) {
      const fields = new Fields(true, shell.variables.get("IFS"));
      yield* expandInto(shell, each, fields, "fields");
      fields.end();
      for (const pattern of fields.list) {
        if (shell.options.has("noglob") || !hasWildcard(pattern)) results.push(unquotePattern(pattern));
        else {
          const paths = yield* globPaths(pattern);
          if (paths.length === 0) results.push(unquotePattern(pattern));
          else results.push(...paths);
        }
      }
    }
  }
  return results;
}

/** A word as one text: of assignments, redirections, here-documents. */
export function* expandText(shell: Shell, word: Word, assignment = false): Steps<string> {
  const plain = plainText(word);
  if (plain !== undefined && !plain.includes("~") && !plain.includes("\\")) return plain;
  return unquotePattern(yield* expandPattern(shell, word, assignment));
}

/** A word as one pattern; what was quoted is escaped in it. */
export function* expandPattern(shell: Shell, word: Word, assignment = false): Steps<string> {
  const fields = new Fields(false);
  yield* expandInto(shell, word, fields, assignment ? "assignment" : "text");
  fields.end();
  return fields.list[0] ?? "";
}

/** Expands the parts of a word into `fields`. */
export function* expandInto(
  shell: Shell,
  word: Word,
  fields: Fields,
  mode: "fields" | "text" | "assignment",
): Steps<void> {
  // "$@" with no parameters gives no field, though its quotes are there.
  const vanishes =
    shell.positional.length === 0 &&
    word.some((part) => part.type === "parameter" && part.name === "@" && part.quoted && !part.operation);
  for (const [at, part] of word.entries()) {
    if (part.type === "literal") {
      if (part.quoted) {
        if (part.text !== "" || !vanishes) fields.addQuoted(part.text);
      } else fields.addLiteral(yield* expandTildes(shell, part.text, at === 0, at === word.length - 1, mode));
    } else yield* expandPart(shell, part, fields);
  }
}

function* expandPart(
  shell: Shell,
  part: Exclude<WordPart, { type: "literal" }>,
  fields: Fields,
): Steps<void> {
  if (part.type === "parameter") return yield* expandParameter(shell, part, fields);
  const text =
    part.type === "command"
      ? yield* substituteCommand(shell, part.body)
      : yield* arithmetic(shell, yield* expandText(shell, part.expression));
  if (part.quoted) fields.addQuoted(text);
  else fields.addExpanded(text);
}

/** The value of $((expression)). */
export function* arithmetic(shell: Shell, expression: string): Steps<string> {
  try {
    const get = (name: string) => {
      const value = shell.variables.get(name);
      if (value === undefined && shell.options.has("nounset"))
        throw new ShellFailure(`${name}: parameter not set`);
      return value;
    };
    return String(
      evaluateArithmetic(expression, { get, set: (name, value) => shell.variables.set(name, value) }),
    );
  } catch (error) {
    if (!(error instanceof ArithmeticError)) throw error;
    throw new ShellFailure(
      arithmeticMessage(shell, error.message, expression),
      shell.dialect === "bash" ? 1 : 2,
    );
  }
}

function arithmeticMessage(shell: Shell, problem: string, expression: string): string {
  if (shell.dialect === "dash") {
    return problem.startsWith("Illegal number")
      ? problem
      : `arithmetic expression: ${problem}: "${expression}"`;
  }
  if (shell.dialect === "bash") {
    if (problem === "division by zero")
      return `${expression}: division by 0 (error token is "${expression.split(/[/%]/).at(-1)!.trim()}")`;
    return `${expression}: syntax error: operand expected (error token is "${expression.trim().slice(-1)}")`;
  }
  return problem === "division by zero" ? "divide by zero" : "arithmetic syntax error";
}

function* expandTildes(
  shell: Shell,
  text: string,
  first: boolean,
  last: boolean,
  mode: string,
): Steps<string> {
  if (!text.includes("~")) return text;
  const pieces = mode === "assignment" ? text.split(":") : [text];
  for (const [at, piece] of pieces.entries()) {
    if (!piece.startsWith("~") || (at === 0 && !first)) continue;
    const [user = ""] = /^[^/]*/.exec(piece.slice(1))!;
    // A quoted part that follows directly belongs to the name, which is then none.
    if (user.length === piece.length - 1 && at === pieces.length - 1 && !last) continue;
    const home = user === "" ? shell.variables.get("HOME") : yield* homeOf(user);
    if (home !== undefined) pieces[at] = quotePattern(home) + piece.slice(1 + user.length);
  }
  return pieces.join(":");
}

function* homeOf(user: string): Steps<string | undefined> {
  try {
    for (const line of (yield* readTextFile("/etc/passwd")).split("\n")) {
      const fields = line.split(":");
      if (fields[0] === user) return fields[5];
    }
    return undefined;
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}
