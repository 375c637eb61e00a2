import { Errno } from "../../files/filesystem.ts";
import type { Stat } from "../kernel/calls.ts";
import { sys } from "../kernel/syscalls.ts";
import { matchesPattern } from "./pattern.ts";
import type { Steps } from "./shell.ts";

/** A mistake in the expression of test(1). */
export class TestError extends Error {
  override name = "TestError";
  readonly kind:
    | "argument expected"
    | "bad number"
    | "unknown operand"
    | "closing paren"
    | "unary operator expected"
    | "binary operator expected"
    | "too many arguments";
  readonly operand: string;
  constructor(kind: TestError["kind"], operand: string) {
    super(kind);
    this.kind = kind;
    this.operand = operand;
  }
}

const unaryFile = "bcdefghkLOGprSsuwxNt";
const binary = new Set([
  "=",
  "==",
  "!=",
  "<",
  ">",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
  "=~",
]);

/** Whether the expression of `test` (without a closing bracket) holds. `double`: that of `[[ ]]`. Throws TestError. */
export function* evaluateTest(args: readonly string[], double = false): Steps<boolean> {
  const test = new Test(args, double);
  return yield* test.run();
}

class Test {
  #at = 0;
  readonly #args: readonly string[];
  readonly #double: boolean;

  constructor(args: readonly string[], double: boolean) {
    this.#args = args;
    this.#double = double;
  }

  *run(): Steps<boolean> {
    const args = this.#args;
    if (args.length === 0) return false;
    // POSIX decides by the number of arguments, up to four.
    if (args.length === 1) return args[0] !== "";
    if (args.length === 3 && binary.has(args[1]!)) return yield* this.#binary(args[0]!, args[1]!, args[2]!);
    if (args.length === 4 && args[0] === "!" && binary.has(args[2]!))
      return !(yield* this.#binary(args[1]!, args[2]!, args[3]!));
    const value = yield* this.#or();
    if (this.#at < args.length) throw new TestError("unknown operand", args[this.#at]!);
    return value;
  }

  *#or(): Steps<boolean> {
    let value = yield* this.#and();
    while (this.#args[this.#at] === "-o" || (this.#double && this.#args[this.#at] === "||")) {
      this.#at++;
      const right = yield* this.#and();
      value ||= right;
    }
    return value;
  }

  *#and(): Steps<boolean> {
    let value = yield* this.#not();
    while (this.#args[this.#at] === "-a" || (this.#double && this.#args[this.#at] === "&&")) {
      this.#at++;
      const right = yield* this.#not();
      value &&= right;
    }
    return value;
  }

  *#not(): Steps<boolean> {
    if (
      this.#args[this.#at] !== "!" ||
      this.#at + 1 >= this.#args.length ||
      (binary.has(this.#args[this.#at + 1]!) && this.#args[this.#at + 2] !== undefined)
    )
      return yield* this.#primary();
    this.#at++;
    return !(yield* this.#not());
  }

  *#primary(): Steps<boolean> {
    const word = this.#args[this.#at];
    if (word === undefined) throw new TestError("argument expected", this.#args[this.#at - 1] ?? "");
    const next = this.#args[this.#at + 1];
    if (word === "(" && next !== undefined && !(binary.has(next) && this.#args[this.#at + 2] !== undefined)) {
      this.#at++;
      const value = yield* this.#or();
      if (this.#args[this.#at++] !== ")") throw new TestError("closing paren", "");
      return value;
    }
    if (next !== undefined && binary.has(next)) {
      const right = this.#args[this.#at + 2];
      if (right === undefined) throw new TestError("argument expected", next);
      this.#at += 3;
      return yield* this.#binary(word, next, right);
    }
    if (/^-[a-zA-Z]$/.test(word) && (unaryFile + "zn").includes(word[1]!)) {
      if (next === undefined) {
        this.#at++;
        if (this.#args.length > 1) throw new TestError("argument expected", word);
        return true;
      }
      this.#at += 2;
      if (word === "-z") return next === "";
      if (word === "-n") return next !== "";
      return yield* fileTest(word[1]!, next);
    }
    this.#at++;
    return word !== "";
  }

  *#binary(left: string, operator: string, right: string): Steps<boolean> {
    switch (operator) {
      case "=":
      case "==":
        return this.#double ? matchesPattern(right, left) : left === right;
      case "!=":
        return this.#double ? !matchesPattern(right, left) : left !== right;
      case "=~":
        return new RegExp(right, "u").test(left);
      case "<":
        return left < right;
      case ">":
        return left > right;
      case "-nt":
      case "-ot":
      case "-ef":
        return yield* compareFiles(left, operator, right);
    }
    const [a, b] = [number(left), number(right)];
    if (operator === "-eq") return a === b;
    if (operator === "-ne") return a !== b;
    if (operator === "-lt") return a < b;
    if (operator === "-le") return a <= b;
    return operator === "-gt" ? a > b : a >= b;
  }
}

function number(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError("bad number", text);
  return BigInt(text.trim().replace(/^\+/, ""));
}

function* compareFiles(left: string, operator: string, right: string): Steps<boolean> {
  const [a, b] = [yield* statOf(left), yield* statOf(right)];
  if (operator === "-ef") return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
  if (operator === "-ot") return b !== undefined && (a === undefined || a.mtime < b.mtime);
  return a !== undefined && (b === undefined || a.mtime > b.mtime);
}

function* statOf(path: string, link = false): Steps<Stat | undefined> {
  try {
    return link ? yield* sys.lstat(path) : yield* sys.stat(path);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

const kinds: Record<string, string> = {
  b: "block",
  c: "character",
  d: "directory",
  f: "file",
  p: "fifo",
  S: "socket",
};

function* fileTest(letter: string, operand: string): Steps<boolean> {
  if (letter === "t") {
    try {
      return yield* sys.isatty(Number(operand));
    } catch (error) {
      if (error instanceof Errno) return false;
      throw error;
    }
  }
  if (letter === "h" || letter === "L") return (yield* statOf(operand, true))?.kind === "symlink";
  const stat = yield* statOf(operand);
  if (!stat) return false;
  if (letter in kinds) return stat.kind === kinds[letter];
  if (letter === "e") return true;
  if (letter === "s") return stat.size > 0;
  if (letter === "g") return (stat.mode & 0o2000) !== 0;
  if (letter === "u") return (stat.mode & 0o4000) !== 0;
  if (letter === "k") return (stat.mode & 0o1000) !== 0;
  if (letter === "N") return stat.mtime > stat.atime;
  if (letter === "O" || letter === "G") {
    const { euid, egid } = yield* sys.getuid();
    return letter === "O" ? stat.uid === euid : stat.gid === egid;
  }
  try {
    yield* sys.access(operand, letter);
    return true;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
