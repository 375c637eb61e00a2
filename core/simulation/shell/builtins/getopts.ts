import { ShellFailure } from "../flow.ts";
import type { Builtin } from "./builtin.ts";

/** `getopts OPTSTRING NAME [ARG…]`. */
export const getopts: Builtin = {
  *run(shell, words) {
    const [, spec, name, ...given] = words;
    if (spec === undefined || name === undefined) {
      throw new ShellFailure(
        shell.dialect === "bash"
          ? "usage: getopts optstring name [arg ...]"
          : "usage: getopts optstring var [arg...]",
        2,
        "getopts",
      );
    }
    const args = words.length > 3 ? given : shell.positional;
    const silent = spec.startsWith(":");
    let index = Number(shell.variables.get("OPTIND") ?? 1);
    if (!(index >= 1)) index = 1;
    const finish = (option: string, argument: string | undefined, offset: number) => {
      shell.variables.set("OPTIND", String(index));
      shell.optionOffset = offset;
      shell.variables.set(name, option);
      if (argument === undefined) shell.variables.unset("OPTARG");
      else shell.variables.set("OPTARG", argument);
    };
    const word = args[index - 1];
    if (shell.optionOffset === 0) {
      if (word === "--") index++;
      if (word === undefined || word === "--" || word === "-" || !word.startsWith("-")) {
        finish("?", undefined, 0);
        return 1;
      }
    }
    const at = Math.max(shell.optionOffset, 1);
    const letter = word![at]!;
    const place = letter === ":" ? -1 : spec.indexOf(letter);
    const ended = at + 1 >= word!.length;
    const complaint = (text: string) =>
      shell.dialect === "bash"
        ? `${shell.name}: ${text[0]!.toLowerCase()}${text.slice(1)} -- ${letter}\n`
        : `${text} -${letter}\n`;
    if (place < 0) {
      if (ended) index++;
      if (!silent) yield* shell.print(2, complaint("Illegal option"));
      finish("?", silent ? letter : undefined, ended ? 0 : at + 1);
      return 0;
    }
    if (spec[place + 1] !== ":") {
      if (ended) index++;
      finish(letter, undefined, ended ? 0 : at + 1);
      return 0;
    }
    const argument = ended ? args[index] : word!.slice(at + 1);
    index += ended ? 2 : 1;
    if (argument !== undefined) {
      finish(letter, argument, 0);
      return 0;
    }
    index = args.length + 1;
    if (!silent)
      yield* shell.print(
        2,
        shell.dialect === "bash"
          ? complaint("option requires an argument")
          : `No arg for -${letter} option\n`,
      );
    finish(silent ? ":" : "?", silent ? letter : undefined, 0);
    return 0;
  },
};
