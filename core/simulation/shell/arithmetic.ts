/** A mistake in an arithmetic expression: "division by zero", "expecting primary", "expecting EOF"… */
export class ArithmeticError extends Error {
  override name = "ArithmeticError";
}

export interface ArithmeticVariables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

const tokenPattern =
  /\s*(?:(0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z]+|\d+)|([A-Za-z_]\w*)|(<<=|>>=|\*\*|&&|\|\||<<|>>|<=|>=|==|!=|\+\+|--|[-+*/%&|^]=|[-+*/%<>=!~&|^?:(),]))/y;

const binaryLevels = [
  ["||"],
  ["&&"],
  ["|"],
  ["^"],
  ["&"],
  ["==", "!="],
  ["<", ">", "<=", ">="],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];
const assignments = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="]);

/** The value of a shell arithmetic expression, in 64 bits with sign. Throws ArithmeticError. */
export function evaluateArithmetic(expression: string, variables: ArithmeticVariables): bigint {
  return new Evaluation(expression, variables).run();
}

/** A number as the shell reads it: decimal, octal (0…), hexadecimal (0x…), or BASE#DIGITS. Undefined for what is none. */
export function parseShellNumber(text: string): bigint | undefined {
  const match = /^\s*([-+]?)(?:(0[xX][0-9a-fA-F]+)|0([0-7]*)|([1-9]\d*)|(\d+)#([0-9a-zA-Z]+))\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign, hexadecimal, octal, decimal, base, digits] = match;
  let value = 0n;
  if (hexadecimal) value = BigInt(hexadecimal);
  else if (octal !== undefined) value = octal === "" ? 0n : BigInt("0o" + octal);
  else if (decimal) value = BigInt(decimal);
  else for (const digit of digits!) value = value * BigInt(base!) + BigInt(parseInt(digit, 36));
  return BigInt.asIntN(64, sign === "-" ? -value : value);
}

class Evaluation {
  readonly #text: string;
  readonly #variables: ArithmeticVariables;
  #tokens: string[] = [];
  #at = 0;
  /** Above 0 while a branch that does not count (of ?:, && or ||) is read: nothing is assigned there. */
  #skipping = 0;

  constructor(text: string, variables: ArithmeticVariables) {
    this.#text = text;
    this.#variables = variables;
  }

  run(): bigint {
    const { length } = this.#text.trimEnd();
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < length) {
      const from = tokenPattern.lastIndex;
      const match = tokenPattern.exec(this.#text);
      if (!match)
        throw new ArithmeticError(
          from === 0 || this.#tokens.length === 0 ? "expecting primary" : "expecting EOF",
        );
      this.#tokens.push(match[1] ?? match[2] ?? match[3]!);
    }
    if (this.#tokens.length === 0) return 0n;
    const value = this.#comma();
    if (this.#at < this.#tokens.length) throw new ArithmeticError("expecting EOF");
    return value;
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }

  #take(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at++;
    return true;
  }

  #comma(): bigint {
    let value = this.#assignment();
    while (this.#take(",")) value = this.#assignment();
    return value;
  }

  #assignment(): bigint {
    const name = this.#peek();
    const operator = this.#tokens[this.#at + 1];
    if (
      name === undefined ||
      !/^[A-Za-z_]/.test(name) ||
      operator === undefined ||
      !assignments.has(operator)
    ) {
      return this.#conditional();
    }
    this.#at += 2;
    const right = this.#assignment();
    return this.#store(
      name,
      operator === "=" ? right : this.#apply(operator.slice(0, -1), this.#load(name), right),
    );
  }

  #conditional(): bigint {
    const condition = this.#binary(0);
    if (!this.#take("?")) return condition;
    const yes = this.#branch(condition !== 0n, () => this.#comma());
    if (!this.#take(":")) throw new ArithmeticError("expecting ':'");
    const no = this.#branch(condition === 0n, () => this.#assignment());
    return condition !== 0n ? yes : no;
  }

  #branch(counts: boolean, read: () => bigint): bigint {
    if (!counts) this.#skipping++;
    const value = read();
    if (!counts) this.#skipping--;
    return value;
  }

  #binary(level: number): bigint {
    const operators = binaryLevels[level];
    if (!operators) return this.#power();
    let left = this.#binary(level + 1);
    for (;;) {
      const operator = this.#peek();
      if (operator === undefined || !operators.includes(operator)) return left;
      this.#at++;
      if (operator === "&&" || operator === "||") {
        const right = this.#branch((left !== 0n) === (operator === "&&"), () => this.#binary(level + 1));
        left = operator === "&&" ? bit(left !== 0n && right !== 0n) : bit(left !== 0n || right !== 0n);
      } else left = this.#apply(operator, left, this.#binary(level + 1));
    }
  }

  #power(): bigint {
    const base = this.#unary();
    if (!this.#take("**")) return base;
    const exponent = this.#power();
    if (exponent < 0n) throw new ArithmeticError("exponent less than 0");
    return BigInt.asIntN(64, base ** exponent);
  }

  #unary(): bigint {
    if (this.#take("-")) return BigInt.asIntN(64, -this.#unary());
    if (this.#take("+")) return this.#unary();
    if (this.#take("!")) return bit(this.#unary() === 0n);
    if (this.#take("~")) return ~this.#unary();
    for (const [operator, step] of [
      ["++", 1n],
      ["--", -1n],
    ] as const) {
      if (!this.#take(operator)) continue;
      const name = this.#peek();
      if (name === undefined || !/^[A-Za-z_]/.test(name)) throw new ArithmeticError("expecting primary");
      this.#at++;
      return this.#store(name, this.#load(name) + step);
    }
    return this.#primary();
  }

  #primary(): bigint {
    const token = this.#peek();
    if (this.#take("(")) {
      const value = this.#comma();
      if (!this.#take(")")) throw new ArithmeticError("expecting ')'");
      return value;
    }
    if (token === undefined || !/^\w/.test(token)) throw new ArithmeticError("expecting primary");
    this.#at++;
    if (/^\d/.test(token)) return parseShellNumber(token) ?? fail(`Illegal number: ${token}`);
    const value = this.#load(token);
    if (this.#take("++")) this.#store(token, value + 1n);
    else if (this.#take("--")) this.#store(token, value - 1n);
    return value;
  }

  #load(name: string): bigint {
    const text = this.#variables.get(name);
    if (text === undefined || text.trim() === "") return 0n;
    const number = parseShellNumber(text);
    if (number !== undefined) return number;
    // A variable may hold the name of another one, or an expression.
    if (/^[A-Za-z_]\w*$/.test(text) && text !== name) return this.#load(text);
    return fail(`Illegal number: ${text}`);
  }

  #store(name: string, value: bigint): bigint {
    const stored = BigInt.asIntN(64, value);
    if (this.#skipping === 0) this.#variables.set(name, String(stored));
    return stored;
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    switch (operator) {
      case "|": return left | right;
      case "^": return left ^ right;
      case "&": return left & right;
      case "==": return bit(left === right);
      case "!=": return bit(left !== right);
      case "<": return bit(left < right);
      case ">": return bit(left > right);
      case "<=": return bit(left <= right);
      case ">=": return bit(left >= right);
      case "<<": return BigInt.asIntN(64, left << (right & 63n));
      case ">>": return left >> (right & 63n);
      case "+": return BigInt.asIntN(64, left + right);
      case "-": return BigInt.asIntN(64, left - right);
      case "*": return BigInt.asIntN(64, left * right);
    }
    if (right === 0n) return this.#skipping > 0 ? 0n : fail("division by zero");
    return BigInt.asIntN(64, operator === "/" ? left / right : left % right);
  } // prettier-ignore
}

function bit(value: boolean): bigint {
  return value ? 1n : 0n;
}

function fail(message: string): never {
  throw new ArithmeticError(message);
}
