import { readFlags } from "../flags.ts";
import { jsonOrBlankSeparated } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";
import { trimSpace } from "../space.ts";

/** VOLUME PATH … or VOLUME ["PATH", …]. */
export const volume: Instruction = {
  keyword: "VOLUME",
  form: jsonOrBlankSeparated,
  parse(line) {
    if (line.args.length === 0) throw needsSome("VOLUME");
    readFlags(line.flags, {});
    const paths = line.args.map(trimSpace);
    if (paths.includes("")) throw new Error("VOLUME specified can not be an empty string");
    return { kind: "volume", paths: paths.map((word) => ({ word })) };
  },
};
