import { lex, type Token, type TokenType, keywords } from "./lex.ts";
import type {
  BranchNode,
  ChainNode,
  CommandNode,
  ListNode,
  Node,
  Operand,
  PipeNode,
  VariableNode,
} from "./nodes.ts";
import { nodeText } from "./nodes.ts";
import { parseNumber } from "./numbers.ts";
import { quote, unquote } from "./quote.ts";

/** A template that is not one. The message is Go's: `template: :1: unclosed action`. */
export class TemplateSyntaxError extends Error {
  override name = "TemplateSyntaxError";
}

/** A template's text parsed: its own nodes, and those of the templates that it defines. */
export interface ParsedTemplate {
  name: string;
  text: string;
  root: ListNode;
  defined: ReadonlyMap<string, ListNode>;
}

/** Parses the text/template language. `functions` are the names that may be called. */
export function parse(name: string, text: string, functions: ReadonlySet<string>): ParsedTemplate {
  const parser = new Parser(name, text, functions);
  const root = parser.template();
  return { name, text, root, defined: parser.defined };
}

/** What stops a list of nodes: {{end}}, or {{else}} (perhaps with an if or with still to be read). */
interface Stop {
  kind: "end" | "else";
  position: number;
}

const isStop = (node: Node | Stop): node is Stop => node.kind === "end" || node.kind === "else";

class Parser {
  readonly defined = new Map<string, ListNode>();
  readonly #name: string;
  readonly #functions: ReadonlySet<string>;
  readonly #tokens: Token[];
  #next = 0;
  #latest = 0;
  #variables = ["$"];
  #rangeDepth = 0;
  #actionLine = 0;

  constructor(name: string, text: string, functions: ReadonlySet<string>) {
    this.#name = name;
    this.#functions = functions;
    this.#tokens = lex(text);
  }

