import { readFlags } from "../flags.ts";
import { oneText } from "../forms.ts";
import { type Instruction, needsOne } from "../instruction.ts";

/** WORKDIR PATH: made when it is missing; a relative path is below the one before. */
export const workdir: Instruction = {
  keyword: "WORKDIR",
  form: oneText,
  parse(line) {
    if (line.args.length !== 1) throw needsOne("WORKDIR");
    readFlags(line.flags, {});
    return { kind: "workdir", path: { word: line.args[0]! } };
  },
};
