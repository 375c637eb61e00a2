import type { CommandLine } from "../graph.ts";
import type { InstructionLine } from "./lines.ts";

/** The command of RUN, CMD and ENTRYPOINT: exec form (a JSON list) as it is, shell form as one argument. */
export function commandLine(line: InstructionLine): CommandLine {
  return {
    args: textOrList(line.args, line.json),
    shell: !line.json,
    files: line.heredocs.map(({ name, content, chomp }) => ({ name, content, chomp })),
  };
}

/** A JSON list as it is; anything else joined to one text. */
export function textOrList(args: string[], json: boolean): string[] {
  return json || args.length === 0 ? args : [args.join(" ")];
}
