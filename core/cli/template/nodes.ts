/** A parsed template. `position` is an index into the template's text. */
export type Node =
  | { kind: "text"; position: number; text: string }
  | ActionNode
  | { kind: "if" | "with" | "range"; position: number; pipe: PipeNode; list: ListNode; elseList?: ListNode }
  | { kind: "template"; position: number; name: string; pipe?: PipeNode }
  | { kind: "break" | "continue"; position: number };

export type BranchNode = Extract<Node, { kind: "if" | "with" | "range" }>;
export type TemplateNode = Extract<Node, { kind: "template" }>;

export interface ActionNode {
  kind: "action";
  position: number;
  pipe: PipeNode;
}

export interface ListNode {
  position: number;
  nodes: Node[];
}

/** `$x, $y := command | command`: the value of the last command, each given that of the one before it. */
export interface PipeNode {
  kind: "pipe";
  position: number;
  assign: boolean;
  variables: VariableNode[];
  commands: CommandNode[];
}

export interface CommandNode {
  kind: "command";
  position: number;
  operands: Operand[];
}

export interface VariableNode {
  kind: "variable";
  position: number;
  /** The variable with its dollar sign, then fields. */
  path: string[];
}

export interface NumberNode {
  kind: "number";
  position: number;
  text: string;
  /** The value as each type that can hold it. */
  int?: bigint;
  uint?: bigint;
  float?: number;
  complex?: { real: number; imaginary: number };
}

export type IdentifierNode = { kind: "identifier"; position: number; name: string };
export type FieldNode = { kind: "field"; position: number; path: string[] };
export type ChainNode = { kind: "chain"; position: number; operand: Operand; path: string[] };

export type Operand =
  | PipeNode
  | VariableNode
  | NumberNode
  | IdentifierNode
  | FieldNode
  | ChainNode
  | { kind: "dot"; position: number }
  | { kind: "nil"; position: number }
  | { kind: "bool"; position: number; truth: boolean }
  | { kind: "string"; position: number; literal: string; text: string };

/** Anything that an error can be about. */
export type AnyNode = Node | Operand | CommandNode;

/** The node as template text again: what Go's errors show between "<" and ">". */
export function nodeText(node: AnyNode): string {
  switch (node.kind) {
    case "text":
      return node.text;
    case "action":
      return `{{${nodeText(node.pipe)}}}`;
    case "if":
    case "with":
    case "range": {
      const otherwise = node.elseList ? `{{else}}${listText(node.elseList)}` : "";
      return `{{${node.kind} ${nodeText(node.pipe)}}}${listText(node.list)}${otherwise}{{end}}`;
    }
    case "template":
      return `{{template ${JSON.stringify(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
    case "break":
    case "continue":
      return `{{${node.kind}}}`;
    case "pipe": {
      const declared = node.variables.length
        ? `${node.variables.map(nodeText).join(", ")} ${node.assign ? "=" : ":="} `
        : "";
      return declared + node.commands.map(nodeText).join(" | ");
    }
    case "command":
      return node.operands.map(parenthesized).join(" ");
    case "chain":
      return [parenthesized(node.operand), ...node.path].join(".");
    case "variable":
      return node.path.join(".");
    case "field":
      return `.${node.path.join(".")}`;
    case "identifier":
      return node.name;
    case "number":
      return node.text;
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.truth);
    case "string":
      return node.literal;
  }
}

function parenthesized(operand: Operand): string {
  return operand.kind === "pipe" ? `(${nodeText(operand)})` : nodeText(operand);
}

function listText(list: ListNode): string {
  return list.nodes.map(nodeText).join("");
}
