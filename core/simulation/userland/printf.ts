import { formatPrintf } from "../shell/printf-format.ts";
import type { UserProgram } from "./user-program.ts";

export const printf: UserProgram = {
  names: ["printf"],
  usage: "FORMAT [ARG]...",
  summary: "Format and print ARG(s) according to FORMAT (a-la C printf)",
  *main(io) {
    const [format, ...args] = io.args[0] === "--" ? io.args.slice(1) : io.args;
    if (format === undefined) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain("missing operand");
      return yield* io.usage();
    }
    const result = formatPrintf(format, args);
    yield* io.print(result.output);
    for (const { problem, text } of result.problems) {
      if (io.busybox)
        yield* io.complain(problem === "bad directive" ? "%: invalid format" : `invalid number '${text}'`);
      else if (problem === "bad directive") yield* io.complain(`${text}: invalid conversion specification`);
      else if (problem === "not a number") yield* io.complain(`'${text}': expected a numeric value`);
      else if (problem === "not completely converted")
        yield* io.complain(`'${text}': value not completely converted`);
      else yield* io.complain(`'${text}': Numerical result out of range`);
    }
    return result.problems.length === 0 ? 0 : 1;
  },
};
