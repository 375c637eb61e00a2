import { Errno } from "../../files/filesystem.ts";
import type { WaitStatus } from "../kernel/calls.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { signalNames, signalNumber } from "../kernel/signals.ts";
import type { SignalName } from "../kernel/signals.ts";
import { sys } from "../kernel/syscalls.ts";
import { ShellFailure } from "./flow.ts";
import type { Shell, Steps } from "./shell.ts";

/** A pipeline that the shell started: in the background, or stopped. */
export interface Job {
  id: number;
  pids: number[];
  /** How each process ended or stopped; missing while it runs. */
  statuses: Map<number, WaitStatus>;
  /** Its process group, when the shell controls jobs. */
  group: number | undefined;
  text: string;
  /** Its last change has been told. */
  told: boolean;
}

export function jobState(job: Job): "running" | "stopped" | "done" {
  const statuses = job.pids.map((pid) => job.statuses.get(pid));
  if (statuses.every((status) => status?.kind === "exited" || status?.kind === "signaled")) return "done";
  return statuses.some((status) => status?.kind === "stopped") ? "stopped" : "running";
}

/** $? of a job that is done or stopped: that of its last process. */
export function jobStatus(job: Job): number {
  const status = job.statuses.get(job.pids.at(-1)!);
  return status ? shellStatus(status) : 0;
}

export function addJob(shell: Shell, pids: number[], group: number | undefined, text: string): Job {
  const id = Math.max(0, ...shell.jobs.map((job) => job.id)) + 1;
  const job: Job = { id, pids, statuses: new Map(), group, text, told: true };
  shell.jobs.push(job);
  return job;
}

/** Notes what children have done since, without waiting. */
export function* reapJobs(shell: Shell): Steps<void> {
  for (const job of shell.jobs) {
    for (const pid of job.pids) {
      const known = job.statuses.get(pid);
      if (known?.kind === "exited" || known?.kind === "signaled") continue;
      try {
        const result = yield* sys.waitpid(pid, { noHang: true, untraced: true, continued: true });
        if (result) note(job, pid, result.status);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        job.statuses.set(pid, { kind: "exited", code: 127 });
      }
    }
  }
}

function note(job: Job, pid: number, status: WaitStatus): void {
  if (status.kind === "continued") job.statuses.delete(pid);
  else job.statuses.set(pid, status);
  job.told = false;
}

/** Waits until the job is done or stopped; stops waiting when a trapped signal comes (and returns its status, above 128). */
export function* waitForJob(shell: Shell, job: Job, interruptible: boolean): Steps<number> {
  for (const pid of job.pids) {
    while (true) {
      const known = job.statuses.get(pid);
      if (known) break;
      try {
        const result = yield* sys.waitpid(pid, { untraced: shell.options.has("monitor") });
        if (result) note(job, pid, result.status);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (error.code === "ECHILD") job.statuses.set(pid, { kind: "exited", code: 127 });
        else if (interruptible && shell.pending.length > 0) return 128 + signalNumber(shell.pending[0]!);
      }
    }
  }
  return jobStatus(job);
}

/** Waits for processes in the foreground and gives the terminal back to the shell; returns the last one's status. */
export function* waitForeground(
  shell: Shell,
  pids: number[],
  group: number | undefined,
  text: string,
): Steps<number> {
  const job: Job = { id: 0, pids, statuses: new Map(), group, text, told: true };
  return yield* finishForeground(shell, job);
}

/** The same for a job of the table (or one that may enter it by being stopped). */
export function* finishForeground(shell: Shell, job: Job): Steps<number> {
  const status =
    shell.dialect === "bash" && !shell.interactive
      ? yield* waitOutInterrupt(shell, job)
      : yield* waitForJob(shell, job, false);
  if (shell.terminal) yield* sys.tcsetpgrp(shell.terminal.fd, shell.terminal.group);
  if (jobState(job) === "stopped") {
    if (!shell.jobs.includes(job)) {
      job.id = Math.max(0, ...shell.jobs.map((other) => other.id)) + 1;
      shell.jobs.push(job);
    }
    job.told = true;
    yield* shell.print(2, "\n" + jobLine(shell, job));
    return status;
  }
  shell.jobs = shell.jobs.filter((other) => other !== job);
  const last = job.statuses.get(job.pids.at(-1)!);
  if (last?.kind === "signaled") {
    if (last.signal === "SIGINT") {
      if (shell.interactive) shell.interrupted = true;
    } else if (last.signal !== "SIGPIPE") {
      const description = signalText(last.signal) + (last.core ? " (core dumped)" : "");
      const told =
        shell.dialect === "bash" && !shell.interactive
          ? `${shell.name}: line ${shell.line}: ${String(job.pids.at(-1)).padStart(5)} ${description.padEnd(23)} ${job.text}\n`
          : description + "\n";
      yield* shell.print(2, told);
    }
  }
  return status;
}

