import { signalNumber } from "../kernel/signals.ts";
import type { SignalName } from "../kernel/signals.ts";
import { sys } from "../kernel/syscalls.ts";
import { evaluateText } from "./evaluate.ts";
import type { Shell, Steps } from "./shell.ts";

/** Sets what the shell does at a signal: an action to run, "" to ignore it, undefined for what the system does. */
export function* setTrap(shell: Shell, name: SignalName | "EXIT", action: string | undefined): Steps<void> {
  const key = name.replace(/^SIG/, "");
  if (action === undefined) shell.traps.delete(key);
  else shell.traps.set(key, action);
  if (name === "EXIT" || name === "SIGKILL" || name === "SIGSTOP") return;
  if (action === undefined) yield* sys.sigaction(name, "default");
  else if (action === "") yield* sys.sigaction(name, "ignore");
  else yield* sys.sigaction(name, { handler: (signal) => void shell.pending.push(signal) });
}

/** Runs the actions of signals that have come. */
export function* runPendingTraps(shell: Shell): Steps<void> {
  while (shell.pending.length > 0) {
    const signal = shell.pending.shift()!;
    const action = shell.traps.get(signal.replace(/^SIG/, ""));
    if (!action) continue;
    const status = shell.status;
    yield* evaluateText(shell, action);
    shell.status = status;
  }
}

/** Runs the EXIT trap, once; returns the status to exit with. */
export function* runExitTrap(shell: Shell, status: number): Steps<number> {
  const action = shell.traps.get("EXIT");
  shell.traps.delete("EXIT");
  if (!action) return status;
  shell.status = status;
  yield* evaluateText(shell, action);
  return status;
}

/** In a child: signals that the parent's traps catch do what the system does again. */
export function* resetTraps(parent: Shell): Steps<void> {
  for (const [name, action] of parent.traps) {
    if (action !== "" && name !== "EXIT") yield* sys.sigaction(`SIG${name}` as SignalName, "default");
  }
}

/** Trapped signals, for children that are started with `spawn`. */
export function trappedSignals(shell: Shell): SignalName[] {
  return [...shell.traps]
    .filter(([name, action]) => action !== "" && name !== "EXIT")
    .map(([name]) => `SIG${name}` as SignalName);
}

/** The lines of `trap` without arguments, in the order of the signals' numbers. */
export function trapLines(shell: Shell, quote: (text: string) => string): string {
  const number = (name: string) => (name === "EXIT" ? 0 : signalNumber(`SIG${name}` as SignalName));
  const sorted = [...shell.traps].sort(([left], [right]) => number(left) - number(right));
  return sorted
    .map(
      ([name, action]) =>
        `trap -- ${quote(action)} ${shell.dialect === "bash" && name !== "EXIT" ? "SIG" : ""}${name}\n`,
    )
    .join("");
}
