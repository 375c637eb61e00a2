import { Errno } from "../../../files/filesystem.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { signalName, signalNames } from "../../kernel/signals.ts";
import { sys } from "../../kernel/syscalls.ts";
import { ShellFailure } from "../flow.ts";
import {
  findJob,
  finishForeground,
  jobLine,
  jobState,
  parseSignal,
  reapJobs,
  signalText,
  waitForJob,
} from "../jobs.ts";
import type { Job } from "../jobs.ts";
import type { Shell, Steps } from "../shell.ts";
import { giveTerminal } from "../subshell.ts";
import type { Builtin } from "./builtin.ts";

export const jobs: Builtin = {
  *run(shell, words) {
    yield* reapJobs(shell);
    const flags = words[1]?.startsWith("-") ? words[1] : "";
    for (const job of [...shell.jobs]) {
      if (flags.includes("p")) yield* shell.print(1, `${job.pids[0]}\n`);
      else yield* shell.print(1, jobLine(shell, job, flags.includes("l")));
      job.told = true;
      if (jobState(job) === "done") shell.jobs = shell.jobs.filter((other) => other !== job);
    }
    return 0;
  },
};

/** `wait [PID|JOB…]`. A trapped signal ends it. */
export const wait: Builtin = {
  *run(shell, words) {
    if (words.length === 1) {
      for (const job of [...shell.jobs]) {
        if (jobState(job) === "stopped") continue;
        const status = yield* waitForJob(shell, job, true);
        if (jobState(job) !== "done") return status;
        if (!shell.interactive) shell.jobs = shell.jobs.filter((other) => other !== job);
      }
      return 0;
    }
    let status = 0;
    for (const word of words.slice(1)) {
      let job: Job;
      try {
        if (!word.startsWith("%") && !/^\d+$/.test(word))
          throw new ShellFailure(
            shell.dialect === "dash" ? `Illegal number: ${word}` : `${word}: no such job`,
            2,
            "wait",
          );
        job = findJob(shell, word, "wait");
      } catch (error) {
        if (!(error instanceof ShellFailure)) throw error;
        if (word.startsWith("%") || !/^\d+$/.test(word)) yield* shell.complain(error.message, "wait");
        else if (shell.dialect === "bash")
          yield* shell.complain(`pid ${word} is not a child of this shell`, "wait");
        status = word.startsWith("%") && shell.dialect !== "bash" ? 2 : 127;
        continue;
      }
      status = yield* waitForJob(shell, job, true);
      yield* tellOfSignal(shell, job);
      if (jobState(job) === "done" && !shell.interactive)
        shell.jobs = shell.jobs.filter((other) => other !== job);
    }
    return status;
  },
};

/** ash and dash say what ended a job that is waited for by name. */
function* tellOfSignal(shell: Shell, job: Job): Steps<void> {
  const last = job.statuses.get(job.pids.at(-1)!);
  if (shell.dialect === "bash" || shell.interactive || last?.kind !== "signaled") return;
  if (last.signal !== "SIGINT" && last.signal !== "SIGPIPE")
    yield* shell.print(2, signalText(last.signal) + "\n");
}

function* currentJob(shell: Shell, name: string | undefined, builtin: string): Steps<Job> {
  if (!shell.options.has("monitor"))
    throw new ShellFailure(
      shell.dialect === "bash" ? "no job control" : "job (null) not created under job control",
      shell.dialect === "bash" ? 1 : 2,
      builtin,
    );
  yield* reapJobs(shell);
  if (name !== undefined) return findJob(shell, name.startsWith("%") ? name : "%" + name, builtin);
  const job = shell.jobs.at(-1);
  if (job) return job;
  throw new ShellFailure(
    shell.dialect === "bash"
      ? "current: no such job"
      : shell.dialect === "dash"
        ? "No current job"
        : "no current job",
    shell.dialect === "bash" ? 1 : 2,
    builtin,
  );
}

function* proceed(job: Job): Steps<void> {
  for (const [pid, status] of [...job.statuses]) if (status.kind === "stopped") job.statuses.delete(pid);
  yield* sys.kill(-(job.group ?? job.pids[0]!), "SIGCONT");
}

export const fg: Builtin = {
  *run(shell, words) {
    const job = yield* currentJob(shell, words[1], "fg");
    yield* shell.print(1, job.text + "\n");
    if (shell.terminal) yield* giveTerminal(shell.terminal.fd, job.group ?? job.pids[0]!);
    if (jobState(job) === "stopped") yield* proceed(job);
    return yield* finishForeground(shell, job);
  },
};

