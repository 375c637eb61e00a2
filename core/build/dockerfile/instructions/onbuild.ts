import { readFlags } from "../flags.ts";
import { oneText } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";

/** ONBUILD INSTRUCTION: to be done by builds that start from this image. */
export const onbuild: Instruction = {
  keyword: "ONBUILD",
  form: oneText,
  parse(line) {
    if (line.args.length === 0) throw needsSome("ONBUILD");
    readFlags(line.flags, {});
    const trigger = line.args[0]!.trim().toUpperCase();
    if (trigger === "ONBUILD") throw new Error("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
    if (trigger === "MAINTAINER" || trigger === "FROM")
      throw new Error(`${trigger} isn't allowed as an ONBUILD trigger`);
    const heredocs = line.heredocs.map(({ name, content }) => `\n${content}${name}`);
    return { kind: "onbuild", trigger: line.text.replace(/^\s*ONBUILD\s*/i, "") + heredocs.join("") };
  },
};
