import { readFlags } from "../flags.ts";
import { jsonOrText } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";

/** SHELL ["program", "-c"]: what runs the shell forms that follow. */
export const shell: Instruction = {
  keyword: "SHELL",
  form: jsonOrText,
  parse(line) {
    readFlags(line.flags, {});
    if (line.args.length === 0) throw needsSome("SHELL");
    if (!line.json) throw new Error("SHELL requires the arguments to be in JSON form");
    return { kind: "shell", shell: line.args };
  },
};
