import { Errno } from "../../../files/filesystem.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { sys } from "../../kernel/syscalls.ts";
import { O } from "../../kernel/calls.ts";
import type { Invocation } from "../invocation.ts";
import { posixRegex } from "../posix-regex.ts";
import type { Steps } from "../user-program.ts";
import { callBuiltin } from "./builtins.ts";
import { unescapeAwk } from "./lexer.ts";
import { AwkStreams, RecordReader } from "./streams.ts";
import type { AwkExpression, AwkPattern, AwkProgram, AwkStatement } from "./syntax.ts";
import { compareValues, toNumber, toText, toTruth } from "./values.ts";
import type { AwkValue } from "./values.ts";

export type AwkArray = Map<string, AwkValue>;

/** How control leaves a statement. */
type Flow = undefined | "break" | "continue" | "next" | "nextfile" | "exit" | "return";

const expressionCost = 500;

/** Runs one awk program. */
export class AwkInterpreter {
  readonly io: Invocation;
  readonly streams: AwkStreams;
  readonly #program: AwkProgram;
  #globals = new Map<string, AwkValue | AwkArray>();
  #locals: Map<string, AwkValue | AwkArray | undefined>[] = [];
  #regexes = new Map<string, RegExp>();
  #ranges = new Set<number>();
  #record = "";
  #fields: AwkValue[] = [];
  #fieldsValid = true;
  #recordValid = true;
  #reader: RecordReader | undefined;
  #argument = 1;
  #usedFile = false;
  #exitStatus = 0;
  #returned: AwkValue | undefined;
  #steps = 0;
  /** State of rand(). */
  seed = 0;

  constructor(io: Invocation, program: AwkProgram, operands: readonly string[]) {
    this.io = io;
    this.#program = program;
    this.streams = new AwkStreams(io);
    for (const [name, value] of Object.entries({
      FS: " ",
      OFS: " ",
      ORS: "\n",
      RS: "\n",
      SUBSEP: "\x1c",
      CONVFMT: "%.6g",
      OFMT: "%.6g",
      FILENAME: "",
    }))
      this.#globals.set(name, value);
    for (const name of ["NR", "NF", "FNR", "RSTART"]) this.#globals.set(name, 0);
    this.#globals.set("RLENGTH", -1);
    const args: AwkArray = new Map([["0", "awk"]]);
    operands.forEach((operand, at) => args.set(String(at + 1), { input: operand }));
    this.#globals.set("ARGV", args);
    this.#globals.set("ARGC", operands.length + 1);
    const environment: AwkArray = new Map();
    for (const pair of io.process.env)
      environment.set(pair.slice(0, pair.indexOf("=")), { input: pair.slice(pair.indexOf("=") + 1) });
    this.#globals.set("ENVIRON", environment);
  }

  /** `name=value` of the command line. */
  assignArgument(text: string): void {
    const at = text.indexOf("=");
    this.setVariable(text.slice(0, at), { input: unescapeAwk(text.slice(at + 1)) });
  }

