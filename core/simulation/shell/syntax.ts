/** The syntax tree of shell programs. */

/** A word before expansion: parts side by side, each quoted or not. */
export type Word = readonly WordPart[];

export type WordPart =
  | { type: "literal"; text: string; quoted: boolean }
  | { type: "parameter"; name: string; operation?: ParameterOperation; quoted: boolean; source: string }
  | { type: "command"; body: Sequence; quoted: boolean }
  | { type: "arithmetic"; expression: Word; quoted: boolean };

/** What `${name…}` does with the value beyond giving it. */
export type ParameterOperation =
  | { type: "length" }
  | { type: "default" | "assign" | "error" | "alternative"; colon: boolean; word: Word }
  | { type: "prefix" | "suffix"; longest: boolean; pattern: Word }
  | { type: "substring"; offset: Word; length?: Word }
  | { type: "replace"; all: boolean; anchor: "" | "#" | "%"; pattern: Word; replacement: Word }
  | { type: "case"; upper: boolean; all: boolean }
  | { type: "indirect" }
  | { type: "bad" };

export interface Assignment {
  name: string;
  value: Word;
  append: boolean;
}

export interface Redirection {
  /** The descriptor that is redirected; undefined is the operator's own (0 for <, 1 for >). */
  fd?: number;
  operator: "<" | ">" | ">>" | "<>" | ">|" | "<&" | ">&" | "<<" | "<<<" | "&>";
  /** The file or descriptor; for a here-document its body. */
  target: Word;
}

export interface Sequence {
  type: "sequence";
  commands: { command: Command; background: boolean; text: string }[];
}

export interface SimpleCommand {
  type: "simple";
  assignments: Assignment[];
  words: Word[];
  redirections: Redirection[];
  line: number;
}

export interface Pipeline {
  type: "pipeline";
  commands: Command[];
  negated: boolean;
  /** Preceded by the reserved word `time` (bash, busybox). */
  timed: boolean;
  text: string;
}

export interface CompoundCommand {
  type: "compound";
  body: CompoundBody;
  redirections: Redirection[];
  line: number;
}

export type CompoundBody =
  | { type: "subshell"; body: Sequence }
  | { type: "group"; body: Sequence }
  | { type: "if"; clauses: { condition: Sequence; body: Sequence }[]; otherwise?: Sequence }
  | { type: "while"; until: boolean; condition: Sequence; body: Sequence }
  | { type: "for"; variable: string; words?: Word[]; body: Sequence }
  | { type: "case"; word: Word; clauses: { patterns: Word[]; body: Sequence; next: ";;" | ";&" }[] };

export type Command =
  | SimpleCommand
  | Pipeline
  | CompoundCommand
  | { type: "and" | "or"; left: Command; right: Command }
  | { type: "function"; name: string; body: Command; line: number };

/** A mistake in a shell program. How it is told depends on the shell: dialect.ts. */
export class ShellSyntaxError extends Error {
  override name = "ShellSyntaxError";
  readonly mistake: SyntaxMistake;
  readonly line: number;
  constructor(mistake: SyntaxMistake, line: number) {
    super(mistake.type === "other" ? mistake.text : mistake.type);
    this.mistake = mistake;
    this.line = line;
  }
}

export type SyntaxMistake =
  | { type: "unexpected"; token: string; expecting?: string }
  | { type: "unterminated"; quote: string }
  | { type: "other"; text: string };

/** The text ends within a command, and more may come. */
export class IncompleteCommand extends Error {
  override name = "IncompleteCommand";
}

/** The text of a word that has nothing to expand and no quotes; undefined for any other. */
export function plainText(word: Word): string | undefined {
  if (word.length !== 1) return undefined;
  const part = word[0]!;
  return part.type === "literal" && !part.quoted ? part.text : undefined;
}
