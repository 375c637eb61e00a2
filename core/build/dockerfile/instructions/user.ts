import { readFlags } from "../flags.ts";
import { oneText } from "../forms.ts";
import { type Instruction, needsOne } from "../instruction.ts";

/** USER NAME[:GROUP]. */
export const user: Instruction = {
  keyword: "USER",
  form: oneText,
  parse(line) {
    if (line.args.length !== 1) throw needsOne("USER");
    readFlags(line.flags, {});
    return { kind: "user", user: { word: line.args[0]! } };
  },
};
