import { ShellFailure } from "../flow.ts";
import { quoteSingle } from "../quoting.ts";
import type { OptionName, Shell, Steps } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

const letters: Record<string, OptionName> = {
  e: "errexit", f: "noglob", I: "ignoreeof", i: "interactive", m: "monitor", n: "noexec", s: "stdin", x: "xtrace", v: "verbose",
  V: "vi", E: "emacs", C: "noclobber", a: "allexport", b: "notify", u: "nounset", p: "privileged",
}; // prettier-ignore

const listed: Record<string, OptionName[]> = {
  dash: ["errexit", "noglob", "ignoreeof", "interactive", "monitor", "noexec", "stdin", "xtrace", "verbose", "vi", "emacs", "noclobber", "allexport", "notify", "nounset", "privileged", "nolog", "debug"],
  ash: ["errexit", "noglob", "ignoreeof", "monitor", "noexec", "xtrace", "verbose", "noclobber", "allexport", "notify", "nounset", "errtrace", "vi", "pipefail"],
  bash: ["allexport", "emacs", "errexit", "errtrace", "hashall", "ignoreeof", "monitor", "noclobber", "noexec", "noglob", "nolog", "notify", "nounset", "pipefail", "privileged", "verbose", "vi", "xtrace"],
}; // prettier-ignore

/** `set [-+OPTIONS] [-o NAME] [--] [ARG…]`. */
export const set: Builtin = {
  special: true,
  *run(shell, words) {
    const args = words.slice(1);
    if (args.length === 0) {
      yield* listVariables(shell);
      return 0;
    }
    const rest = yield* applyOptions(shell, args, "set");
    if (!rest) return 0;
    shell.positional = rest;
    // New parameters: getopts begins anew.
    if (shell.dialect !== "bash") shell.variables.set("OPTIND", "1");
    return 0;
  },
};

/** Sets options as `set` and the shell's own command line have them; the arguments after them, if there are any (or "--"). */
export function* applyOptions(
  shell: Shell,
  args: readonly string[],
  builtin: string | undefined,
): Steps<string[] | undefined> {
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at]!;
    if (arg === "--" || arg === "-") return args.slice(at + 1);
    if (!/^[-+]/.test(arg)) return args.slice(at);
    const on = arg.startsWith("-");
    for (const letter of arg.slice(1)) {
      if (letter === "o") {
        const name = args[at + 1];
        if (name === undefined) yield* listOptions(shell, on);
        else setOption(shell, name, on, `${arg[0]}o ${name}`, builtin);
        at++;
      } else if (!letters[letter] || (shell.dialect === "bash" && letter === "V")) {
        if (shell.dialect === "bash" && /[BEHPThkt]/.test(letter)) continue;
        throw new ShellFailure(illegalOption(shell, `${arg[0]}${letter}`), 2, builtin);
      } else change(shell, letters[letter], on);
    }
  }
  return undefined;
}

/** The words for an option that is none. */
export function illegalOption(shell: Shell, option: string): string {
  if (shell.dialect === "bash") return `${option}: invalid option`;
  return shell.dialect === "dash" ? `Illegal option ${option}` : `illegal option ${option}`;
}

function setOption(
  shell: Shell,
  name: string,
  on: boolean,
  written: string,
  builtin: string | undefined,
): void {
  const known = listed[shell.dialect]!.find((option) => option === name);
  if (known) return change(shell, known, on);
  if (
    shell.dialect === "bash" &&
    /^(posix|braceexpand|histexpand|history|functrace|physical|keyword|onecmd|interactive-comments)$/.test(
      name,
    )
  )
    return;
  if (shell.dialect === "bash") throw new ShellFailure(`${name}: invalid option name`, 2, builtin);
  throw new ShellFailure(illegalOption(shell, written), 2, builtin);
}

function change(shell: Shell, option: OptionName, on: boolean): void {
  if (on) shell.options.add(option);
  else shell.options.delete(option);
}

function* listOptions(shell: Shell, table: boolean): Steps<void> {
  const lines = listed[shell.dialect]!.map((option) => {
    const on = shell.options.has(option);
    if (!table) return `set ${on ? "-" : "+"}o ${option}\n`;
    return shell.dialect === "bash"
      ? `${option.padEnd(15)}\t${on ? "on" : "off"}\n`
      : `${option.padEnd(16)}${on ? "on" : "off"}\n`;
  });
  yield* shell.print(
    1,
    (table && shell.dialect === "dash" ? "Current option settings\n" : "") + lines.join(""),
  );
}

function* listVariables(shell: Shell): Steps<void> {
  let output = "";
  for (const name of shell.variables.names().sort()) {
    const value = shell.variables.get(name);
    if (value === undefined || name.startsWith(" ")) continue;
    const plain = shell.dialect === "bash" && /^[\w@%+=:,./^-]*$/.test(value);
    output += `${name}=${plain ? value : quoteSingle(shell.dialect, value)}\n`;
  }
  yield* shell.print(1, output);
}
