import { oneText } from "../forms.ts";
import { type Instruction, needsOne } from "../instruction.ts";

/** STOPSIGNAL SIGNAL: what docker stop sends. */
export const stopsignal: Instruction = {
  keyword: "STOPSIGNAL",
  form: oneText,
  parse(line) {
    if (line.args.length !== 1) throw needsOne("STOPSIGNAL");
    return { kind: "stopsignal", signal: { word: line.args[0]! } };
  },
};
