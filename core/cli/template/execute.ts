import { FunctionError } from "./compare.ts";
import { sprint } from "./fmt.ts";
import { anyValue, builtins, printable, type TemplateFunction } from "./functions.ts";
import { any, assignable, canBeNil, type GoType, isInt, isUint, string } from "./gotype.ts";
import {
  byteLength,
  element,
  entries,
  fieldOf,
  fieldValue,
  goBool,
  goFloat,
  goInt,
  goString,
  GoValue,
  indirect,
  indirectInterface,
  isTrue,
  length,
  mapEntry,
  type MaybeValue,
  methodOf,
  pointee,
  zero,
} from "./govalue.ts";
import type {
  AnyNode,
  BranchNode,
  CommandNode,
  ListNode,
  Node,
  NumberNode,
  Operand,
  PipeNode,
  TemplateNode,
} from "./nodes.ts";
import { nodeText } from "./nodes.ts";
import type { ParsedTemplate } from "./parse.ts";
import { quote } from "./quote.ts";

/** A template that failed on its data. `output` is what it had printed by then. */
export class TemplateError extends Error {
  override name = "TemplateError";
  readonly output: string;
  constructor(message: string, output: string) {
    super(message);
    this.output = output;
  }
}

export interface ExecuteOptions {
  functions: Readonly<Record<string, TemplateFunction>>;
  /** An absent map key is an error, not "<no value>" (Go's Option("missingkey=error")). */
  missingKeyIsError?: boolean;
}

/** What a parsed template prints for `data`. Throws a TemplateError with Go's text. */
export function execute(template: ParsedTemplate, data: MaybeValue, options: ExecuteOptions): string {
  const execution = new Execution(template, options);
  return execution.run(data);
}

/** No value came from an earlier command of the pipeline. */
const missing = Symbol("missing");
type Final = MaybeValue | typeof missing;

/** How a list of nodes ended. */
type Outcome = "done" | "break" | "continue";

/** Each level costs several frames of JavaScript's stack, which ends long before Go's limit of 100000 would. */
const maximumDepth = 1000;

class Execution {
  readonly #template: ParsedTemplate;
  readonly #options: ExecuteOptions;
  #output = "";
  #name: string;
  #node: AnyNode | undefined;
  #variables: { name: string; value: MaybeValue }[] = [];
  #depth = 0;

  constructor(template: ParsedTemplate, options: ExecuteOptions) {
    this.#template = template;
    this.#options = options;
    this.#name = template.name;
  }

  run(data: MaybeValue): string {
    this.#variables = [{ name: "$", value: data }];
    this.#list(data, this.#template.root);
    return this.#output;
  }

  #fail(message: string): never {
    const node = this.#node;
    if (!node) throw new TemplateError(`template: ${this.#name}: ${message}`, this.#output);
    const before = this.#template.text.slice(0, node.position);
    const line = before.split("\n").length;
    const column = byteLength(before.slice(before.lastIndexOf("\n") + 1));
    const where = `${this.#template.name}:${line}:${column}`;
    throw new TemplateError(
      `template: ${where}: executing ${quote(this.#name)} at <${nodeText(node)}>: ${message}`,
      this.#output,
    );
  }

