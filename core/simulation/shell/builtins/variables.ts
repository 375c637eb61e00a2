import { ShellFailure } from "../flow.ts";
import { quoteSingle } from "../quoting.ts";
import type { Shell, Steps } from "../shell.ts";
import type { Variable } from "../variables.ts";
import type { Builtin } from "./builtin.ts";
import { badNumber } from "./control.ts";

/** Splits "name=value" and checks the name. */
function parseName(shell: Shell, word: string, builtin: string): { name: string; value: string | undefined } {
  const at = word.indexOf("=");
  const name = at < 0 ? word : word.slice(0, at);
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    if (shell.dialect === "bash") throw new ShellFailure(`\`${word}': not a valid identifier`, 1, builtin);
    throw new ShellFailure(`${name}: bad variable name`, 2, builtin);
  }
  return { name, value: at < 0 ? undefined : word.slice(at + 1) };
}

function marking(builtin: "export" | "readonly", mark: "exported" | "readonly"): Builtin {
  return {
    special: true,
    *run(shell, words) {
      const args = words.slice(1);
      let remove = false;
      let print = args.length === 0;
      while (args[0] !== undefined && /^-[pnf]+$/.test(args[0])) {
        const flags = args.shift()!;
        remove ||= flags.includes("n") && shell.extended;
        print ||= flags.includes("p") && args.length === 0;
      }
      if (args[0] === "--") args.shift();
      if (print) yield* listVariables(shell, builtin, (variable) => variable[mark]);
      for (const word of args) {
        const { name, value } = parseName(shell, word, builtin);
        if (value !== undefined) shell.variables.set(name, value);
        shell.variables.mark(name, { [mark]: !remove });
      }
      return 0;
    },
  };
}

export const exportBuiltin = marking("export", "exported");
export const readonlyBuiltin = marking("readonly", "readonly");

function* listVariables(shell: Shell, builtin: string, wanted: (variable: Variable) => boolean): Steps<void> {
  for (const name of shell.variables.names().sort()) {
    const variable = shell.variables.lookup(name)!;
    if (!wanted(variable) || name.startsWith(" ")) continue;
    const flags = `${variable.readonly ? "r" : ""}${variable.exported ? "x" : ""}` || "-";
    const head = shell.dialect === "bash" ? `declare -${flags}` : builtin;
    const quote = (value: string) =>
      shell.dialect === "bash" ? `"${value.replace(/["\\$`]/g, "\\$&")}"` : quoteSingle(shell.dialect, value);
    yield* shell.print(
      1,
      `${head} ${name}${variable.value === undefined ? "" : `=${quote(variable.value)}`}\n`,
    );
  }
}

/** `local NAME[=VALUE]…`, which bash's declare also is within a function. */
export const local: Builtin = {
  *run(shell, words) {
    const builtin = words[0]!;
    if (!shell.variables.inFrame && builtin === "local") {
      if (shell.dialect === "bash") {
        yield* shell.complain("can only be used in a function", builtin);
        return 1;
      }
      throw Object.assign(new ShellFailure("", 2), yield* complained(shell));
    }
    const args = words.slice(1);
    const flags = new Set<string>();
    while (args[0] !== undefined && /^-[a-zA-Z]+$/.test(args[0]))
      for (const flag of args.shift()!.slice(1)) flags.add(flag);
    if (args.length === 0 && builtin !== "local")
      yield* listVariables(shell, builtin, (variable) => !flags.has("x") || variable.exported);
    for (const word of args) {
      if (word === "-" && builtin === "local") continue;
      const { name, value } = parseName(shell, word, builtin);
      shell.variables.localise(name);
      if (value !== undefined) shell.variables.set(name, value);
      if (flags.has("x")) shell.variables.mark(name, { exported: true });
      if (flags.has("r")) shell.variables.mark(name, { readonly: true });
    }
    return 0;
  },
};

function* complained(shell: Shell): Steps<object> {
  yield* shell.complain("not in a function", "local");
  return {};
}

export const unset: Builtin = {
  special: true,
  *run(shell, words) {
    let functions = false;
    let variables = false;
    for (const word of words.slice(1)) {
      if (word === "-f") functions = true;
      else if (word === "-v") variables = true;
      else if (functions) shell.functions.delete(word);
      else if (shell.variables.lookup(word) || variables || shell.dialect !== "bash")
        shell.variables.unset(word);
      else shell.functions.delete(word);
    }
    return 0;
  },
};

export const shift: Builtin = {
  special: true,
  *run(shell, words) {
    const count = words[1] === undefined ? 1 : Number(words[1]);
    if (!Number.isInteger(count) || count < 0)
      throw new ShellFailure(badNumber(shell, words[1]!), 2, "shift");
    if (count > shell.positional.length) {
      if (shell.dialect === "dash") throw new ShellFailure("can't shift that many", 2, "shift");
      return 1;
    }
    shell.positional = shell.positional.slice(count);
    return 0;
  },
};
