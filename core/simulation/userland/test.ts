import { TestError, evaluateTest } from "../shell/test-expression.ts";
import type { UserProgram } from "./user-program.ts";

export const test: UserProgram = {
  names: ["test", "[", "[["],
  usage: "EXPRESSION ]",
  summary:
    "Check file types, compare values etc. Return a 0/1 exit code depending on logical value of EXPRESSION",
  *main(io) {
    const args = [...io.args];
    const closing = io.applet === "[" ? "]" : io.applet === "[[" ? "]]" : undefined;
    if (closing && args.pop() !== closing)
      return yield* io.fail(io.busybox ? `missing ${closing}` : `missing '${closing}'`, 2);
    try {
      return (yield* evaluateTest(args, io.applet === "[[")) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestError)) throw error;
      const { kind, operand } = error;
      if (io.busybox) {
        const text =
          { "bad number": "bad number", "unknown operand": "unknown operand" }[kind as string] ??
          "argument expected";
        return yield* io.fail(kind === "closing paren" ? "closing paren expected" : `${operand}: ${text}`, 2);
      }
      if (kind === "bad number") return yield* io.fail(`invalid integer '${operand}'`, 2);
      if (kind === "argument expected") return yield* io.fail(`missing argument after '${operand}'`, 2);
      return yield* io.fail(`extra argument '${operand}'`, 2);
    }
  },
};