/**
 * bash, running a script, does not die of a Ctrl-C at once: it waits for its child, and dies of it only if the child did. A
 * child that made something of it (an editor, docker) had it for itself.
 */
function* waitOutInterrupt(shell: Shell, job: Job): Steps<number> {
  if ((yield* sys.sigaction("SIGINT")) !== "default") return yield* waitForJob(shell, job, false);
  let came = false;
  yield* sys.sigaction("SIGINT", { handler: () => void (came = true), restart: true });
  const status = yield* waitForJob(shell, job, false);
  yield* sys.sigaction("SIGINT", "default");
  const last = job.statuses.get(job.pids.at(-1)!);
  if (came && last?.kind === "signaled" && last.signal === "SIGINT")
    yield* sys.kill(yield* sys.getpid(), "SIGINT");
  return status;
}

const descriptions: Partial<Record<SignalName, string>> = {
  SIGHUP: "Hangup", SIGINT: "Interrupt", SIGQUIT: "Quit", SIGILL: "Illegal instruction", SIGTRAP: "Trace/breakpoint trap",
  SIGABRT: "Aborted", SIGBUS: "Bus error", SIGFPE: "Floating point exception", SIGKILL: "Killed",
  SIGUSR1: "User defined signal 1", SIGSEGV: "Segmentation fault", SIGUSR2: "User defined signal 2", SIGPIPE: "Broken pipe",
  SIGALRM: "Alarm clock", SIGTERM: "Terminated", SIGCHLD: "Child exited", SIGCONT: "Continued", SIGSTOP: "Stopped (signal)",
  SIGTSTP: "Stopped", SIGTTIN: "Stopped (tty input)", SIGTTOU: "Stopped (tty output)",
}; // prettier-ignore

/** What C's strsignal says. */
export function signalText(signal: SignalName): string {
  return descriptions[signal] ?? `Unknown signal ${signalNumber(signal)}`;
}

/** A signal by name, with or without SIG, or by number; undefined for what is none. 0 is "EXIT". */
export function parseSignal(text: string): SignalName | "EXIT" | undefined {
  if (/^\d+$/.test(text)) return text === "0" ? "EXIT" : signalNames[Number(text) - 1];
  const name = text.toUpperCase().replace(/^SIG/, "");
  if (name === "EXIT") return "EXIT";
  return signalNames.find((signal) => signal === "SIG" + name);
}

/** A line of `jobs`. */
export function jobLine(shell: Shell, job: Job, pids = false): string {
  const order = shell.jobs;
  const mark = order.at(-1) === job ? "+" : order.at(-2) === job ? "-" : " ";
  const text = shell.options.has("monitor") || shell.dialect === "bash" ? job.text : "";
  const head = shell.dialect === "dash" ? `[${job.id}] ${mark} ` : `[${job.id}]${mark}  `;
  const pid = pids ? `${job.pids[0]} ` : "";
  const state = stateText(job);
  const tail = shell.dialect === "bash" && jobState(job) === "running" ? " &" : "";
  return `${head}${pid}${state.padEnd(shell.dialect === "bash" ? 24 : 27)}${text}${tail}\n`;
}

function stateText(job: Job): string {
  const state = jobState(job);
  if (state === "running") return "Running";
  const status = job.statuses.get(job.pids.at(-1)!);
  if (status?.kind === "signaled") return signalText(status.signal) + (status.core ? " (core dumped)" : "");
  if (state === "stopped") return "Stopped";
  return status?.kind === "exited" && status.code !== 0 ? `Done(${status.code})` : "Done";
}

/** Tells of jobs that changed, before a prompt; those that are done leave the table. */
export function* tellJobs(shell: Shell): Steps<void> {
  yield* reapJobs(shell);
  for (const job of [...shell.jobs]) {
    if (job.told) continue;
    job.told = true;
    if (jobState(job) !== "running") yield* shell.print(2, jobLine(shell, job));
    if (jobState(job) === "done") shell.jobs = shell.jobs.filter((other) => other !== job);
  }
}

/** The job that %1, %+, %name or a pid names. */
export function findJob(shell: Shell, name: string, builtin: string): Job {
  let job: Job | undefined;
  if (!name.startsWith("%")) job = shell.jobs.find((each) => each.pids.includes(Number(name)));
  else if (/^%[+%]?$/.test(name)) job = shell.jobs.at(-1);
  else if (name === "%-") job = shell.jobs.at(-2);
  else if (/^%\d+$/.test(name)) job = shell.jobs.find((each) => each.id === Number(name.slice(1)));
  else
    job = shell.jobs.find((each) =>
      name[1] === "?" ? each.text.includes(name.slice(2)) : each.text.startsWith(name.slice(1)),
    );
  if (job) return job;
  const status = shell.dialect === "bash" ? 1 : 2;
  throw new ShellFailure(
    shell.dialect === "dash" ? `No such job: ${name}` : `${name}: no such job`,
    status,
    builtin,
  );
}