export const bg: Builtin = {
  *run(shell, words) {
    const job = yield* currentJob(shell, words[1], "bg");
    yield* proceed(job);
    yield* shell.print(
      1,
      shell.dialect === "bash" ? `[${job.id}]+ ${job.text} &\n` : `[${job.id}] ${job.text}\n`,
    );
    return 0;
  },
};

/** `kill [-SIGNAL] PID|JOB…`, `kill -l`. */
export const kill: Builtin = {
  *run(shell, words) {
    const args = words.slice(1);
    const first = args[0];
    if (first === "-l" || first === "-L") return yield* listSignals(shell, args[1]);
    let text = "TERM";
    if (first === "-s" || first === "-n") {
      args.shift();
      text = args.shift() ?? "";
    } else if (first !== undefined && /^-[^-]/.test(first)) {
      text = first.slice(1);
      args.shift();
    }
    if (args[0] === "--") args.shift();
    const signal = parseSignal(text);
    if (signal === undefined) {
      const message =
        shell.dialect === "bash"
          ? `${text}: invalid signal specification`
          : shell.dialect === "dash"
            ? `Illegal option -${text[0]}`
            : undefined;
      if (message === undefined) yield* shell.print(2, `${shell.name}: bad signal name '${text}'\n`);
      else if (shell.dialect === "dash") throw new ShellFailure(message, 2, "kill");
      else yield* shell.complain(message, "kill");
      return 1;
    }
    if (args.length === 0) return yield* usage(shell);
    let status = 0;
    for (const target of args) {
      const pids = target.startsWith("%") ? jobPids(findJob(shell, target, "kill")) : [Number(target)];
      if (!/^%|^-?\d+$/.test(target)) {
        status = yield* badTarget(shell, target);
        continue;
      }
      try {
        for (const pid of pids) yield* sys.kill(pid, signal === "EXIT" ? 0 : signal);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        status = 1;
        const reason = strerror(error.code);
        if (shell.dialect === "ash")
          yield* shell.print(2, `${shell.name}: can't kill pid ${target}: ${reason}\n`);
        else if (shell.dialect === "dash") yield* shell.complain(`${reason}\n`, "kill");
        else yield* shell.complain(`(${target}) - ${reason}`, "kill");
      }
    }
    return status;
  },
};

function* usage(shell: Shell): Steps<number> {
  if (shell.dialect === "ash") yield* shell.print(2, `${shell.name}: you need to specify whom to kill\n`);
  else if (shell.dialect === "dash") {
    throw new ShellFailure(
      "Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\nkill -l [exitstatus]",
      2,
      "kill",
    );
  } else {
    yield* shell.print(
      2,
      "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n",
    );
    return 2;
  }
  return 1;
}

function* badTarget(shell: Shell, target: string): Steps<number> {
  if (shell.dialect === "dash") throw new ShellFailure(`Illegal number: ${target}`, 2, "kill");
  if (shell.dialect === "bash")
    yield* shell.complain(`${target}: arguments must be process or job IDs`, "kill");
  else yield* shell.print(2, `${shell.name}: bad pid '${target}'\n`);
  return 1;
}

function jobPids(job: Job): number[] {
  return job.group === undefined ? job.pids : [-job.group];
}

function* listSignals(shell: Shell, text: string | undefined): Steps<number> {
  if (text !== undefined) {
    const number = Number(text);
    if (shell.dialect === "dash" && !Number.isInteger(number))
      throw new ShellFailure(`Illegal number: ${text}`, 2, "kill");
    const found = Number.isInteger(number)
      ? signalName(number > 128 ? number - 128 : number)?.slice(3)
      : parseSignal(text);
    const shown = Number.isInteger(number)
      ? found
      : found && String((signalNames as readonly string[]).indexOf(found) + 1);
    yield* shell.print(1, `${shown ?? text}\n`);
    return 0;
  }
  if (shell.dialect === "dash")
    yield* shell.print(1, ["0", ...signalNames.map((name) => name.slice(3))].join("\n") + "\n");
  else if (shell.dialect === "ash")
    yield* shell.print(
      1,
      signalNames.map((name, at) => `${String(at + 1).padStart(2)}) ${name.slice(3)}\n`).join(""),
    );
  else {
    const cells = signalNames.map((name, at) => `${String(at + 1).padStart(2)}) ${name}`);
    let output = "";
    for (let at = 0; at < cells.length; at += 5) output += cells.slice(at, at + 5).join("\t") + "\n";
    yield* shell.print(1, output);
  }
  return 0;
}