  *run(): Steps<number> {
    const { rules } = this.#program;
    let flow: Flow;
    for (const rule of rules) {
      if (rule.pattern.type !== "BEGIN" || !rule.body) continue;
      flow = yield* this.#statement(rule.body);
      if (flow === "exit") break;
    }
    const reads = rules.some((rule) => rule.pattern.type !== "BEGIN");
    if (flow !== "exit" && reads) flow = yield* this.#records();
    for (const rule of rules) {
      if (rule.pattern.type !== "END" || !rule.body || flow === "exit") continue;
      if ((yield* this.#statement(rule.body)) === "exit") break;
    }
    yield* this.streams.closeAll();
    return this.#exitStatus || this.io.status;
  }

  *#records(): Steps<Flow> {
    while (yield* this.#nextRecord()) {
      const flow = yield* this.#rules();
      if (flow === "exit") {
        // `exit` in a rule still runs END.
        for (const rule of this.#program.rules) {
          if (rule.pattern.type === "END" && rule.body && (yield* this.#statement(rule.body)) === "exit")
            break;
        }
        return "exit";
      }
      if (flow === "nextfile") yield* this.#closeInput();
    }
    return undefined;
  }

  *#rules(): Steps<Flow> {
    for (const { pattern, body } of this.#program.rules) {
      if (pattern.type === "BEGIN" || pattern.type === "END" || !(yield* this.#matches(pattern))) continue;
      if (!body) yield* this.io.print(this.record() + this.text("ORS"));
      else {
        const flow = yield* this.#statement(body);
        if (flow === "next") return undefined;
        if (flow === "exit" || flow === "nextfile") return flow;
      }
    }
    return undefined;
  }

  *#matches(pattern: AwkPattern): Steps<boolean> {
    if (pattern.type === "expression") return toTruth(yield* this.evaluate(pattern.expression));
    if (pattern.type !== "range") return true;
    if (!this.#ranges.has(pattern.id)) {
      if (!toTruth(yield* this.evaluate(pattern.from))) return false;
      this.#ranges.add(pattern.id);
    }
    if (toTruth(yield* this.evaluate(pattern.to))) this.#ranges.delete(pattern.id);
    return true;
  }

  // Input

  *#nextRecord(): Steps<boolean> {
    const record = yield* this.#readMain();
    if (record === undefined) return false;
    this.setRecord(record);
    return true;
  }

  *#readMain(): Steps<string | undefined> {
    for (;;) {
      if (!this.#reader && !(yield* this.#openNext())) return undefined;
      const record = yield* this.#reader!.next(this.text("RS"));
      if (record !== undefined) {
        this.#globals.set("NR", this.number("NR") + 1);
        this.#globals.set("FNR", this.number("FNR") + 1);
        return record;
      }
      yield* this.#closeInput();
    }
  }

  *#closeInput(): Steps<void> {
    if (this.#reader && this.#reader.fd !== 0) yield* sys.close(this.#reader.fd);
    this.#reader = undefined;
  }

  *#openNext(): Steps<boolean> {
    const args = this.array("ARGV");
    while (this.#argument < this.number("ARGC")) {
      const operand = toText(args.get(String(this.#argument++)), "%.6g");
      if (operand === "") continue;
      if (/^[A-Za-z_]\w*=/.test(operand)) {
        this.assignArgument(operand);
        continue;
      }
      this.#usedFile = true;
      try {
        this.#reader = new RecordReader(this.io, operand === "-" ? 0 : yield* sys.open(operand, O.RDONLY));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* this.io.complain(
          this.io.busybox
            ? `${operand}: ${strerror(error.code)}`
            : `cannot open "${operand}" (${strerror(error.code)})`,
          2,
        );
        if (!this.io.busybox) return yield* this.#fatal();
        continue;
      }
      this.#globals.set("FILENAME", operand);
      this.#globals.set("FNR", 0);
      return true;
    }
    if (this.#usedFile) return false;
    this.#usedFile = true;
    this.#reader = new RecordReader(this.io, 0);
    return true;
  }

  *#fatal(): Steps<never> {
    yield* this.streams.closeAll();
    return yield* sys.exit(2);
  }

  *#getline(expression: Extract<AwkExpression, { type: "getline" }>): Steps<AwkValue> {
    let record: string | undefined;
    if (expression.kind === "plain") record = yield* this.#readMain();
    else {
      const reader = yield* this.streams.reader(
        expression.kind,
        this.str(yield* this.evaluate(expression.source!)),
      );
      if (!reader) return -1;
      record = yield* reader.next(this.text("RS"));
      if (record !== undefined && expression.kind === "command")
        this.#globals.set("NR", this.number("NR") + 1);
    }
    if (record === undefined) return 0;
    if (expression.target) yield* this.assign(expression.target, { input: record });
    else this.setRecord(record);
    return 1;
  }

  // Record and fields

  record(): string {
    if (!this.#recordValid) {
      this.#record = this.#fields.map((field) => this.str(field)).join(this.text("OFS"));
      this.#recordValid = true;
    }
    return this.#record;
  }

  setRecord(record: string): void {
    this.#record = record;
    this.#recordValid = true;
    this.#fieldsValid = false;
  }

  #split(): void {
    if (this.#fieldsValid) return;
    this.#fields = this.splitText(this.#record, this.text("FS")).map((input) => ({ input }));
    this.#fieldsValid = true;
    this.#globals.set("NF", this.#fields.length);
  }

  field(index: number): AwkValue {
    if (index === 0) return { input: this.record() };
    this.#split();
    return this.#fields[index - 1] ?? { input: "" };
  }

  #setField(index: number, value: AwkValue): void {
    if (index === 0) return this.setRecord(this.str(value));
    this.#split();
    while (this.#fields.length < index) this.#fields.push({ input: "" });
    this.#fields[index - 1] = value;
    this.#globals.set("NF", this.#fields.length);
    this.#recordValid = false;
  }

  /** Fields of a text as FS separates them. */
  splitText(text: string, separator: string | RegExp): string[] {
    if (separator === " ") return text.split(/[ \t\n]+/).filter((part) => part !== "");
    if (text === "") return [];
    if (typeof separator === "string") {
      if (separator === "") return [...text];
      if (separator.length === 1 && separator !== "\\" && this.text("RS") !== "")
        return text.split(separator);
      if (separator.length === 1)
        return text.split(
          separator === "\\" ? "\\" : new RegExp(`[\\${separator}\\n]`.replace(/\\(\w)/, "$1")),
        );
    }
    const regex = separator instanceof RegExp ? separator : this.regex(separator);
    const parts: string[] = [];
    let at = 0;
    for (const match of text.matchAll(regex)) {
      if (match[0] === "") continue;
      parts.push(text.slice(at, match.index));
      at = match.index + match[0].length;
    }
    parts.push(text.slice(at));
    return parts;
  }

  // Variables

  #scope(name: string): Map<string, AwkValue | AwkArray | undefined> {
    const locals = this.#locals.at(-1);
    return locals?.has(name) ? locals : this.#globals;
  }

  variable(name: string): AwkValue | undefined {
    if (name === "NF") this.#split();
    const value = this.#scope(name).get(name);
    return value instanceof Map ? undefined : value;
  }

  setVariable(name: string, value: AwkValue): void {
    this.#scope(name).set(name, value);
    if (name !== "NF") return;
    // Another NF makes the record anew.
    const count = Math.max(Math.trunc(toNumber(value)), 0);
    this.#split();
    this.#fields.length = Math.min(this.#fields.length, count);
    while (this.#fields.length < count) this.#fields.push({ input: "" });
    this.#globals.set("NF", count);
    this.#recordValid = false;
  }

  array(name: string): AwkArray {
    const scope = this.#scope(name);
    const known = scope.get(name);
    if (known instanceof Map) return known;
    const array: AwkArray = new Map();
    scope.set(name, array);
    return array;
  }

  text(name: string): string {
    return this.str(this.#globals.get(name) as AwkValue);
  }

  number(name: string): number {
    return toNumber(this.#globals.get(name) as AwkValue);
  }

  str(value: AwkValue | undefined): string {
    if (typeof value === "string") return value;
    return toText(value, typeof value === "number" && !Number.isInteger(value) ? this.text("CONVFMT") : "");
  }

  regex(source: string): RegExp {
    let regex = this.#regexes.get(source);
    if (!regex) {
      regex = posixRegex(source, { extended: true, global: true, newlineEscape: true });
      this.#regexes.set(source, regex);
    }
    regex.lastIndex = 0;
    return regex;
  }

  *key(index: readonly AwkExpression[]): Steps<string> {
    const parts: string[] = [];
    for (const each of index) parts.push(this.str(yield* this.evaluate(each)));
    return parts.join(this.text("SUBSEP"));
  }

  *assign(target: AwkExpression, value: AwkValue): Steps<void> {
    if (target.type === "variable") this.setVariable(target.name, value);
    else if (target.type === "field") this.#setField(toNumber(yield* this.evaluate(target.index)), value);
    else if (target.type === "element") this.array(target.array).set(yield* this.key(target.index), value);
    else if (target.type === "group") yield* this.assign(target.list[0]!, value);
  }

  // Statements

  *#statement(statement: AwkStatement): Steps<Flow> {
    if (++this.#steps % expressionCost === 0) yield* sys.compute(expressionCost);
    switch (statement.type) {
      case "block":
        for (const each of statement.body) {
          const flow = yield* this.#statement(each);
          if (flow) return flow;
        }
        return undefined;
      case "expression":
        yield* this.evaluate(statement.expression);
        return undefined;
      case "print":
      case "printf":
        yield* this.#print(statement);
        return undefined;
      case "if":
        if (toTruth(yield* this.evaluate(statement.condition))) return yield* this.#statement(statement.then);
        return statement.otherwise ? yield* this.#statement(statement.otherwise) : undefined;
      case "while":
        return yield* this.#while(statement);
      case "for":
        return yield* this.#for(statement);
      case "for in":
        for (const key of [...this.array(statement.array).keys()]) {
          yield* this.assign(statement.variable, { input: key });
          const flow = yield* this.#statement(statement.body);
          if (flow === "break") break;
          if (flow && flow !== "continue") return flow;
        }
        return undefined;
      case "delete":
        if (statement.index) this.array(statement.array).delete(yield* this.key(statement.index));
        else this.array(statement.array).clear();
        return undefined;
      case "exit":
        if (statement.value) this.#exitStatus = toNumber(yield* this.evaluate(statement.value)) & 255;
        return "exit";
      case "return":
        this.#returned = statement.value ? yield* this.evaluate(statement.value) : undefined;
        return "return";
      default:
        return statement.type;
    }
  }

  *#while(statement: Extract<AwkStatement, { type: "while" }>): Steps<Flow> {
    let first = statement.after;
    while (first || toTruth(yield* this.evaluate(statement.condition))) {
      first = false;
      const flow = yield* this.#statement(statement.body);
      if (flow === "break") return undefined;
      if (flow && flow !== "continue") return flow;
    }
    return undefined;
  }

  *#for(statement: Extract<AwkStatement, { type: "for" }>): Steps<Flow> {
    if (statement.start) yield* this.#statement(statement.start);
    while (!statement.condition || toTruth(yield* this.evaluate(statement.condition))) {
      const flow = yield* this.#statement(statement.body);
      if (flow === "break") return undefined;
      if (flow && flow !== "continue") return flow;
      if (statement.step) yield* this.#statement(statement.step);
    }
    return undefined;
  }

  *#print(statement: Extract<AwkStatement, { type: "print" | "printf" }>): Steps<void> {
    let text: string;
    if (statement.type === "printf") text = this.str(yield* callBuiltin(this, "sprintf", statement.args));
    else if (statement.args.length === 0) text = this.record() + this.text("ORS");
    else {
      const parts: string[] = [];
      for (const each of statement.args) {
        const value = yield* this.evaluate(each);
        parts.push(typeof value === "number" ? toText(value, this.text("OFMT")) : this.str(value));
      }
      text = parts.join(this.text("OFS")) + this.text("ORS");
    }
    if (!statement.to) return yield* this.io.print(text);
    yield* this.streams.write(statement.to.kind, this.str(yield* this.evaluate(statement.to.target)), text);
  }

  // Expressions

  *evaluate(expression: AwkExpression): Steps<AwkValue | undefined> {
    switch (expression.type) {
      case "number":
      case "string":
        return expression.value;
      case "regex":
        return this.regex(expression.source).test(this.record()) ? 1 : 0;
      case "variable":
        return this.variable(expression.name);
      case "field": {
        const index = toNumber(yield* this.evaluate(expression.index));
        if (index < 0)
          yield* this.io.fail(
            this.io.busybox ? "access to negative field" : `trying to access out of range field ${index}`,
            2,
          );
        return this.field(Math.trunc(index));
      }
      case "element": {
        const array = this.array(expression.array);
        const key = yield* this.key(expression.index);
        // Looking at an element makes it.
        if (!array.has(key)) array.set(key, { input: "" });
        return array.get(key);
      }
      case "group":
        return yield* this.evaluate(expression.list.at(-1)!);
      case "assign":
        return yield* this.#assignment(expression);
      case "conditional":
        return toTruth(yield* this.evaluate(expression.condition))
          ? yield* this.evaluate(expression.yes)
          : yield* this.evaluate(expression.no);
      case "binary":
        return yield* this.#binary(expression);
      case "match": {
        const text = this.str(yield* this.evaluate(expression.left));
        const matches = (yield* this.pattern(expression.right)).test(text);
        return matches !== expression.negated ? 1 : 0;
      }
      case "in":
        return this.array(expression.array).has(yield* this.key(expression.index)) ? 1 : 0;
      case "unary": {
        const value = yield* this.evaluate(expression.operand);
        if (expression.operator === "!") return toTruth(value) ? 0 : 1;
        return expression.operator === "-" ? -toNumber(value) : toNumber(value);
      }
      case "step": {
        const before = toNumber(yield* this.evaluate(expression.target));
        yield* this.assign(expression.target, before + expression.by);
        return expression.prefix ? before + expression.by : before;
      }
      case "getline":
        return yield* this.#getline(expression);
      case "call":
        return expression.user
          ? yield* this.#call(expression.name, expression.args)
          : yield* callBuiltin(this, expression.name, expression.args);
    }
  }

  /** An expression as a regular expression: a literal, or the text of a value. */
  *pattern(expression: AwkExpression): Steps<RegExp> {
    if (expression.type === "regex") return this.regex(expression.source);
    return this.regex(this.str(yield* this.evaluate(expression)));
  }

  *#assignment(expression: Extract<AwkExpression, { type: "assign" }>): Steps<AwkValue> {
    let value: AwkValue;
    if (expression.operator === "") value = (yield* this.evaluate(expression.value)) ?? "";
    else {
      const left = toNumber(yield* this.evaluate(expression.target));
      value = yield* this.#arithmetic(
        expression.operator,
        left,
        toNumber(yield* this.evaluate(expression.value)),
      );
    }
    yield* this.assign(expression.target, value);
    return value;
  }

  *#binary({ operator, left, right }: Extract<AwkExpression, { type: "binary" }>): Steps<AwkValue> {
    const first = yield* this.evaluate(left);
    if (operator === "&&") return toTruth(first) && toTruth(yield* this.evaluate(right)) ? 1 : 0;
    if (operator === "||") return toTruth(first) || toTruth(yield* this.evaluate(right)) ? 1 : 0;
    const second = yield* this.evaluate(right);
    if (operator === " ") return this.str(first) + this.str(second);
    if (/^([<>]=?|[!=]=)$/.test(operator)) {
      const order = compareValues(first, second, this.text("CONVFMT"));
      const holds = {
        "<": order < 0,
        "<=": order <= 0,
        "==": order === 0,
        "!=": order !== 0,
        ">": order > 0,
        ">=": order >= 0,
      }[operator];
      return holds ? 1 : 0;
    }
    return yield* this.#arithmetic(operator, toNumber(first), toNumber(second));
  }

  *#arithmetic(operator: string, left: number, right: number): Steps<number> {
    switch (operator) {
      case "+":
        return left + right;
      case "-":
        return left - right;
      case "*":
        return left * right;
      case "^":
        return left ** right;
    }
    if (right === 0) {
      if (this.io.busybox) yield* this.io.fail("division by zero", 1);
      else if (operator === "/") return left / right;
    }
    return operator === "/" ? left / right : left % right;
  }

  *#call(name: string, args: readonly AwkExpression[]): Steps<AwkValue | undefined> {
    const callee = this.#program.functions.get(name);
    if (!callee)
      return yield* this.io.fail(
        this.io.busybox ? `call to undefined function` : `function ${name} never defined`,
        2,
      );
    if (this.#locals.length > 400) yield* this.io.fail("function call nesting too deep", 2);
    const frame = new Map<string, AwkValue | AwkArray | undefined>();
    for (const [at, parameter] of callee.parameters.entries()) {
      const argument = args[at];
      if (argument?.type === "variable") {
        // An array goes by reference; so does what may become one.
        const value = this.#scope(argument.name).get(argument.name);
        frame.set(
          parameter,
          value === undefined && usesAsArray(callee.body, parameter) ? this.array(argument.name) : value,
        );
      } else frame.set(parameter, argument ? yield* this.evaluate(argument) : undefined);
    }
    this.#locals.push(frame);
    this.#returned = undefined;
    yield* this.#statement(callee.body);
    this.#locals.pop();
    const value = this.#returned;
    this.#returned = undefined;
    return value;
  }
}

/** Whether a function uses a parameter as an array. */
function usesAsArray(body: unknown, name: string): boolean {
  if (typeof body !== "object" || body === null) return false;
  if (Array.isArray(body)) return body.some((each) => usesAsArray(each, name));
  const node = body as Record<string, unknown>;
  if (node["array"] === name) return true;
  if (node["type"] === "call" && node["name"] === "split") {
    const target = (node["args"] as AwkExpression[])[1];
    if (target?.type === "variable" && target.name === name) return true;
  }
  return Object.values(node).some((each) => usesAsArray(each, name));
}
