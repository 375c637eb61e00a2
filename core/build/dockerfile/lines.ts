import { DirectiveReader } from "./directives.ts";
import type { Arguments } from "./forms.ts";
import { splitFlags } from "./flags.ts";
import { type Heredoc, heredocsOf } from "./heredoc.ts";
import { formOf } from "./instructions.ts";
import { splitBlanks, trimLeadingSpace, trimSpace } from "./space.ts";

/** One instruction as it stands in a Dockerfile: continuation lines joined, comments gone, arguments split. */
export interface InstructionLine extends Arguments {
  /** As written: "From". */
  keyword: string;
  flags: string[];
  /** The whole instruction as one line. */
  text: string;
  heredocs: Heredoc[];
  /** Of its first line, from 1. */
  line: number;
  /** ONBUILD: the instruction in it. */
  trigger: InstructionLine | undefined;
}

export interface LogicalLines {
  lines: InstructionLine[];
  escape: string;
  /** Instructions that had empty lines in their continuation. */
  emptyContinuations: string[];
}

const LONGEST_LINE = 65535;
const HEREDOC_INSTRUCTIONS = ["add", "copy", "run"];

/** Splits a Dockerfile into its instructions. Throws an Error with Docker's text. */
export function readLines(dockerfile: string): LogicalLines {
  const physical = splitPhysical(dockerfile.replace(/^\ufeff/, ""));
  const directives = new DirectiveReader();
  const lines: InstructionLine[] = [];
  const emptyContinuations: string[] = [];
  let at = 0;

  /** A line without its end; empty when it is a comment. */
  const process = (line: string): string => {
    directives.read(line);
    return trimLeadingSpace(line).startsWith("#") ? "" : line;
  };

  while (at < physical.length) {
    const start = at + 1;
    let { text, continues } = withoutContinuation(
      process(trimLeadingSpace(withoutEnd(physical[at++]!))),
      directives.escape,
    );
    if (!continues && text === "") continue;
    let hasEmpty = false;
    while (continues && at < physical.length) {
      const original = physical[at++]!;
      const line = process(withoutEnd(original));
      if (trimLeadingSpace(original).startsWith("#")) continue;
      if (trimLeadingSpace(line) === "") {
        hasEmpty = true;
        continue;
      }
      const part = withoutContinuation(line, directives.escape);
      text += part.text;
      continues = part.continues;
    }
    if (hasEmpty) emptyContinuations.push(text);

    const line = readInstruction(text, directives.escape, start);
    if (takesHeredocs(line) && text.includes("<<")) {
      for (const heredoc of heredocsOf(text)) {
        let terminated = false;
        while (!terminated && at < physical.length) {
          const content = physical[at++]!;
          const end = content.replace(/[\r\n]+$/, "");
          terminated = (heredoc.chomp ? end.replace(/^\t+/, "") : end) === heredoc.name;
          if (!terminated) heredoc.content += content;
        }
        if (!terminated) throw new Error("unterminated heredoc");
        line.heredocs.push(heredoc);
      }
    }
    lines.push(line);
  }
  if (lines.length === 0) throw new Error("file with no instructions");
  return { lines, escape: directives.escape, emptyContinuations };
}

/** Reads an instruction that stands on one line. Throws an Error with Docker's text for malformed arguments. */
export function readInstruction(text: string, escape: string, line: number): InstructionLine {
  const [keyword = "", after = ""] = splitBlanks(trimSpace(text), 2);
  const { flags, rest } = splitFlags(after, escape);
  const content = trimSpace(rest);
  const read = { keyword, flags, text, line, heredocs: [] };
  if (keyword.toLowerCase() === "onbuild" && content !== "") {
    const trigger = readInstruction(content, escape, line);
    return { ...read, args: [trigger.keyword, ...trigger.args], json: false, trigger };
  }
  return { ...read, ...formOf(keyword)(content, escape), trigger: undefined };
}

function takesHeredocs(line: InstructionLine): boolean {
  const { keyword, json } = line.trigger ?? line;
  return HEREDOC_INSTRUCTIONS.includes(keyword.toLowerCase()) && !json;
}

/** Lines with their ends. */
function splitPhysical(text: string): string[] {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  for (const line of lines)
    if (line.length > LONGEST_LINE)
      throw new Error(`dockerfile line greater than max allowed size of ${LONGEST_LINE}`);
  return lines;
}

const withoutEnd = (line: string) => line.replace(/[\r\n]+$/, "");

/**
 * An escape character that ends a line joins the next one to it, unless another stands before it.
 * (So "\\\" at a line's end joins nothing either, which Docker knows and keeps.)
 */
function withoutContinuation(line: string, escape: string): { text: string; continues: boolean } {
  const trimmed = line.replace(/[ \t]*$/, "");
  const continues = trimmed.endsWith(escape) && trimmed.at(-2) !== escape;
  return continues ? { text: trimmed.slice(0, -1), continues } : { text: line, continues };
}
