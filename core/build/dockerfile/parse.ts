import type { ArgumentOperation, BuildGraph, Expander, Operation, Step } from "../graph.ts";
import { instructionOf, instructions } from "./instructions.ts";
import type { StageStart } from "./instruction.ts";
import { type InstructionLine, type LogicalLines, readLines } from "./lines.ts";
import { expandToWords, expandWord, type Variables } from "./shell_lexer.ts";
import { trimSpace } from "./space.ts";
import { withSuggestion } from "./suggest.ts";

/**
 * Reads a Dockerfile: the front end. Throws an Error with Docker's text; `name` is the file's, for
 * "failed to parse Dockerfile: file with no instructions".
 */
export function parseDockerfile(dockerfile: string, name = "Dockerfile"): BuildGraph {
  if (dockerfile === "") throw new Error(`the Dockerfile (${name}) cannot be empty`);
  let read: LogicalLines;
  try {
    read = readLines(dockerfile);
  } catch (error) {
    throw new Error(`failed to parse ${name}: ${(error as Error).message}`);
  }
  const graph: BuildGraph = { globals: [], stages: [], escape: read.escape, warnings: warningsOf(read) };
  for (const line of read.lines) {
    let parsed: Operation | StageStart;
    try {
      parsed = parseInstruction(line);
    } catch (error) {
      throw new Error(`dockerfile parse error on line ${line.line}: ${(error as Error).message}`);
    }
    if (parsed.kind === "from") {
      graph.stages.push(parsed.stage);
      continue;
    }
    const step = { operation: parsed, source: trimSpace(line.text), line: line.line };
    const stage = graph.stages.at(-1);
    if (stage) stage.steps.push(step);
    else if (parsed.kind === "arg") graph.globals.push(step as Step<ArgumentOperation>);
    else throw new Error("no build stage in current context");
  }
  return graph;
}

/**
 * Reads a single instruction that is no FROM: an ONBUILD trigger. Its escape character is always the usual one.
 */
export function parseTrigger(trigger: string): Step {
  const { lines } = readLines(trigger);
  const [line] = lines;
  if (!line || lines.length !== 1) throw new Error("onbuild trigger should be a single expression");
  return { operation: parseOperation(line), source: trimSpace(line.text), line: line.line };
}

/** Reads lines that are instructions but no whole Dockerfile: those of docker commit --change. */
export function parseChanges(changes: readonly string[]): { keyword: string; operation: () => Operation }[] {
  return readLines(changes.join("\n")).lines.map((line) => ({
    keyword: line.keyword,
    operation: () => parseOperation(line),
  }));
}

/** Dockerfile words with these variables. */
export function expanderOf(variables: Variables, escape: string): Expander {
  return {
    word: (text) => expandWord(text, variables, { escape }),
    words: (text) => expandToWords(text, variables, { escape }),
  };
}

function parseInstruction(line: InstructionLine): Operation | StageStart {
  const instruction = instructionOf(line.keyword);
  if (instruction) return instruction.parse(line);
  const keywords = instructions.map(({ keyword }) => keyword);
  throw new Error(withSuggestion(`unknown instruction: ${line.keyword}`, line.keyword, keywords, false));
}

function parseOperation(line: InstructionLine): Operation {
  const parsed = parseInstruction(line);
  if (parsed.kind === "from") throw new Error("*instructions.Stage is not a command type");
  return parsed;
}

function warningsOf({ emptyContinuations }: LogicalLines): string[] {
  if (emptyContinuations.length === 0) return [];
  return [
    ...emptyContinuations.map((text) => `[WARNING]: Empty continuation line found in: ${text}`),
    "[WARNING]: Empty continuation lines will become errors in a future release.",
  ];
}
