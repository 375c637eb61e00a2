import { tokenizeAwk } from "./lexer.ts";
import type { AwkToken } from "./lexer.ts";
import { AwkSyntaxError } from "./syntax.ts";
import type { AwkExpression, AwkPattern, AwkProgram, AwkStatement } from "./syntax.ts";

/** Parses an awk program. Throws AwkSyntaxError. */
export function parseAwk(source: string): AwkProgram {
  return new AwkParser(tokenizeAwk(source)).program();
}

class AwkParser {
  readonly #tokens: AwkToken[];
  #at = 0;
  #ranges = 0;
  /** Above 0 within `print …`, where > is a redirection; parentheses set it back. */
  #noGreater = false;
  #noIn = false;

  constructor(tokens: AwkToken[]) {
    this.#tokens = tokens;
  }

  program(): AwkProgram {
    const program: AwkProgram = { rules: [], functions: new Map() };
    this.#newlines(true);
    while (this.#peek().type !== "end") {
      if (this.#is("function") || this.#is("func")) this.#function(program);
      else program.rules.push(this.#rule());
      this.#newlines(true);
    }
    return program;
  }

  #peek(ahead = 0): AwkToken {
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  #is(text: string): boolean {
    const token = this.#peek();
    return token.text === text && (token.type === "operator" || token.type === "keyword");
  }

  #take(text: string): boolean {
    if (!this.#is(text)) return false;
    this.#at++;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) this.#unexpected();
  }

  #unexpected(): never {
    const token = this.#peek();
    throw new AwkSyntaxError(token.type === "newline" ? "end of line" : token.text, token.line);
  }

  #newlines(semicolons = false): void {
    while (this.#peek().type === "newline" || (semicolons && this.#is(";"))) this.#at++;
  }

