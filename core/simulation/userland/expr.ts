import { posixRegex } from "./posix-regex.ts";
import type { UserProgram } from "./user-program.ts";

class ExprError extends Error {}

export const expr: UserProgram = {
  names: ["expr"],
  usage: "EXPRESSION",
  summary: "Print the value of EXPRESSION",
  *main(io) {
    const args = io.args[0] === "--" ? io.args.slice(1) : io.args;
    if (args.length === 0) {
      if (io.busybox) {
        return yield* io.fail("too few arguments", 2);
      }
      yield* io.complain("missing operand", 2);
      return yield* io.usage(2);
    }
    try {
      const value = new Expression(args, io.busybox).run();
      yield* io.print(value + "\n");
      return value === "" || value === "0" ? 1 : 0;
    } catch (error) {
      if (error instanceof ExprError) return yield* io.fail(error.message, 2);
      throw error;
    }
  },
};

const levels = [["|"], ["&"], ["<", "<=", "=", "==", "!=", ">=", ">"], ["+", "-"], ["*", "/", "%"], [":"]];

class Expression {
  #at = 0;
  readonly #args: readonly string[];
  readonly #busybox: boolean;

  constructor(args: readonly string[], busybox: boolean) {
    this.#args = args;
    this.#busybox = busybox;
  }

  run(): string {
    const value = this.#level(0);
    if (this.#at < this.#args.length)
      throw new ExprError(
        this.#busybox ? "syntax error" : `syntax error: unexpected argument ‘${this.#args[this.#at]}’`,
      );
    return value;
  }

  #level(level: number): string {
    const operators = levels[level];
    if (!operators) return this.#primary();
    let left = this.#level(level + 1);
    for (;;) {
      const operator = this.#args[this.#at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      left = this.#apply(operator, left, this.#level(level + 1));
    }
  }

  #primary(): string {
    const word = this.#args[this.#at++];
    if (word === undefined)
      throw new ExprError(
        this.#busybox ? "syntax error" : `syntax error: missing argument after ‘${this.#args[this.#at - 2]}’`,
      );
    if (word === "(") {
      const value = this.#level(0);
      if (this.#args[this.#at++] !== ")")
        throw new ExprError(this.#busybox ? "syntax error" : "syntax error: expecting ')' instead");
      return value;
    }
    if (this.#at < this.#args.length) {
      if (word === "length") return String([...this.#primary()].length);
      if (word === "match") return this.#match(this.#primary(), this.#primary());
      if (word === "index") {
        const [text, set] = [[...this.#primary()], this.#primary()];
        return String(text.findIndex((character) => set.includes(character)) + 1);
      }
      if (word === "substr") {
        const [text, from, length] = [[...this.#primary()], Number(this.#primary()), Number(this.#primary())];
        return from > 0 && length > 0 ? text.slice(from - 1, from - 1 + length).join("") : "";
      }
    }
    return word;
  }

  #match(text: string, pattern: string): string {
    const match = posixRegex("^" + pattern.replace(/^\^/, ""), { newlineEscape: false }).exec(text);
    if (/\\\(/.test(pattern)) return match?.[1] ?? "";
    return String(match ? [...match[0]].length : 0);
  }

  #apply(operator: string, left: string, right: string): string {
    const truth = (text: string) => text !== "" && !/^-?0+$/.test(text);
    if (operator === "|") return truth(left) ? left : truth(right) ? right : "0";
    if (operator === "&") return truth(left) && truth(right) ? left : "0";
    if (operator === ":") return this.#match(left, right);
    const numeric = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
    if (levels[2]!.includes(operator)) {
      const order = numeric
        ? BigInt(left) < BigInt(right)
          ? -1
          : BigInt(left) > BigInt(right)
            ? 1
            : 0
        : left < right
          ? -1
          : left > right
            ? 1
            : 0;
      const holds = {
        "<": order < 0,
        "<=": order <= 0,
        "=": order === 0,
        "==": order === 0,
        "!=": order !== 0,
        ">=": order >= 0,
        ">": order > 0,
      }[operator];
      return holds ? "1" : "0";
    }
    if (!numeric) throw new ExprError("non-integer argument");
    const [a, b] = [BigInt(left), BigInt(right)];
    if ((operator === "/" || operator === "%") && b === 0n) throw new ExprError("division by zero");
    return String(
      operator === "+"
        ? a + b
        : operator === "-"
          ? a - b
          : operator === "*"
            ? a * b
            : operator === "/"
              ? a / b
              : a % b,
    );
  }
}
