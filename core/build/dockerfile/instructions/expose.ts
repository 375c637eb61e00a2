import { readFlags } from "../flags.ts";
import { blankSeparated } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";

/** EXPOSE PORT[/PROTOCOL] …. */
export const expose: Instruction = {
  keyword: "EXPOSE",
  form: blankSeparated,
  parse(line) {
    if (line.args.length === 0) throw needsSome("EXPOSE");
    readFlags(line.flags, {});
    return { kind: "expose", ports: [...line.args].sort().map((port) => ({ words: port })) };
  },
};
