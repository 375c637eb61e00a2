import type { DialectName } from "../dialect.ts";
import type { Shell, Steps } from "../shell.ts";

/** A command that the shell runs itself. */
export interface Builtin {
  /** POSIX's special builtins: a mistake in one ends a script, assignments before it stay. */
  special?: true;
  /** The shells that have it; all when missing. */
  dialects?: readonly DialectName[];
  /** `words`: its name first. Returns its status. */
  run(shell: Shell, words: readonly string[]): Steps<number>;
}
