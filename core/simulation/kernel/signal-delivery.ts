import { Errno } from "../../files/filesystem.ts";
import type { Kernel } from "./kernel.ts";
import { terminate } from "./lifecycle.ts";
import type { Process, ProcessGroup, Thread } from "./process.ts";
import { defaultAction, signalNumber, type SignalName } from "./signals.ts";

const stopSignals: readonly SignalName[] = ["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"];

/**
 * Sends a signal. `sender` is the process that asked for it, undefined for the kernel itself (a terminal, a pipe);
 * whether it may has been checked. `forced`: it cannot be shaken off, not even by a process 1 (the OOM killer).
 */
export function postSignal(
  kernel: Kernel,
  process: Process,
  signal: SignalName,
  sender?: Process,
  forced = false,
): void {
  if (!process.alive) return;
  if (signal === "SIGCONT") resume(kernel, process);
  else if (stopSignals.includes(signal)) process.pending.delete("SIGCONT");
  const deadly = signal === "SIGKILL" || signal === "SIGSTOP";
  if (!forced && isShielded(process, signal, sender)) return;
  if (!deadly && process.blocked.has(signal)) {
    process.pending.add(signal);
    return;
  }
  const action = deadly ? "default" : (process.actions.get(signal) ?? "default");
  if (action === "ignore" || (action === "default" && defaultAction(signal) === "ignore")) return;
  if (signal === "SIGKILL") return terminate(kernel, process, { kind: "signaled", signal, core: false });
  process.pending.add(signal);
  const main = process.threads[0];
  if (main?.state === "waiting") main.wakeUp();
  // A process without threads (one that the kernel keeps, such as a shim) does what a signal's default is at once.
  if (!main) takeDefault(kernel, process, signal);
}

/**
 * Process 1 of a namespace only gets signals that it handles, so that nobody in a container can kill it unawares; from
 * outside, SIGKILL and SIGSTOP do reach it. (Which is why `docker stop` of a `sleep` takes ten seconds.)
 */
function isShielded(process: Process, signal: SignalName, sender: Process | undefined): boolean {
  if (!process.isInit) return false;
  const action = process.actions.get(signal) ?? "default";
  if (action !== "default" && signal !== "SIGKILL" && signal !== "SIGSTOP") return false;
  const outside =
    sender !== undefined &&
    sender.pidNamespace !== process.pidNamespace &&
    !process.pidNamespace.contains(sender);
  return !(outside && (signal === "SIGKILL" || signal === "SIGSTOP"));
}

export function signalGroup(kernel: Kernel, group: ProcessGroup, signal: SignalName, sender?: Process): void {
  for (const member of [...group.members]) postSignal(kernel, member, signal, sender);
}

/** Does what is due to signals before a thread goes on; false when the thread is not to run now. */
export function deliverSignals(kernel: Kernel, thread: Thread): boolean {
  const { process } = thread;
  if (thread !== process.threads[0]) return true;
  const due = [...process.pending].filter((signal) => !process.blocked.has(signal));
  due.sort((a, b) => signalNumber(a) - signalNumber(b));
  for (const signal of due) {
    process.pending.delete(signal);
    const action = process.actions.get(signal) ?? "default";
    if (action === "ignore") continue;
    if (action === "default" || signal === "SIGSTOP") {
      takeDefault(kernel, process, signal);
      if (!process.alive || process.stopped) return false;
      continue;
    }
    const below = thread.frames[thread.frames.length - 1]!;
    const handling = action.handler(signal);
    if (!action.restart) interrupt(below);
    if (handling) {
      thread.push(handling);
      return true;
    }
  }
  return true;
}

/** The call at work, if any, throws EINTR; a write that has written something says how much. */
function interrupt(frame: Thread["frames"][number]): void {
  const { call } = frame;
  if (!call) return;
  frame.call = undefined;
  if (call.syscall.call === "write" && call.progress) frame.value = call.progress;
  else frame.error = { thrown: new Errno("EINTR") };
}

function takeDefault(kernel: Kernel, process: Process, signal: SignalName): void {
  const action = defaultAction(signal);
  if (action === "terminate" || action === "core") {
    const core = action === "core" && (process.rlimits.get("core")?.soft ?? 0) > 0;
    terminate(kernel, process, { kind: "signaled", signal, core });
  } else if (action === "stop") {
    if (signal !== "SIGSTOP" && isOrphaned(process.group)) return;
    stop(kernel, process, signal);
  }
}

function stop(kernel: Kernel, process: Process, signal: SignalName): void {
  if (process.stopped) return;
  process.stopped = true;
  tellParent(kernel, process, { kind: "stopped", signal });
}

function resume(kernel: Kernel, process: Process): void {
  for (const signal of stopSignals) process.pending.delete(signal);
  if (!process.stopped) return;
  process.stopped = false;
  for (const thread of process.threads) if (thread.state === "parked") kernel.scheduler.enqueue(thread);
  tellParent(kernel, process, { kind: "continued" });
}

function tellParent(kernel: Kernel, process: Process, news: Process["news"]): void {
  process.news = news;
  if (!process.parent) return;
  postSignal(kernel, process.parent, "SIGCHLD", process);
  process.parent.childChanged.wake();
}

/** Nobody in the session outside of the group could bring it back to the foreground. */
export function isOrphaned(group: ProcessGroup): boolean {
  for (const { parent, alive } of group.members) {
    if (alive && parent && parent.group !== group && parent.session === group.session) return false;
  }
  return true;
}
