import { AwkInterpreter } from "./awk/interpreter.ts";
import { unescapeAwk } from "./awk/lexer.ts";
import { parseAwk } from "./awk/parser.ts";
import { AwkSyntaxError } from "./awk/syntax.ts";
import { RegexError } from "./posix-regex.ts";
import type { UserProgram } from "./user-program.ts";

/** awk: busybox's, and mawk on the host. */
export const awk: UserProgram = {
  names: ["awk", "mawk"],
  usage: "[OPTIONS] [AWK_PROGRAM] [FILE]...",
  summary: "Run an awk program on lines of FILEs (or stdin)",
  *main(io) {
    const options = yield* io.options(
      {
        short: "F:v:f:e:W:",
        long: { "field-separator": "F:", assign: "v:", file: "f:" },
        stopAtOperand: true,
      },
      2,
    );
    const operands = [...options.operands];
    const sources: string[] = options.all("e");
    for (const file of options.all("f")) {
      const text = yield* io.readText(file, 2);
      if (text === undefined) return 2;
      sources.push(text);
    }
    if (sources.length === 0) {
      const source = operands.shift();
      if (source === undefined) {
        if (io.busybox) return yield* io.usage();
        yield* io.printError("usage: mawk [Options] [Program] [file ...]\n");
        return 2;
      }
      sources.push(source);
    }
    try {
      const interpreter = new AwkInterpreter(io, parseAwk(sources.join("\n")), operands);
      const separator = options.get("F");
      if (separator !== undefined)
        interpreter.setVariable("FS", separator === "t" && io.busybox ? "\t" : unescapeAwk(separator));
      for (const assignment of options.all("v")) interpreter.assignArgument(assignment);
      return yield* interpreter.run();
    } catch (error) {
      if (error instanceof AwkSyntaxError) {
        return yield* io.fail(
          io.busybox
            ? `cmd. line:${error.line}: Unexpected token`
            : `line ${error.line}: syntax error at or near ${error.near}`,
          io.busybox ? 1 : 2,
        );
      }
      if (error instanceof RegexError)
        return yield* io.fail(
          io.busybox ? `bad regex: ${error.message}` : `regular expression compile failed (${error.message})`,
          io.busybox ? 1 : 2,
        );
      throw error;
    }
  },
};
