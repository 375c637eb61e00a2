import { goQuote } from "../../gotext.ts";
import { commandLine } from "../command_line.ts";
import { readFlags } from "../flags.ts";
import { jsonOrText } from "../forms.ts";
import type { Instruction } from "../instruction.ts";

const NETWORKS = ["default", "none", "host"];

/** RUN command or RUN ["program", "argument"]; [--mount --network]. */
export const run: Instruction = {
  keyword: "RUN",
  form: jsonOrText,
  parse(line) {
    const flags = readFlags(line.flags, { mount: "strings", network: "string" });
    const network = flags.used.includes("network") ? flags.string("network") : "default";
    if (!NETWORKS.includes(network)) throw new Error(`invalid network mode ${goQuote(network)}`);
    return {
      kind: "run",
      command: commandLine(line),
      flags: flags.used,
      mounts: flags.strings("mount"),
      network,
    };
  },
};
