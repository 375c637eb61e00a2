/** The syntax tree of awk programs. */
export type AwkExpression =
  | { type: "number"; value: number }
  | { type: "string"; value: string }
  | { type: "regex"; source: string }
  | { type: "variable"; name: string }
  | { type: "field"; index: AwkExpression }
  | { type: "element"; array: string; index: AwkExpression[] }
  | { type: "assign"; operator: string; target: AwkExpression; value: AwkExpression }
  | { type: "conditional"; condition: AwkExpression; yes: AwkExpression; no: AwkExpression }
  | { type: "binary"; operator: string; left: AwkExpression; right: AwkExpression }
  | { type: "match"; negated: boolean; left: AwkExpression; right: AwkExpression }
  | { type: "in"; array: string; index: AwkExpression[] }
  | { type: "unary"; operator: string; operand: AwkExpression }
  | { type: "step"; by: number; prefix: boolean; target: AwkExpression }
  | { type: "call"; name: string; args: AwkExpression[]; user: boolean }
  | { type: "group"; list: AwkExpression[] }
  | { type: "getline"; kind: "plain" | "file" | "command"; source?: AwkExpression; target?: AwkExpression };

export type AwkStatement =
  | { type: "block"; body: AwkStatement[] }
  | { type: "expression"; expression: AwkExpression }
  | {
      type: "print" | "printf";
      args: AwkExpression[];
      to?: { kind: ">" | ">>" | "|"; target: AwkExpression };
    }
  | { type: "if"; condition: AwkExpression; then: AwkStatement; otherwise?: AwkStatement }
  | { type: "while"; condition: AwkExpression; body: AwkStatement; after: boolean }
  | { type: "for"; start?: AwkStatement; condition?: AwkExpression; step?: AwkStatement; body: AwkStatement }
  | { type: "for in"; variable: AwkExpression; array: string; body: AwkStatement }
  | { type: "delete"; array: string; index?: AwkExpression[] }
  | { type: "next" | "nextfile" | "break" | "continue" }
  | { type: "exit" | "return"; value?: AwkExpression };

export type AwkPattern =
  | { type: "BEGIN" | "END" | "always" }
  | { type: "expression"; expression: AwkExpression }
  | { type: "range"; from: AwkExpression; to: AwkExpression; id: number };

export interface AwkProgram {
  rules: { pattern: AwkPattern; body: AwkStatement | undefined }[];
  functions: Map<string, { parameters: string[]; body: AwkStatement }>;
}

/** A mistake in an awk program. */
export class AwkSyntaxError extends Error {
  override name = "AwkSyntaxError";
  readonly line: number;
  readonly near: string;
  constructor(near: string, line: number) {
    super(`syntax error at or near ${near}`);
    this.near = near;
    this.line = line;
  }
}
