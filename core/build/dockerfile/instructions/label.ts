import { readFlags } from "../flags.ts";
import { pairs } from "../forms.ts";
import type { Instruction } from "../instruction.ts";
import { pairsOf } from "../pairs.ts";

/** LABEL key=value …. */
export const label: Instruction = {
  keyword: "LABEL",
  form: pairs("LABEL"),
  parse(line) {
    readFlags(line.flags, {});
    return { kind: "label", pairs: pairsOf(line, "LABEL") };
  },
};
