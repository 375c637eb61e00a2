/** Linux's signals (x86-64) by name, in the order of their numbers, which begin at 1. */
export const signalNames = [
  "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1", "SIGSEGV", "SIGUSR2",
  "SIGPIPE", "SIGALRM", "SIGTERM", "SIGSTKFLT", "SIGCHLD", "SIGCONT", "SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGURG",
  "SIGXCPU", "SIGXFSZ", "SIGVTALRM", "SIGPROF", "SIGWINCH", "SIGIO", "SIGPWR", "SIGSYS",
] as const; // prettier-ignore

/** "SIGTERM", or a real-time signal, "SIGRTMIN+3" (numbers 34 to 64). */
export type SignalName = (typeof signalNames)[number] | `SIGRTMIN+${number}`;

/** The number of a signal: 15 for "SIGTERM". */
export function signalNumber(signal: SignalName): number {
  if (signal.startsWith("SIGRTMIN+")) return 34 + Number(signal.slice(9));
  return (signalNames as readonly string[]).indexOf(signal) + 1;
}

/** The name of a signal's number; undefined for what is none. */
export function signalName(number: number): SignalName | undefined {
  if (number >= 34 && number <= 64) return `SIGRTMIN+${number - 34}`;
  return signalNames[number - 1];
}

/** What a signal does to a process that has not said otherwise. */
export type DefaultAction = "terminate" | "core" | "ignore" | "stop" | "continue";

const core = new Set<string>(
  "SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGSEGV SIGXCPU SIGXFSZ SIGSYS".split(" "),
);
const stop = new Set<string>(["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"]);

/** The default action of `signal` (signal(7)). */
export function defaultAction(signal: SignalName): DefaultAction {
  if (core.has(signal)) return "core";
  if (stop.has(signal)) return "stop";
  if (signal === "SIGCONT") return "continue";
  if (signal === "SIGCHLD" || signal === "SIGURG" || signal === "SIGWINCH") return "ignore";
  return "terminate";
}
