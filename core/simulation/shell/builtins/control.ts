import { Errno } from "../../../files/filesystem.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { readFile } from "../../kernel/io.ts";
import { sys } from "../../kernel/syscalls.ts";
import { decodeText } from "../characters.ts";
import { evaluateText } from "../evaluate.ts";
import { execute } from "../external.ts";
import { FunctionReturn, LoopJump, ShellExit, ShellFailure } from "../flow.ts";
import type { Shell, Steps } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

function jump(kind: "break" | "continue"): Builtin {
  return {
    special: true,
    *run(shell, words) {
      const levels = words[1] === undefined ? 1 : Number(words[1]);
      if (!Number.isInteger(levels) || levels < 1)
        throw new ShellFailure(badNumber(shell, words[1]!), 2, kind);
      if (shell.loops > 0) throw new LoopJump(kind, levels);
      if (shell.dialect === "bash")
        yield* shell.complain("only meaningful in a `for', `while', or `until' loop", kind);
      return 0;
    },
  };
}

export const breakBuiltin = jump("break");
export const continueBuiltin = jump("continue");

/** A shell's words for an argument that should have been a number. */
export function badNumber(shell: Shell, text: string): string {
  if (shell.dialect === "bash") return `${text}: numeric argument required`;
  return shell.dialect === "dash" ? `Illegal number: ${text}` : `bad number '${text}'`;
}

function* statusArgument(shell: Shell, words: readonly string[]): Steps<number> {
  const text = words[1];
  if (text === undefined) return shell.status;
  if (/^-?\d+$/.test(text) && (shell.dialect === "bash" || !text.startsWith("-"))) return Number(text) & 255;
  const message = shell.dialect === "ash" ? `Illegal number: ${text}` : badNumber(shell, text);
  if (shell.dialect === "bash") yield* shell.complain(message, words[0]!);
  else throw new ShellFailure(message, 2, words[0]!);
  return 2;
}

export const exit: Builtin = {
  special: true,
  *run(shell, words) {
    throw new ShellExit(yield* statusArgument(shell, words));
  },
};

export const returnBuiltin: Builtin = {
  special: true,
  *run(shell, words) {
    if (shell.returnable === 0 && shell.dialect === "bash") {
      yield* shell.complain("can only `return' from a function or sourced script", "return");
      return 2;
    }
    throw new FunctionReturn(yield* statusArgument(shell, words));
  },
};

export const evalBuiltin: Builtin = {
  special: true,
  *run(shell, words) {
    return yield* evaluateText(shell, words.slice(1).join(" "));
  },
};

/** `exec [COMMAND…]`; without a command its redirections stay, which the caller sees to. */
export const exec: Builtin = {
  special: true,
  *run(shell, words) {
    const args = words.slice(1);
    if (args[0] === "--") args.shift();
    let name: string | undefined;
    if (args[0] === "-a" && shell.extended) {
      name = args[1];
      args.splice(0, 2);
    }
    if (args.length === 0) return 0;
    if (name !== undefined) args[0] = name;
    return yield* execute(shell, args, shell.variables.environment(), "exec");
  },
};

/** `. FILE`: runs a file's commands in this shell. */
export const dot: Builtin = {
  special: true,
  *run(shell, words) {
    const file = words[1];
    if (file === undefined)
      throw new ShellFailure(
        shell.dialect === "bash" ? "filename argument required" : "filename argument required",
        2,
        words[0]!,
      );
    const path = yield* findScript(shell, file);
    let text: string;
    try {
      text = decodeText(yield* readFile(path));
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason = strerror(error.code);
      if (shell.dialect === "bash") {
        yield* shell.complain(`${file}: ${reason}`);
        return 1;
      }
      if (shell.dialect === "ash") throw new ShellFailure(`can't open '${file}': ${reason}`, 2, ".");
      throw new ShellFailure(
        `cannot open ${file}: ${error.code === "ENOENT" ? "No such file" : reason}`,
        2,
        ".",
      );
    }
    const { positional, loops } = shell;
    if (words.length > 2 && shell.extended) shell.positional = words.slice(2);
    shell.returnable++;
    shell.loops = 0;
    try {
      return yield* evaluateText(shell, text);
    } catch (error) {
      if (error instanceof FunctionReturn) return error.status;
      throw error;
    } finally {
      shell.returnable--;
      shell.loops = loops;
      if (words.length > 2 && shell.extended) shell.positional = positional;
    }
  },
};

function* findScript(shell: Shell, file: string): Steps<string> {
  if (file.includes("/")) return file;
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const path = `${directory}/${file}`;
    try {
      if ((yield* sys.stat(path)).kind === "file") return path;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
  }
  if (shell.dialect === "dash") throw new ShellFailure(`${file}: not found`, 2, ".");
  return file;
}