  #fail(message: string): never {
    const line = this.#tokens[this.#latest]?.line ?? 0;
    throw new TemplateSyntaxError(`template: ${this.#name}:${line}: ${message}`);
  }

  #take(): Token {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]!;
    this.#latest = Math.max(this.#latest, Math.min(this.#next, this.#tokens.length - 1));
    this.#next++;
    return token;
  }

  #back(): void {
    this.#next--;
  }

  #peek(): Token {
    const token = this.#take();
    this.#back();
    return token;
  }

  #takeNonSpace(): Token {
    for (;;) {
      const token = this.#take();
      if (token.type !== "space") return token;
    }
  }

  #peekNonSpace(): Token {
    const token = this.#takeNonSpace();
    this.#back();
    return token;
  }

  #expect(context: string, ...types: TokenType[]): Token {
    const token = this.#takeNonSpace();
    return types.includes(token.type) ? token : this.#unexpected(token, context);
  }

  #unexpected(token: Token, context: string): never {
    if (token.type === "error") {
      let where = "";
      if (this.#actionLine !== 0 && this.#actionLine !== token.line) {
        where = ` in action started at ${this.#name}:${this.#actionLine}`;
        if (token.value.endsWith(" action")) where = where.slice(" in action".length);
      }
      this.#fail(token.value + where);
    }
    this.#fail(`unexpected ${tokenText(token)} in ${context}`);
  }

  /** The whole text, with {{define}} at its top level. */
  template(): ListNode {
    const root: ListNode = { position: this.#peek().position, nodes: [] };
    while (this.#peek().type !== "eof") {
      if (this.#peek().type === "leftDelim") {
        const before = this.#next;
        this.#take();
        if (this.#takeNonSpace().type === "define") {
          this.#define();
          continue;
        }
        this.#next = before;
      }
      const node = this.#textOrAction();
      if (isStop(node)) this.#fail(`unexpected {{${node.kind}}}`);
      root.nodes.push(node);
    }
    return root;
  }

  #define(): void {
    const context = "define clause";
    const name = this.#stringToken(this.#expect(context, "string", "rawString"));
    this.#expect(context, "rightDelim");
    const { list, stop } = this.#separately(() => this.#list());
    if (stop.kind !== "end") this.#fail(`unexpected {{${stop.kind}}} in ${context}`);
    this.#add(name, list);
  }

  /** A definition sees none of the variables and loops around it. */
  #separately<T>(work: () => T): T {
    const [variables, depth] = [this.#variables, this.#rangeDepth];
    this.#variables = ["$"];
    this.#rangeDepth = 0;
    const result = work();
    this.#variables = variables;
    this.#rangeDepth = depth;
    return result;
  }

  #add(name: string, list: ListNode): void {
    const known = this.defined.get(name);
    if (known && !isEmpty(known)) {
      if (!isEmpty(list)) this.#fail(`template: multiple definition of template ${quote(name)}`);
      return;
    }
    this.defined.set(name, list);
  }

  #list(): { list: ListNode; stop: Stop } {
    const list: ListNode = { position: this.#peekNonSpace().position, nodes: [] };
    while (this.#peekNonSpace().type !== "eof") {
      const node = this.#textOrAction();
      if (isStop(node)) return { list, stop: node };
      list.nodes.push(node);
    }
    this.#fail("unexpected EOF");
  }

  #textOrAction(): Node | Stop {
    const token = this.#takeNonSpace();
    if (token.type === "text") return { kind: "text", position: token.position, text: token.value };
    if (token.type !== "leftDelim") this.#unexpected(token, "input");
    this.#actionLine = token.line;
    const node = this.#action();
    this.#actionLine = 0;
    return node;
  }

  #action(): Node | Stop {
    const token = this.#takeNonSpace();
    switch (token.type) {
      case "block":
        return this.#block();
      case "break":
      case "continue":
        if (this.#takeNonSpace().type !== "rightDelim") {
          this.#back();
          this.#unexpected(this.#takeNonSpace(), `{{${token.type}}}`);
        }
        if (this.#rangeDepth === 0) this.#fail(`{{${token.type}}} outside {{range}}`);
        return { kind: token.type, position: token.position };
      case "else": {
        const next = this.#peekNonSpace();
        if (next.type === "if" || next.type === "with") return { kind: "else", position: next.position };
        return { kind: "else", position: this.#expect("else", "rightDelim").position };
      }
      case "end":
        return { kind: "end", position: this.#expect("end", "rightDelim").position };
      case "if":
      case "range":
      case "with":
        return this.#branch(token.type);
      case "template": {
        const context = "template clause";
        const nameToken = this.#takeNonSpace();
        const name = this.#templateName(nameToken, context);
        if (this.#takeNonSpace().type === "rightDelim")
          return { kind: "template", position: nameToken.position, name };
        this.#back();
        return {
          kind: "template",
          position: nameToken.position,
          name,
          pipe: this.#pipeline(context, "rightDelim"),
        };
      }
    }
    this.#back();
    const { position } = this.#peek();
    return { kind: "action", position, pipe: this.#pipeline("command", "rightDelim") };
  }

  #branch(kind: BranchNode["kind"]): BranchNode {
    const mark = this.#variables.length;
    const pipe = this.#pipeline(kind, "rightDelim");
    if (kind === "range") this.#rangeDepth++;
    const { list, stop } = this.#list();
    if (kind === "range") this.#rangeDepth--;
    const node: BranchNode = { kind, position: pipe.position, pipe, list };
    if (stop.kind === "else") {
      const next = this.#peek().type;
      if (kind !== "range" && next === kind) {
        // "{{else if}}" is "{{else}}{{if}}" whose {{end}} closes both.
        this.#take();
        node.elseList = { position: stop.position, nodes: [this.#branch(kind)] };
      } else {
        const otherwise = this.#list();
        if (otherwise.stop.kind !== "end") this.#fail(`expected end; found {{${otherwise.stop.kind}}}`);
        node.elseList = otherwise.list;
      }
    }
    this.#variables.length = mark;
    return node;
  }

  #block(): Node {
    const context = "block clause";
    const token = this.#takeNonSpace();
    const name = this.#templateName(token, context);
    const pipe = this.#pipeline(context, "rightDelim");
    const { list, stop } = this.#separately(() => this.#list());
    if (stop.kind !== "end") this.#fail(`unexpected {{${stop.kind}}} in ${context}`);
    this.#add(name, list);
    return { kind: "template", position: token.position, name, pipe };
  }

  #templateName(token: Token, context: string): string {
    if (token.type !== "string" && token.type !== "rawString") this.#unexpected(token, context);
    return this.#stringToken(token);
  }

  #stringToken(token: Token): string {
    return unquote(token.value) ?? this.#fail("invalid syntax");
  }

  #pipeline(context: string, end: "rightDelim" | "rightParen"): PipeNode {
    const pipe: PipeNode = {
      kind: "pipe",
      position: this.#peekNonSpace().position,
      assign: false,
      variables: [],
      commands: [],
    };
    this.#declarations(pipe, context);
    for (;;) {
      const token = this.#takeNonSpace();
      if (token.type === end) break;
      if (!startsOperand.has(token.type)) this.#unexpected(token, context);
      this.#back();
      pipe.commands.push(this.#command());
    }
    if (pipe.commands.length === 0) this.#fail(`missing value for ${context}`);
    pipe.commands.slice(1).forEach((command, i) => {
      if (["bool", "dot", "nil", "number", "string"].includes(command.operands[0]!.kind)) {
        this.#fail(`non executable command in pipeline stage ${i + 2}`);
      }
    });
    return pipe;
  }

  /** `$x :=`, `$x =`, and for range also `$x, $y :=`. */
  #declarations(pipe: PipeNode, context: string): void {
    for (;;) {
      const start = this.#next;
      const token = this.#takeNonSpace();
      if (token.type !== "variable") {
        this.#next = start;
        return;
      }
      const next = this.#peekNonSpace();
      const declares = next.type === "assign" || next.type === "declare";
      if (!declares && !(next.type === "char" && next.value === ",")) {
        this.#next = start;
        return;
      }
      this.#takeNonSpace();
      pipe.variables.push({ kind: "variable", position: token.position, path: token.value.split(".") });
      this.#variables.push(token.value);
      if (declares) {
        pipe.assign = next.type === "assign";
        return;
      }
      if (context !== "range" || pipe.variables.length > 1) {
        this.#fail(`too many declarations in ${context}`);
      }
      if (!["variable", "rightDelim", "rightParen"].includes(this.#peekNonSpace().type)) {
        this.#fail("range can only initialize variables");
      }
    }
  }

  #command(): CommandNode {
    const command: CommandNode = { kind: "command", position: this.#peekNonSpace().position, operands: [] };
    for (;;) {
      this.#peekNonSpace();
      const operand = this.#operand();
      if (operand) command.operands.push(operand);
      const token = this.#take();
      if (token.type === "space") continue;
      if (token.type === "rightDelim" || token.type === "rightParen") this.#back();
      else if (token.type !== "pipe") this.#unexpected(token, "operand");
      break;
    }
    if (command.operands.length === 0) this.#fail("empty command");
    return command;
  }

  #operand(): Operand | undefined {
    const operand = this.#term();
    if (!operand || this.#peek().type !== "field") return operand;
    const { position } = this.#peek();
    const path: string[] = [];
    while (this.#peek().type === "field") path.push(this.#take().value.slice(1));
    switch (operand.kind) {
      case "field":
      case "variable":
        return { ...operand, position, path: [...operand.path, ...path] };
      case "bool":
      case "string":
      case "number":
      case "nil":
      case "dot":
        return this.#fail(`unexpected . after term ${quote(nodeText(operand))}`);
    }
    return { kind: "chain", position, operand, path } satisfies ChainNode;
  }

  #term(): Operand | undefined {
    const token = this.#takeNonSpace();
    const { position, value } = token;
    switch (token.type) {
      case "identifier":
        if (!this.#functions.has(value)) this.#fail(`function ${quote(value)} not defined`);
        return { kind: "identifier", position, name: value };
      case ".":
        return { kind: "dot", position };
      case "nil":
        return { kind: "nil", position };
      case "variable":
        if (!this.#variables.includes(value)) this.#fail(`undefined variable ${quote(value)}`);
        return { kind: "variable", position, path: [value] } satisfies VariableNode;
      case "field":
        return { kind: "field", position, path: [value.slice(1)] };
      case "bool":
        return { kind: "bool", position, truth: value === "true" };
      case "charConstant":
      case "complex":
      case "number": {
        const number = parseNumber(position, value, token.type);
        return typeof number === "string" ? this.#fail(number) : number;
      }
      case "leftParen":
        return this.#pipeline("parenthesized pipeline", "rightParen");
      case "string":
      case "rawString":
        return { kind: "string", position, literal: value, text: this.#stringToken(token) };
    }
    this.#back();
    return undefined;
  }
}

const startsOperand: ReadonlySet<TokenType> = new Set<TokenType>([
  "bool",
  "charConstant",
  "complex",
  ".",
  "field",
  "identifier",
  "number",
  "nil",
  "rawString",
  "string",
  "variable",
  "leftParen",
]);

function tokenText(token: Token): string {
  if (token.type === "eof") return "EOF";
  if (token.type === "error") return token.value;
  if (keywords.has(token.type)) return `<${token.value}>`;
  const characters = [...token.value];
  return characters.length > 10 ? `${quote(characters.slice(0, 10).join(""))}...` : quote(token.value);
}

function isEmpty(list: ListNode): boolean {
  return list.nodes.every((node) => node.kind === "text" && node.text.trim() === "");
}
