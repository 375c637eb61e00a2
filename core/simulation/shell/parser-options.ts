import { Parser } from "./parser.ts";
import type { Shell } from "./shell.ts";
import type { ShellSource } from "./source.ts";

/** A parser of `source` in the shell's dialect and with its aliases. */
export function parserFor(shell: Shell, source: ShellSource): Parser {
  return new Parser(source, {
    extended: shell.extended,
    bash: shell.dialect === "bash",
    // bash expands aliases in interactive shells alone.
    alias: (name) => (shell.dialect !== "bash" || shell.interactive ? shell.aliases.get(name) : undefined),
  });
}
