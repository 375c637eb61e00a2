import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { evaluateSequence } from "./evaluate.ts";
import { ShellFailure, ShellInterrupt } from "./flow.ts";
import { jobState, tellJobs } from "./jobs.ts";
import { LineEditor } from "./line-editor.ts";
import { parserFor } from "./parser-options.ts";
import { promptText, runPromptCommand } from "./prompt.ts";
import type { Shell, Steps } from "./shell.ts";
import { ShellSource } from "./source.ts";
import { guardedSignals } from "./subshell.ts";
import { IncompleteCommand, ShellSyntaxError } from "./syntax.ts";
import type { Sequence } from "./syntax.ts";
import { syntaxMessage } from "./dialect.ts";

/** Prompts, reads and runs commands until the end of the input or `exit`; returns the status. */
export function* runInteractive(shell: Shell): Steps<number> {
  yield* takeTerminal(shell);
  const editor = new LineEditor(shell);
  let warned = false;
  for (;;) {
    try {
      yield* tellJobs(shell);
      yield* runPromptCommand(shell);
      const sequence = yield* readCommand(shell, editor);
      if (sequence === undefined) {
        const stopped = shell.jobs.some((job) => jobState(job) === "stopped");
        if (stopped && !warned) {
          yield* shell.print(
            2,
            shell.dialect === "bash" ? "exit\nThere are stopped jobs.\n" : "You have stopped jobs.\n",
          );
          warned = true;
          continue;
        }
        if (shell.dialect === "bash") yield* shell.print(2, "exit\n");
        else yield* shell.print(2, "\n");
        return shell.status;
      }
      warned = false;
      yield* evaluateSequence(shell, sequence);
    } catch (error) {
      if (error instanceof ShellFailure) {
        if (error.message !== "") yield* shell.complain(error.message, error.builtin);
        shell.status = error.status;
      } else if (error instanceof ShellInterrupt) {
        yield* shell.print(2, "\n");
        shell.status = 130;
      } else throw error;
    }
    shell.interrupted = false;
    shell.loops = 0;
  }
}

/** Job control: an own process group in the terminal's foreground. */
function* takeTerminal(shell: Shell): Steps<void> {
  for (const signal of guardedSignals) {
    if (signal === "SIGINT") yield* sys.sigaction(signal, { handler: () => void (shell.interrupted = true) });
    else yield* sys.sigaction(signal, "ignore");
  }
  try {
    const pid = yield* sys.getpid();
    if ((yield* sys.getpgid()) !== pid) yield* sys.setpgid(0, 0);
    const fd = yield* sys.dup(0, 10, true);
    yield* sys.tcsetpgrp(fd, pid);
    shell.terminal = { fd, group: pid };
    shell.options.add("monitor");
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const told =
      shell.dialect === "bash"
        ? "bash: cannot set terminal process group: Inappropriate ioctl for device\nbash: no job control in this shell\n"
        : `${shell.name}: ${shell.dialect === "dash" ? "0: " : ""}can't access tty; job control turned off\n`;
    yield* shell.print(2, told);
  }
}

/** Reads lines until they are a complete command; undefined at the end of the input. */
function* readCommand(shell: Shell, editor: LineEditor): Steps<Sequence | undefined> {
  let text = "";
  for (let which: "PS1" | "PS2" = "PS1"; ; which = "PS2") {
    const line = yield* editor.readLine(yield* promptText(shell, which));
    if (line === "interrupt") {
      shell.status = 130;
      return { type: "sequence", commands: [] };
    }
    const ended = line === undefined;
    if (ended && text === "") return undefined;
    text += ended ? "" : line.text + "\n";
    shell.line++;
    try {
      const parser = parserFor(shell, new ShellSource(text, ended, shell.line - 1));
      const commands: Sequence["commands"] = [];
      for (let sequence = parser.parseLine(); sequence; sequence = parser.parseLine()) {
        commands.push(...sequence.commands);
        if (parser.unread === 0) break;
      }
      return { type: "sequence", commands };
    } catch (error) {
      if (error instanceof IncompleteCommand) continue;
      if (!(error instanceof ShellSyntaxError)) throw error;
      const { name, line, interactive, input } = shell;
      yield* shell.print(2, syntaxMessage(shell.dialect, error, { name, line, interactive, input }));
      shell.status = 2;
      return { type: "sequence", commands: [] };
    }
  }
}
