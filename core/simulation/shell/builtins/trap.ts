import { parseSignal } from "../jobs.ts";
import { quoteSingle } from "../quoting.ts";
import { setTrap, trapLines } from "../traps.ts";
import type { Builtin } from "./builtin.ts";

/** `trap [ACTION] [SIGNAL…]`. */
export const trap: Builtin = {
  special: true,
  *run(shell, words) {
    const args = words.slice(1);
    if (args[0] === "--" || args[0] === "-p") args.shift();
    if (args.length === 0) {
      yield* shell.print(
        1,
        trapLines(shell, (text) => quoteSingle(shell.dialect, text)),
      );
      return 0;
    }
    // With one argument, or a number first, all of them are signals to reset.
    const reset = args.length === 1 || /^\d+$/.test(args[0]!);
    const action = reset || args[0] === "-" ? undefined : args[0]!;
    let status = 0;
    for (const name of reset ? args : args.slice(1)) {
      const signal = parseSignal(name);
      if (signal !== undefined) {
        yield* setTrap(shell, signal, action);
        continue;
      }
      if (shell.dialect === "bash" && /^(ERR|DEBUG|RETURN)$/.test(name)) continue;
      const message =
        shell.dialect === "bash"
          ? `${name}: invalid signal specification`
          : shell.dialect === "dash"
            ? `${name}: bad trap`
            : `${name}: invalid signal specification`;
      yield* shell.complain(message, "trap");
      status = 1;
    }
    return status;
  },
};
