import { readFlags } from "../flags.ts";
import { oneText } from "../forms.ts";
import { type Instruction, needsOne } from "../instruction.ts";

/** MAINTAINER NAME: the image's author (LABEL is preferred now). */
export const maintainer: Instruction = {
  keyword: "MAINTAINER",
  form: oneText,
  parse(line) {
    if (line.args.length !== 1) throw needsOne("MAINTAINER");
    readFlags(line.flags, {});
    return { kind: "maintainer", name: line.args[0]! };
  },
};
