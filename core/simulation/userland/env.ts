import { runCommand } from "./run-command.ts";
import { sys } from "../kernel/syscalls.ts";
import type { UserProgram } from "./user-program.ts";

export const env: UserProgram = {
  names: ["env"],
  usage: "[-i0] [-u NAME]... [-] [NAME=VALUE]... [PROG ARGS]",
  summary: "Print current environment or run PROG after setting up environment",
  *main(io) {
    const options = yield* io.options(
      {
        short: "i0u:C:vS:",
        long: { "ignore-environment": "i", null: "0", unset: "u:", chdir: "C:", "split-string": "S:" },
        stopAtOperand: true,
      },
      125,
    );
    let operands = options.operands;
    const split = options.get("S");
    if (split !== undefined) operands = [...split.split(/\s+/).filter(Boolean), ...operands];
    const variables = new Map<string, string>();
    if (!options.has("i") && operands[0] !== "-") {
      for (const pair of io.process.env)
        variables.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    if (operands[0] === "-") operands = operands.slice(1);
    for (const name of options.all("u")) variables.delete(name);
    let at = 0;
    for (; at < operands.length && operands[at]!.indexOf("=") > 0; at++) {
      const pair = operands[at]!;
      variables.set(pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1));
    }
    const environment = [...variables].map(([name, value]) => `${name}=${value}`);
    const directory = options.get("C");
    if (directory !== undefined) yield* sys.chdir(directory);
    if (at < operands.length) return yield* runCommand(io, operands.slice(at), environment);
    for (const pair of environment) yield* io.print(pair + (options.has("0") ? "\0" : "\n"));
    return 0;
  },
};

export const printenv: UserProgram = {
  names: ["printenv"],
  usage: "[VARIABLE]...",
  summary: "Print environment VARIABLEs. If no VARIABLE specified, print all.",
  *main(io) {
    const options = yield* io.options({ short: "0", long: { null: "0" } }, 2);
    const end = options.has("0") ? "\0" : "\n";
    if (options.operands.length === 0) for (const pair of io.process.env) yield* io.print(pair + end);
    for (const name of options.operands) {
      const value = io.process.getenv(name);
      if (value === undefined) io.status = 1;
      else yield* io.print(value + end);
    }
    return io.status;
  },
};
