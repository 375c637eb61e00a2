import { commandLine } from "../command_line.ts";
import { readFlags } from "../flags.ts";
import { jsonOrText } from "../forms.ts";
import type { Instruction } from "../instruction.ts";

/** ENTRYPOINT ["program", "argument"] or ENTRYPOINT command: what comes before a container's command. */
export const entrypoint: Instruction = {
  keyword: "ENTRYPOINT",
  form: jsonOrText,
  parse(line) {
    readFlags(line.flags, {});
    const command = commandLine(line);
    // An empty entrypoint takes the base's away.
    return { kind: "entrypoint", command: command.args?.length === 0 ? { ...command, args: null } : command };
  },
};
