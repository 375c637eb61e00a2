import { sys } from "../../kernel/syscalls.ts";
import { arithmetic } from "../expand.ts";
import type { Builtin } from "./builtin.ts";

/** `shopt`: bash's further options. They are taken, and change nothing here. */
export const shopt: Builtin = {
  dialects: ["bash"],
  *run() {
    yield* sys.compute();
    return 0;
  },
};

/** `let EXPRESSION…`: status 1 when the last is 0. */
export const let_: Builtin = {
  dialects: ["ash", "bash"],
  *run(shell, words) {
    let value = "0";
    for (const word of words.slice(1)) value = yield* arithmetic(shell, word);
    return value === "0" ? 1 : 0;
  },
};

export const history: Builtin = {
  dialects: ["ash", "bash"],
  *run(shell) {
    const width = shell.dialect === "bash" ? 5 : 4;
    const first = shell.dialect === "bash" ? 1 : 0;
    yield* shell.print(
      1,
      shell.history
        .map(
          (line, at) =>
            `${String(at + first).padStart(width)}${shell.dialect === "bash" ? "  " : " "}${line}\n`,
        )
        .join(""),
    );
    return 0;
  },
};
