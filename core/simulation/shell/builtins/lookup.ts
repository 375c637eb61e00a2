import { exists } from "../../kernel/io.ts";
import { findProgram } from "../external.ts";
import { quoteSingle } from "../quoting.ts";
import type { Shell, Steps } from "../shell.ts";
import type { Builtin } from "./builtin.ts";
import { builtins } from "./builtins.ts";

const keywords = new Set([
  "if",
  "then",
  "else",
  "elif",
  "fi",
  "do",
  "done",
  "case",
  "esac",
  "while",
  "until",
  "for",
  "{",
  "}",
  "!",
  "in",
]);

/** What a name is, as `type` says it; undefined when nothing. */
function* describe(shell: Shell, name: string): Steps<string | undefined> {
  const value = shell.aliases.get(name);
  if (value !== undefined)
    return shell.dialect === "bash"
      ? `${name} is aliased to \`${value}'`
      : `${name} is an alias for ${value}`;
  if (keywords.has(name)) return `${name} is a shell keyword`;
  if (shell.functions.has(name))
    return shell.dialect === "dash" ? `${name} is a shell function` : `${name} is a function`;
  const builtin = builtins.get(name);
  if (builtin && (!builtin.dialects || builtin.dialects.includes(shell.dialect))) {
    return builtin.special && shell.dialect !== "bash"
      ? `${name} is a special shell builtin`
      : `${name} is a shell builtin`;
  }
  const path = yield* locate(shell, name);
  return path === undefined ? undefined : `${name} is ${path}`;
}

/** The path of a program; an applet of busybox's own shell goes by its name. */
function* locate(shell: Shell, name: string): Steps<string | undefined> {
  if (!name.includes("/") && shell.applets?.has(name)) return name;
  const path = yield* findProgram(shell, name);
  if (path === undefined || !name.includes("/")) return path;
  return (yield* exists(path)) ? path : undefined;
}

export const type: Builtin = {
  *run(shell, words) {
    let status = 0;
    const args = words.slice(1);
    const kindOnly = shell.dialect === "bash" && args[0] === "-t";
    while (shell.dialect === "bash" && args[0]?.startsWith("-")) args.shift();
    for (const name of args) {
      const description = yield* describe(shell, name);
      if (description === undefined) {
        status = shell.dialect === "bash" ? 1 : 127;
        if (kindOnly) continue;
        if (shell.dialect === "bash") yield* shell.complain(`${name}: not found`, "type");
        else yield* shell.print(1, `${name}: not found\n`);
      } else if (kindOnly)
        yield* shell.print(
          1,
          `${/is a shell keyword$/.test(description) ? "keyword" : /builtin$/.test(description) ? "builtin" : /function$/.test(description) ? "function" : / is aliased/.test(description) ? "alias" : "file"}\n`,
        );
      else yield* shell.print(1, description + "\n");
    }
    return status;
  },
};

/** `command -v NAME`, `command -V NAME`; running a command past functions is the evaluator's affair. */
export const command: Builtin = {
  *run(shell, words) {
    const option = words[1];
    if (option === undefined) return 0;
    let status = 0;
    for (const name of words.slice(2)) {
      const description = yield* describe(shell, name);
      if (description === undefined) {
        status = shell.dialect === "bash" ? 1 : 127;
        if (option === "-V") yield* shell.print(shell.dialect === "bash" ? 2 : 1, `${name}: not found\n`);
      } else if (option === "-V") yield* shell.print(1, description + "\n");
      else yield* shell.print(1, `${yield* written(shell, name)}\n`);
      // POSIX's `command -v` takes one name.
      if (shell.dialect !== "bash") break;
    }
    return status;
  },
};

/** How a name would be written to run it. */
function* written(shell: Shell, name: string): Steps<string> {
  const value = shell.aliases.get(name);
  if (value !== undefined) return `alias ${name}=${quoteSingle(shell.dialect, value)}`;
  if (keywords.has(name) || shell.functions.has(name) || builtins.has(name)) return name;
  return (yield* locate(shell, name)) ?? name;
}

export const hash: Builtin = {
  *run(shell, words) {
    let status = 0;
    if (words[1] === "-r") {
      shell.hashed.clear();
      return 0;
    }
    if (words.length === 1) {
      if (shell.dialect === "bash" && shell.hashed.size > 0) yield* shell.print(1, "hits\tcommand\n");
      for (const path of shell.hashed.values())
        yield* shell.print(1, shell.dialect === "bash" ? `   1\t${path}\n` : path + "\n");
    }
    for (const name of words.slice(1)) {
      if (builtins.has(name) || (yield* findProgram(shell, name)) !== undefined) continue;
      yield* shell.complain(`${name}: not found`, "hash");
      status = shell.dialect === "bash" ? 1 : 127;
    }
    return status;
  },
};
