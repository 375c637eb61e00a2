import { commandLine } from "../command_line.ts";
import { readFlags } from "../flags.ts";
import { jsonOrText } from "../forms.ts";
import type { Instruction } from "../instruction.ts";

/** CMD ["program", "argument"] or CMD command: what a container runs when nothing else is said. */
export const cmd: Instruction = {
  keyword: "CMD",
  form: jsonOrText,
  parse(line) {
    readFlags(line.flags, {});
    return { kind: "cmd", command: commandLine(line) };
  },
};
