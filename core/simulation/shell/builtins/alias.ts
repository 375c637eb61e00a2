import { quoteSingle } from "../quoting.ts";
import type { Shell } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

export const alias: Builtin = {
  *run(shell, words) {
    let status = 0;
    if (words.length === 1) {
      for (const name of [...shell.aliases.keys()].sort()) yield* shell.print(1, line(shell, name));
    }
    for (const word of words.slice(1)) {
      const at = word.indexOf("=", 1);
      if (at > 0) shell.aliases.set(word.slice(0, at), word.slice(at + 1));
      else if (shell.aliases.has(word)) yield* shell.print(1, line(shell, word));
      else {
        if (shell.dialect === "bash") yield* shell.complain(`${word}: not found`, "alias");
        else yield* shell.print(2, `alias: ${word} not found\n`);
        status = 1;
      }
    }
    return status;
  },
};

function line(shell: Shell, name: string): string {
  return `${shell.dialect === "bash" ? "alias " : ""}${name}=${quoteSingle(shell.dialect, shell.aliases.get(name)!)}\n`;
}

export const unalias: Builtin = {
  *run(shell, words) {
    if (words[1] === "-a") {
      shell.aliases.clear();
      return 0;
    }
    let status = 0;
    for (const name of words.slice(1)) {
      if (shell.aliases.delete(name)) continue;
      if (shell.dialect === "bash") yield* shell.complain(`${name}: not found`, "unalias");
      else yield* shell.print(2, `unalias: ${name} not found\n`);
      status = 1;
    }
    return status;
  },
};
