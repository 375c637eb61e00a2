import { words } from "../forms.ts";
import { type Instruction, needsSome } from "../instruction.ts";

/** ARG NAME[=DEFAULT] …: variables that --build-arg may set. */
export const arg: Instruction = {
  keyword: "ARG",
  form: words,
  parse(line) {
    if (line.args.length === 0) throw needsSome("ARG");
    return {
      kind: "arg",
      declarations: line.args.map((argument) => {
        const equals = argument.indexOf("=");
        if (equals === 0) throw new Error("ARG names can not be blank");
        if (equals < 0) return { key: { word: argument }, value: undefined };
        return { key: { word: argument.slice(0, equals) }, value: { word: argument.slice(equals + 1) } };
      }),
    };
  },
};