  #list(dot: MaybeValue, list: ListNode): Outcome {
    for (const node of list.nodes) {
      const outcome = this.#walk(dot, node);
      if (outcome !== "done") return outcome;
    }
    return "done";
  }

  #walk(dot: MaybeValue, node: Node): Outcome {
    this.#node = node;
    switch (node.kind) {
      case "text":
        this.#output += node.text;
        return "done";
      case "action": {
        const value = this.#pipeline(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#print(node, value);
        return "done";
      }
      case "if":
      case "with":
        return this.#ifOrWith(dot, node);
      case "range":
        return this.#range(dot, node);
      case "template":
        this.#call(dot, node);
        return "done";
      case "break":
      case "continue":
        return node.kind;
    }
  }

  #print(node: Node, value: MaybeValue): void {
    this.#node = node;
    const shown = printable(value);
    if (shown?.type.kind === "func") this.#fail(`can't print ${nodeText(node)} of type ${shown.type.name}`);
    this.#output += sprint([shown]);
  }

  #ifOrWith(dot: MaybeValue, node: BranchNode): Outcome {
    const mark = this.#variables.length;
    const value = this.#pipeline(dot, node.pipe);
    let outcome: Outcome = "done";
    if (isTrue(indirectInterface(value))) outcome = this.#list(node.kind === "with" ? value : dot, node.list);
    else if (node.elseList) outcome = this.#list(dot, node.elseList);
    this.#variables.length = mark;
    return outcome;
  }

  #range(dot: MaybeValue, node: BranchNode): Outcome {
    const outer = this.#variables.length;
    const { value } = indirect(this.#pipeline(dot, node.pipe));
    const mark = this.#variables.length;
    let outcome: Outcome = "done";
    let ran = false;
    for (const [index, elem] of this.#iterations(value, node)) {
      ran = true;
      this.#setLoopVariables(node.pipe, index, elem);
      outcome = this.#list(elem, node.list);
      this.#variables.length = mark;
      if (outcome === "break") break;
    }
    outcome = !ran && node.elseList ? this.#list(dot, node.elseList) : "done";
    this.#variables.length = outer;
    return outcome;
  }

  #iterations(value: MaybeValue, node: BranchNode): Iterable<[MaybeValue, GoValue]> {
    if (!value) return [];
    const { type } = value;
    if (type.kind === "slice" || type.kind === "array") {
      return Array.from({ length: length(value) }, (_, i): [GoValue, GoValue] => [
        goInt(i),
        element(value, i),
      ]);
    }
    if (type.kind === "map") return entries(value);
    if (isInt(type) || isUint(type)) {
      if (node.pipe.variables.length > 1)
        this.#fail(`can't use ${sprint([value])} to iterate over more than one variable`);
      return count(type, BigInt(value.data as number | bigint));
    }
    return this.#fail(`range can't iterate over ${sprint([value])}`);
  }

  #setLoopVariables(pipe: PipeNode, index: MaybeValue, elem: MaybeValue): void {
    const values = pipe.variables.length > 1 ? [index, elem] : [elem];
    pipe.variables.forEach((variable, i) => {
      if (pipe.assign) this.#assign(variable.path[0]!, values[i]);
      else this.#variables[this.#variables.length - pipe.variables.length + i]!.value = values[i];
    });
  }

  #call(dot: MaybeValue, node: TemplateNode): void {
    const list =
      this.#template.defined.get(node.name) ??
      (node.name === this.#template.name ? this.#template.root : undefined);
    if (!list) this.#fail(`template ${quote(node.name)} not defined`);
    if (this.#depth === maximumDepth) this.#fail(`exceeded maximum template depth (100000)`);
    const value = node.pipe ? this.#pipeline(dot, node.pipe) : undefined;
    // A template sees none of its caller's variables.
    const [name, variables] = [this.#name, this.#variables];
    this.#name = node.name;
    this.#variables = [{ name: "$", value }];
    this.#depth++;
    this.#list(value, list);
    this.#depth--;
    this.#name = name;
    this.#variables = variables;
  }

  #assign(name: string, value: MaybeValue): void {
    const variable = this.#variables.findLast((known) => known.name === name);
    if (!variable) this.#fail(`undefined variable: ${name}`);
    variable.value = value;
  }

  #pipeline(dot: MaybeValue, pipe: PipeNode): MaybeValue {
    this.#node = pipe;
    let value: Final = missing;
    for (const command of pipe.commands) value = indirectInterface(this.#command(dot, command, value));
    for (const variable of pipe.variables) {
      if (pipe.assign) this.#assign(variable.path[0]!, value as MaybeValue);
      else this.#variables.push({ name: variable.path[0]!, value: value as MaybeValue });
    }
    return value as MaybeValue;
  }

  #command(dot: MaybeValue, command: CommandNode, final: Final): MaybeValue {
    const first = command.operands[0]!;
    const rest = command.operands.slice(1);
    switch (first.kind) {
      case "field":
        this.#node = first;
        return this.#fields(dot, dot, first, first.path, rest, final);
      case "chain":
        return this.#chain(dot, first, rest, final);
      case "identifier":
        return this.#function(dot, first, command, rest, final);
      case "pipe":
        this.#notAFunction(first, rest, final);
        return this.#pipeline(dot, first);
      case "variable":
        return this.#variable(dot, first, rest, final);
    }
    this.#node = first;
    this.#notAFunction(first, rest, final);
    if (first.kind === "nil") this.#fail("nil is not a command");
    return this.#literal(dot, first);
  }

  #literal(dot: MaybeValue, operand: Operand): MaybeValue {
    switch (operand.kind) {
      case "bool":
        return goBool(operand.truth);
      case "dot":
        return dot;
      case "number":
        return this.#constant(operand);
      case "string":
        return goString(operand.text);
      default:
        return this.#fail(`can't evaluate command ${quote(nodeText(operand))}`);
    }
  }

  #notAFunction(first: Operand, rest: Operand[], final: Final): void {
    if (rest.length > 0 || final !== missing)
      this.#fail(`can't give argument to non-function ${nodeText(first)}`);
  }

  /** A number without a type around it: its syntax says what it is. */
  #constant(node: NumberNode): MaybeValue {
    this.#node = node;
    if (node.complex) return new GoValue(complexType, node.complex);
    const rune = node.text.startsWith("'");
    const hexInt = /^0[xX][^pP]+$/.test(node.text);
    if (node.float !== undefined && !hexInt && !rune && /[.eEpP]/.test(node.text)) return goFloat(node.float);
    if (node.int !== undefined) return goInt(node.int);
    return this.#fail(`${node.text} overflows int`);
  }

  #chain(dot: MaybeValue, node: Operand & { kind: "chain" }, rest: Operand[], final: Final): MaybeValue {
    this.#node = node;
    if (node.operand.kind === "nil") this.#fail(`indirection through explicit nil in ${nodeText(node)}`);
    const receiver = this.#argument(dot, undefined, node.operand);
    return this.#fields(dot, receiver, node, node.path, rest, final);
  }

  #variable(
    dot: MaybeValue,
    node: Operand & { kind: "variable" },
    rest: Operand[],
    final: Final,
  ): MaybeValue {
    this.#node = node;
    const variable = this.#variables.findLast((known) => known.name === node.path[0]);
    if (!variable) this.#fail(`undefined variable: ${node.path[0]}`);
    if (node.path.length === 1) {
      this.#notAFunction(node, rest, final);
      return variable.value;
    }
    return this.#fields(dot, variable.value, node, node.path.slice(1), rest, final);
  }

  #fields(
    dot: MaybeValue,
    receiver: MaybeValue,
    node: Operand,
    path: string[],
    rest: Operand[],
    final: Final,
  ): MaybeValue {
    let at = receiver;
    path.forEach((name, i) => {
      const last = i === path.length - 1;
      at = this.#field(dot, name, node, last ? rest : [], last ? final : missing, at);
    });
    return at;
  }

  #field(
    dot: MaybeValue,
    name: string,
    node: Operand,
    rest: Operand[],
    final: Final,
    receiver: MaybeValue,
  ): MaybeValue {
    if (!receiver) {
      if (this.#options.missingKeyIsError) this.#fail(`nil data; no entry for key ${quote(name)}`);
      return undefined;
    }
    const typeName = receiver.type.name;
    const { value, isNil } = indirect(receiver);
    if (!value || (value.type.kind === "interface" && isNil))
      return this.#fail(`nil pointer evaluating ${typeName}.${name}`);
    const method = methodOf(value.type, name);
    if (method && !isNil) {
      const call = (...parameters: MaybeValue[]) =>
        method.call(value.data as never, ...(parameters as GoValue[]));
      return this.#invoke(dot, { ...method, call }, node, name, rest, final);
    }
    const hasArguments = rest.length > 0 || final !== missing;
    switch (value.type.kind) {
      case "struct": {
        const field = fieldOf(value.type, name);
        if (!field) break;
        if (!/^\p{Lu}/u.test(name)) this.#fail(`${name} is an unexported field of struct type ${typeName}`);
        if (hasArguments) this.#fail(`${name} has arguments but cannot be invoked as function`);
        return this.#promotedField(value, name);
      }
      case "map": {
        if (!assignable(string, value.type.key!)) break;
        if (hasArguments) this.#fail(`${name} is not a method but has arguments`);
        const entry = mapEntry(value, name);
        if (!entry && this.#options.missingKeyIsError) this.#fail(`map has no entry for key ${quote(name)}`);
        return entry;
      }
      case "pointer":
        if (isNil && (value.type.elem!.kind !== "struct" || fieldOf(value.type.elem!, name))) {
          this.#fail(`nil pointer evaluating ${typeName}.${name}`);
        }
    }
    return this.#fail(`can't evaluate field ${name} in type ${typeName}`);
  }

  /** The field, perhaps one of an embedded struct. */
  #promotedField(value: GoValue, name: string): GoValue {
    const own = value.type.fields!.find((field) => field.name === name);
    if (own) return fieldValue(value, own);
    const holder = value.type.fields!.find(
      (field) =>
        field.embedded && fieldOf(field.type.kind === "pointer" ? field.type.elem! : field.type, name),
    )!;
    const inner = fieldValue(value, holder);
    return this.#promotedField((inner.type.kind === "pointer" ? pointee(inner) : inner)!, name);
  }

  #function(
    dot: MaybeValue,
    node: Operand & { kind: "identifier" },
    command: AnyNode,
    rest: Operand[],
    final: Final,
  ): MaybeValue {
    this.#node = node;
    const own = this.#options.functions[node.name];
    const target = own ?? builtins[node.name];
    if (!target) this.#fail(`${quote(node.name)} is not a defined function`);
    if (!own && (node.name === "and" || node.name === "or"))
      return this.#shortCircuit(dot, node.name, target, rest, final);
    return this.#invoke(dot, target, command, node.name, rest, final);
  }

  #checkCount(
    target: Pick<TemplateFunction, "parameters" | "variadic">,
    name: string,
    rest: Operand[],
    final: Final,
  ): void {
    const given = rest.length + (final === missing ? 0 : 1);
    const wanted = target.parameters.length;
    if (target.variadic) {
      if (given < wanted - 1)
        this.#fail(`wrong number of args for ${name}: want at least ${wanted - 1} got ${rest.length}`);
    } else if (given !== wanted) this.#fail(`wrong number of args for ${name}: want ${wanted} got ${given}`);
  }

  /** `and` and `or` look at their operands in turn and stop as soon as the answer is known. */
  #shortCircuit(
    dot: MaybeValue,
    name: "and" | "or",
    target: TemplateFunction,
    rest: Operand[],
    final: Final,
  ): MaybeValue {
    this.#checkCount(target, name, rest, final);
    let value: MaybeValue;
    for (const operand of rest) {
      value = this.#argument(dot, anyValue, operand);
      if (isTrue(indirectInterface(value)) === (name === "or")) return value;
    }
    return final === missing ? value : final;
  }

  #invoke(
    dot: MaybeValue,
    target: TemplateFunction,
    node: AnyNode,
    name: string,
    rest: Operand[],
    final: Final,
  ): MaybeValue {
    this.#checkCount(target, name, rest, final);
    const { parameters, variadic } = target;
    const typeAt = (i: number) => parameters[Math.min(i, parameters.length - 1)]!;
    const values = rest.map((operand, i) => this.#argument(dot, typeAt(i), operand));
    if (final !== missing)
      values.push(this.#validated(final, variadic ? typeAt(rest.length) : parameters.at(-1)!));
    try {
      return target.call(...values);
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.#node = node;
      const message =
        name === "call"
          ? error.message.replace(
              "non-function of",
              `non-function ${nodeText(rest[0] ?? (node as Operand))} of`,
            )
          : error.message;
      return this.#fail(`error calling ${name}: ${message}`);
    }
  }

  /** The value as one of type `type`, if it is one or points at one. */
  #validated(value: MaybeValue, type: GoType | undefined): MaybeValue {
    if (!type || type === anyValue) return value;
    if (!value) {
      if (type === any) return undefined;
      return canBeNil(type) ? zero(type) : this.#fail(`invalid value; expected ${type.name}`);
    }
    if (assignable(value.type, type)) return value;
    if (value.type.kind === "interface" && value.data !== null) {
      const held = indirectInterface(value)!;
      if (assignable(held.type, type)) return held;
      return this.#fail(`wrong type for value; expected ${type.name}; got ${held.type.name}`);
    }
    if (value.type.kind === "pointer" && assignable(value.type.elem!, type)) {
      return pointee(value) ?? this.#fail(`dereference of nil pointer of type ${type.name}`);
    }
    return this.#fail(`wrong type for value; expected ${type.name}; got ${value.type.name}`);
  }

  /** An operand as a parameter of type `type` (undefined: whatever it is). */
  #argument(dot: MaybeValue, type: GoType | undefined, operand: Operand): MaybeValue {
    this.#node = operand;
    switch (operand.kind) {
      case "dot":
        return this.#validated(dot, type);
      case "nil":
        if (type && (canBeNil(type) || type === anyValue))
          return type === anyValue || type === any ? undefined : zero(type);
        return this.#fail(`cannot assign nil to ${type?.name}`);
      case "field":
        return this.#validated(this.#fields(dot, dot, operand, operand.path, [], missing), type);
      case "variable":
        return this.#validated(this.#variable(dot, operand, [], missing), type);
      case "pipe":
        return this.#validated(this.#pipeline(dot, operand), type);
      case "identifier":
        return this.#validated(this.#function(dot, operand, operand, [], missing), type);
      case "chain":
        return this.#validated(this.#chain(dot, operand, [], missing), type);
    }
    if (!type || type === any || type === anyValue) return this.#literal(dot, operand);
    return this.#typedLiteral(type, operand);
  }

  #typedLiteral(type: GoType, operand: Operand & { kind: "bool" | "number" | "string" }): MaybeValue {
    const expected = (what: string) => this.#fail(`expected ${what}; found ${nodeText(operand)}`);
    if (type.kind === "bool")
      return operand.kind === "bool" ? new GoValue(type, operand.truth) : expected("bool");
    if (type.kind === "string")
      return operand.kind === "string" ? new GoValue(type, operand.text) : expected("string");
    const number = operand.kind === "number" ? operand : undefined;
    if (type.kind === "float64")
      return number?.float !== undefined ? new GoValue(type, number.float) : expected("float");
    if (isInt(type)) return number?.int !== undefined ? new GoValue(type, number.int) : expected("integer");
    if (isUint(type))
      return number?.uint !== undefined ? new GoValue(type, number.uint) : expected("unsigned integer");
    return this.#fail(`can't handle ${nodeText(operand)} for arg of type ${type.name}`);
  }
}

function* count(type: GoType, limit: bigint): Generator<[MaybeValue, GoValue]> {
  for (let i = 0n; i < limit; i++) yield [undefined, new GoValue(type, i)];
}

/** Nothing of Docker's is complex; a template can still write 1+2i. */
const complexType: GoType = {
  kind: "struct",
  name: "complex128",
  fields: [],
  methods: {
    String: {
      parameters: [],
      variadic: false,
      call: ({ real, imaginary }: { real: number; imaginary: number }) => {
        const part = (number: number) => sprint([goFloat(number)]);
        return goString(`(${part(real)}${imaginary < 0 ? "" : "+"}${part(imaginary)}i)`);
      },
    },
  },
};
