import { Errno } from "../../../files/filesystem.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { sys } from "../../kernel/syscalls.ts";
import { echoText } from "../echo-text.ts";
import { formatPrintf } from "../printf-format.ts";
import type { PrintfProblem } from "../printf-format.ts";
import type { Shell, Steps } from "../shell.ts";
import { TestError, evaluateTest } from "../test-expression.ts";
import type { Builtin } from "./builtin.ts";
import { builtins } from "./builtins.ts";

function fixed(status: number, special?: true): Builtin {
  return {
    ...(special ? { special } : {}),
    *run() {
      yield* sys.compute();
      return status;
    },
  };
}

export const colon = fixed(0, true);
export const trueBuiltin = fixed(0);
export const falseBuiltin = fixed(1);

/** Writes what a builtin has to say; a failed write is its failure. */
function* output(shell: Shell, builtin: string, text: string): Steps<number> {
  try {
    yield* shell.print(1, text);
    return 0;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = strerror(error.code);
    if (shell.dialect === "ash") yield* shell.print(2, `${shell.name}: write error: ${reason}\n`);
    else if (shell.dialect === "dash") yield* shell.complain(`I/O error`, builtin);
    else yield* shell.complain(`write error: ${reason}`, builtin);
    return 1;
  }
}

export const echo: Builtin = {
  *run(shell, words) {
    return yield* output(shell, "echo", echoText(words.slice(1), shell.dialect));
  },
};

export const printf: Builtin = {
  *run(shell, words) {
    const args = words.slice(1);
    if (args[0] === "--") args.shift();
    let variable: string | undefined;
    if (shell.dialect === "bash" && args[0] === "-v") [, variable] = args.splice(0, 2);
    const format = args.shift();
    if (format === undefined) {
      if (shell.dialect === "ash")
        yield* shell.print(2, `${shell.name}: usage: printf FORMAT [ARGUMENT...]\n`);
      else if (shell.dialect === "dash") yield* shell.complain("usage: printf format [arg ...]", "printf");
      else yield* shell.print(2, "printf: usage: printf [-v var] format [arguments]\n");
      return shell.dialect === "ash" ? 1 : 2;
    }
    const result = formatPrintf(format, args, shell.dialect !== "dash");
    for (const problem of result.problems) yield* printfProblem(shell, problem);
    if (variable !== undefined) shell.variables.set(variable, result.output);
    else if ((yield* output(shell, "printf", result.output)) !== 0) return 1;
    return result.problems.length === 0
      ? 0
      : shell.dialect === "dash" && result.problems[0]!.problem === "bad directive"
        ? 2
        : 1;
  },
};

function* printfProblem(shell: Shell, { problem, text }: PrintfProblem): Steps<void> {
  if (shell.dialect === "ash") {
    yield* shell.print(
      2,
      problem === "bad directive"
        ? `${shell.name}: %: invalid format\n`
        : `${shell.name}: invalid number '${text}'\n`,
    );
    return;
  }
  const bash = shell.dialect === "bash";
  const words = {
    "bad directive": bash ? `\`${text.slice(-1)}': invalid format character` : `${text}: invalid directive`,
    "not a number": bash ? `${text}: invalid number` : `${text}: expected numeric value`,
    "not completely converted": bash ? `${text}: invalid number` : `${text}: not completely converted`,
    "out of range": bash
      ? `warning: ${text}: Numerical result out of range`
      : `${text}: Numerical result out of range`,
  };
  yield* shell.complain(words[problem], "printf");
}

export const test: Builtin = {
  *run(shell, words) {
    const name = words[0]!;
    const args = words.slice(1);
    const closing = name === "[" ? "]" : name === "[[" ? "]]" : undefined;
    if (closing && args.pop() !== closing) {
      if (shell.dialect === "ash") yield* shell.print(2, `${shell.name}: missing ${closing}\n`);
      else
        yield* shell.complain(
          shell.dialect === "bash" ? `missing \`${closing}'` : `missing ${closing}`,
          name,
        );
      return 2;
    }
    try {
      return (yield* evaluateTest(args, name === "[[")) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestError)) throw error;
      yield* testProblem(shell, name, error);
      return 2;
    }
  },
};

function* testProblem(shell: Shell, name: string, { kind, operand }: TestError): Steps<void> {
  if (shell.dialect === "bash") {
    const text = kind === "bad number" ? `${operand}: integer expression expected` : kind === "argument expected" ? `${operand}: unary operator expected` : kind === "closing paren" ? "`)' expected" : "too many arguments";
    return yield* shell.complain(text, name);
  }
  const text =
    kind === "bad number"
      ? shell.dialect === "dash" ? `Illegal number: ${operand}` : `${operand}: bad number`
      : kind === "closing paren" ? "closing paren expected"
      : kind === "unknown operand" ? (shell.dialect === "dash" ? `${operand}: unexpected operator` : `${operand}: unknown operand`)
      : `${operand}: argument expected`;
  if (shell.dialect === "ash") yield* shell.print(2, `${shell.name}: ${text}\n`);
  else yield* shell.complain(text, name);
} // prettier-ignore

export const times: Builtin = {
  special: true,
  *run(shell) {
    const { user, system, childrenUser, childrenSystem } = yield* sys.times();
    const digits = shell.dialect === "dash" ? 6 : 3;
    const show = (nanoseconds: number) =>
      `${Math.floor(nanoseconds / 60e9)}m${((nanoseconds / 1e9) % 60).toFixed(digits)}s`;
    yield* shell.print(1, `${show(user)} ${show(system)}\n${show(childrenUser)} ${show(childrenSystem)}\n`);
    return 0;
  },
};

/** ash's list of builtins. */
export const help: Builtin = {
  dialects: ["ash", "bash"],
  *run(shell) {
    const names = [...builtins]
      .filter(([, builtin]) => !builtin.dialects || builtin.dialects.includes(shell.dialect))
      .map(([name]) => name);
    let line = "";
    let text = "Built-in commands:\n------------------\n";
    for (const name of names.sort()) {
      if (line.length + name.length + 1 > 70) {
        text += `\t${line}\n`;
        line = "";
      }
      line += (line === "" ? "" : " ") + name;
    }
    yield* shell.print(1, `${text}\t${line}\n`);
    return 0;
  },
};
