import type { Operation, Stage } from "../graph.ts";
import type { ArgumentForm } from "./forms.ts";
import type { InstructionLine } from "./lines.ts";

/** One instruction of the Dockerfile language. */
export interface Instruction {
  /** "RUN". */
  keyword: string;
  /** How its arguments are split. */
  form: ArgumentForm;
  /** What it asks for. Throws an Error with Docker's text. */
  parse(line: InstructionLine): Operation | StageStart;
}

/** FROM asks for no operation: it begins a stage. */
export interface StageStart {
  kind: "from";
  stage: Stage;
}

/** Says that an instruction has a wrong number of arguments. */
export const needsOne = (keyword: string) => new Error(`${keyword} requires exactly one argument`);
export const needsSome = (keyword: string) => new Error(`${keyword} requires at least one argument`);
