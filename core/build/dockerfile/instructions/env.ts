import { readFlags } from "../flags.ts";
import { pairs } from "../forms.ts";
import type { Instruction } from "../instruction.ts";
import { pairsOf } from "../pairs.ts";

/** ENV NAME=value … or ENV NAME value. */
export const env: Instruction = {
  keyword: "ENV",
  form: pairs("ENV"),
  parse(line) {
    readFlags(line.flags, {});
    return { kind: "env", pairs: pairsOf(line, "ENV") };
  },
};