  #function(program: AwkProgram): void {
    this.#at++;
    const name = this.#peek();
    if (name.type !== "name" && name.type !== "function call") this.#unexpected();
    this.#at++;
    this.#expect("(");
    const parameters: string[] = [];
    while (!this.#take(")")) {
      if (this.#peek().type !== "name") this.#unexpected();
      parameters.push(this.#peek().text);
      this.#at++;
      this.#newlines();
      if (!this.#is(")")) this.#expect(",");
      this.#newlines();
    }
    this.#newlines();
    program.functions.set(name.text, { parameters, body: this.#block() });
  }

  #rule(): { pattern: AwkPattern; body: AwkStatement | undefined } {
    let pattern: AwkPattern = { type: "always" };
    if (this.#is("BEGIN") || this.#is("END")) {
      pattern = { type: this.#peek().text as "BEGIN" };
      this.#at++;
      this.#newlines();
    } else if (!this.#is("{")) {
      const from = this.#expression();
      if (this.#take(",")) {
        this.#newlines();
        pattern = { type: "range", from, to: this.#expression(), id: this.#ranges++ };
      } else pattern = { type: "expression", expression: from };
    }
    if (this.#is("{")) return { pattern, body: this.#block() };
    if (pattern.type === "BEGIN" || pattern.type === "END") this.#unexpected();
    return { pattern, body: undefined };
  }

  #block(): AwkStatement {
    this.#expect("{");
    const body: AwkStatement[] = [];
    this.#newlines(true);
    while (!this.#take("}")) {
      body.push(this.#statement());
      this.#newlines(true);
    }
    return { type: "block", body };
  }

  /** After a simple statement: a semicolon, a newline, or what closes it. */
  #terminator(): void {
    if (this.#is("}") || this.#peek().type === "end") return;
    if (this.#take(";")) return this.#newlines();
    if (this.#peek().type === "newline") return this.#newlines();
    this.#unexpected();
  }

  #statement(): AwkStatement {
    const token = this.#peek();
    if (this.#is("{")) return this.#block();
    if (token.type === "keyword") {
      switch (token.text) {
        case "if":
          return this.#if();
        case "while":
          return this.#while();
        case "do":
          return this.#do();
        case "for":
          return this.#for();
      }
    }
    if (this.#take(";")) return { type: "block", body: [] };
    const statement = this.#simple();
    this.#terminator();
    return statement;
  }

  #body(): AwkStatement {
    this.#newlines();
    return this.#statement();
  }

  #if(): AwkStatement {
    this.#at++;
    this.#expect("(");
    const condition = this.#expression();
    this.#expect(")");
    const then = this.#body();
    const back = this.#at;
    this.#newlines(true);
    if (this.#take("else")) return { type: "if", condition, then, otherwise: this.#body() };
    this.#at = back;
    return { type: "if", condition, then };
  }

  #while(): AwkStatement {
    this.#at++;
    this.#expect("(");
    const condition = this.#expression();
    this.#expect(")");
    if (this.#take(";")) return { type: "while", condition, body: { type: "block", body: [] }, after: false };
    return { type: "while", condition, body: this.#body(), after: false };
  }

  #do(): AwkStatement {
    this.#at++;
    const body = this.#body();
    this.#newlines(true);
    this.#expect("while");
    this.#expect("(");
    const condition = this.#expression();
    this.#expect(")");
    this.#terminator();
    return { type: "while", condition, body, after: true };
  }

  #for(): AwkStatement {
    this.#at++;
    this.#expect("(");
    if (
      this.#peek().type === "name" &&
      this.#peek(1).text === "in" &&
      this.#peek(2).type === "name" &&
      this.#peek(3).text === ")"
    ) {
      const variable: AwkExpression = { type: "variable", name: this.#peek().text };
      const array = this.#peek(2).text;
      this.#at += 4;
      return { type: "for in", variable, array, body: this.#body() };
    }
    const start = this.#is(";") ? undefined : this.#simple();
    this.#expect(";");
    this.#newlines();
    const condition = this.#is(";") ? undefined : this.#expression();
    this.#expect(";");
    this.#newlines();
    const step = this.#is(")") ? undefined : this.#simple();
    this.#expect(")");
    const body = this.#take(";") ? ({ type: "block", body: [] } as AwkStatement) : this.#body();
    return {
      type: "for",
      body,
      ...(start ? { start } : {}),
      ...(condition ? { condition } : {}),
      ...(step ? { step } : {}),
    };
  }

  #simple(): AwkStatement {
    const token = this.#peek();
    if (token.type === "keyword") {
      switch (token.text) {
        case "print":
        case "printf":
          return this.#print(token.text);
        case "next":
        case "nextfile":
        case "break":
        case "continue":
          this.#at++;
          return { type: token.text };
        case "exit":
        case "return": {
          this.#at++;
          const next = this.#peek();
          if (next.type === "newline" || next.type === "end" || this.#is(";") || this.#is("}"))
            return { type: token.text };
          return { type: token.text, value: this.#expression() };
        }
        case "delete": {
          this.#at++;
          const array = this.#peek().text;
          this.#at++;
          if (!this.#take("[")) return { type: "delete", array };
          const index = this.#list();
          this.#expect("]");
          return { type: "delete", array, index };
        }
      }
    }
    return { type: "expression", expression: this.#expression() };
  }

  #print(type: "print" | "printf"): AwkStatement {
    this.#at++;
    let args: AwkExpression[] = [];
    const ends = () =>
      this.#peek().type === "newline" ||
      this.#peek().type === "end" ||
      [";", "}", ">", ">>", "|"].some((text) => this.#is(text));
    if (!ends()) {
      const before = this.#noGreater;
      this.#noGreater = true;
      args = this.#list();
      this.#noGreater = before;
      const only = args[0];
      if (args.length === 1 && only!.type === "group" && only!.list.length > 1) args = only!.list;
    }
    for (const kind of [">>", ">", "|"] as const) {
      if (!this.#take(kind)) continue;
      const before = this.#noGreater;
      this.#noGreater = true;
      const target = this.#concatenation();
      this.#noGreater = before;
      return { type, args, to: { kind, target } };
    }
    return { type, args };
  }

  #list(): AwkExpression[] {
    const list = [this.#expression()];
    while (this.#take(",")) {
      this.#newlines();
      list.push(this.#expression());
    }
    return list;
  }

  #expression(): AwkExpression {
    const left = this.#conditional();
    const token = this.#peek();
    if (token.type === "operator" && /^([-+*/%^]|\*\*)?=$/.test(token.text)) {
      if (left.type !== "variable" && left.type !== "field" && left.type !== "element") this.#unexpected();
      this.#at++;
      this.#newlines();
      return {
        type: "assign",
        operator: token.text === "**=" ? "^" : token.text.slice(0, -1),
        target: left,
        value: this.#expression(),
      };
    }
    return left;
  }

  #conditional(): AwkExpression {
    const condition = this.#or();
    if (!this.#take("?")) return condition;
    this.#newlines();
    const yes = this.#expression();
    this.#newlines();
    this.#expect(":");
    this.#newlines();
    return { type: "conditional", condition, yes, no: this.#expression() };
  }

  #or(): AwkExpression {
    let left = this.#and();
    while (this.#take("||")) {
      this.#newlines();
      left = { type: "binary", operator: "||", left, right: this.#and() };
    }
    return left;
  }

  #and(): AwkExpression {
    let left = this.#in();
    while (this.#take("&&")) {
      this.#newlines();
      left = { type: "binary", operator: "&&", left, right: this.#in() };
    }
    return left;
  }

  #in(): AwkExpression {
    let left = this.#match();
    while (!this.#noIn && this.#is("in")) {
      this.#at++;
      const array = this.#peek().text;
      this.#at++;
      left = { type: "in", array, index: left.type === "group" ? left.list : [left] };
    }
    return left;
  }

  #match(): AwkExpression {
    let left = this.#comparison();
    while (this.#is("~") || this.#is("!~")) {
      const negated = this.#peek().text === "!~";
      this.#at++;
      left = { type: "match", negated, left, right: this.#comparison() };
    }
    return left;
  }

  #comparison(): AwkExpression {
    const left = this.#concatenation();
    const operators = this.#noGreater ? ["<", "<=", "==", "!=", ">="] : ["<", "<=", "==", "!=", ">", ">="];
    const token = this.#peek();
    if (token.type === "operator" && operators.includes(token.text)) {
      this.#at++;
      return { type: "binary", operator: token.text, left, right: this.#concatenation() };
    }
    // `"command" | getline`
    return this.#pipedGetline(left);
  }

  #pipedGetline(left: AwkExpression): AwkExpression {
    let result = left;
    while (this.#is("|") && this.#peek(1).text === "getline") {
      this.#at += 2;
      const target = this.#getlineTarget();
      result = { type: "getline", kind: "command", source: result, ...(target ? { target } : {}) };
    }
    return result;
  }

  #concatenation(): AwkExpression {
    let left = this.#additive();
    for (;;) {
      const token = this.#peek();
      const begins =
        ["number", "string", "name", "function call", "builtin"].includes(token.type) ||
        (token.type === "operator" &&
          ["(", "$", "!", "-", "+", "++", "--"].includes(token.text) &&
          !(token.text === "!" && this.#peek(1).text === "~"));
      if (!begins) return left;
      left = { type: "binary", operator: " ", left, right: this.#additive() };
    }
  }

  #additive(): AwkExpression {
    let left = this.#multiplicative();
    while (this.#is("+") || this.#is("-")) {
      const operator = this.#peek().text;
      this.#at++;
      left = { type: "binary", operator, left, right: this.#multiplicative() };
    }
    return left;
  }

  #multiplicative(): AwkExpression {
    let left = this.#unary();
    while (this.#is("*") || this.#is("/") || this.#is("%")) {
      const operator = this.#peek().text;
      this.#at++;
      left = { type: "binary", operator, left, right: this.#unary() };
    }
    return left;
  }

  #unary(): AwkExpression {
    for (const operator of ["!", "-", "+"]) {
      if (this.#take(operator)) return { type: "unary", operator, operand: this.#unary() };
    }
    return this.#power();
  }

  #power(): AwkExpression {
    const left = this.#postfix();
    if (!this.#is("^") && !this.#is("**")) return left;
    this.#at++;
    // To the right, and a sign may stand there: 2^-1.
    const right = this.#is("-") || this.#is("+") || this.#is("!") ? this.#unary() : this.#power();
    return { type: "binary", operator: "^", left, right };
  }

  #postfix(): AwkExpression {
    const operand = this.#primary();
    if (operand.type === "variable" || operand.type === "field" || operand.type === "element") {
      if (this.#take("++")) return { type: "step", by: 1, prefix: false, target: operand };
      if (this.#take("--")) return { type: "step", by: -1, prefix: false, target: operand };
    }
    return operand;
  }

  #primary(): AwkExpression {
    const token = this.#peek();
    this.#at++;
    switch (token.type) {
      case "number":
        return { type: "number", value: Number(token.text) };
      case "string":
        return { type: "string", value: token.text };
      case "regex":
        return { type: "regex", source: token.text };
      case "name":
        return this.#named(token.text);
      case "function call":
        return { type: "call", name: token.text, args: this.#args(), user: true };
      case "builtin":
        if (this.#is("(")) return { type: "call", name: token.text, args: this.#args(), user: false };
        return { type: "call", name: token.text, args: [], user: false };
      case "keyword":
        if (token.text === "getline") return this.#getline();
        break;
      case "operator":
        if (token.text === "(") return this.#group();
        if (token.text === "$") {
          if (this.#is("++") || this.#is("--")) return { type: "field", index: this.#stepped() };
          return { type: "field", index: this.#is("-") || this.#is("+") ? this.#unary() : this.#primary() };
        }
        if (token.text === "++" || token.text === "--") {
          this.#at--;
          return this.#stepped();
        }
    }
    this.#at--;
    this.#unexpected();
  }

  #stepped(): AwkExpression {
    const by = this.#peek().text === "++" ? 1 : -1;
    this.#at++;
    return { type: "step", by, prefix: true, target: this.#primary() };
  }

  #named(name: string): AwkExpression {
    if (!this.#take("[")) return { type: "variable", name };
    const index = this.#bracketed(() => this.#list());
    this.#expect("]");
    return { type: "element", array: name, index };
  }

  /** Within brackets and parentheses > compares again. */
  #bracketed<T>(parse: () => T): T {
    const [greater, noIn] = [this.#noGreater, this.#noIn];
    this.#noGreater = this.#noIn = false;
    const result = parse();
    [this.#noGreater, this.#noIn] = [greater, noIn];
    return result;
  }

  #group(): AwkExpression {
    const list = this.#bracketed(() => this.#list());
    this.#expect(")");
    return { type: "group", list };
  }

  #args(): AwkExpression[] {
    this.#expect("(");
    this.#newlines();
    if (this.#take(")")) return [];
    const list = this.#bracketed(() => this.#list());
    this.#newlines();
    this.#expect(")");
    return list;
  }

  #getline(): AwkExpression {
    const target = this.#getlineTarget();
    if (!this.#take("<")) return { type: "getline", kind: "plain", ...(target ? { target } : {}) };
    return { type: "getline", kind: "file", source: this.#postfix(), ...(target ? { target } : {}) };
  }

  #getlineTarget(): AwkExpression | undefined {
    const token = this.#peek();
    if (token.type === "name" || (token.type === "operator" && token.text === "$")) return this.#primary();
    return undefined;
  }
}
