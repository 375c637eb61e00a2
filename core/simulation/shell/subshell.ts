import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import type { SignalName } from "../kernel/signals.ts";
import { sys } from "../kernel/syscalls.ts";
import { FunctionReturn, LoopJump, ShellExit, ShellFailure } from "./flow.ts";
import type { Shell, Steps } from "./shell.ts";
import { resetTraps, runExitTrap } from "./traps.ts";

/** What an interactive shell does not let signals do to itself; its children are not so. */
export const guardedSignals: SignalName[] = ["SIGINT", "SIGQUIT", "SIGTERM", "SIGTSTP", "SIGTTIN", "SIGTTOU"];

export interface ForkOptions {
  /** The process group to join; 0 for a new one; undefined to stay in the shell's. */
  group?: number | undefined;
  /** The new group gets the terminal. */
  foreground?: boolean;
  /** Runs with `&`: without job control it must not read the terminal nor feel its Ctrl-C. */
  background?: boolean;
}

/** Starts a copy of the shell that runs `body`; returns its pid. */
export function* fork(
  shell: Shell,
  options: ForkOptions,
  body: (child: Shell) => Steps<number>,
): Steps<number> {
  const child = shell.subshell();
  const pid = yield* sys.clone(function* () {
    yield* resetTraps(shell);
    if (options.group !== undefined) {
      yield* sys.setpgid(0, options.group);
      if (options.foreground && shell.terminal) yield* giveTerminal(shell.terminal.fd, yield* sys.getpgid());
    }
    if (shell.interactive) for (const signal of guardedSignals) yield* sys.sigaction(signal, "default");
    if (options.background && options.group === undefined) {
      for (const signal of ["SIGINT", "SIGQUIT"] as const) yield* sys.sigaction(signal, "ignore");
      yield* readNothing();
    }
    return yield* contain(child, body(child));
  });
  if (options.group !== undefined) yield* joinGroup(pid, options.group);
  return pid;
}

/** Runs `steps` so that whatever leaves them ends in an exit status, after the EXIT trap. */
export function* contain(shell: Shell, steps: Steps<number>): Steps<number> {
  const status = yield* settle(shell, steps);
  return yield* settle(shell, runExitTrap(shell, status));
}

function* settle(shell: Shell, steps: Steps<number>): Steps<number> {
  try {
    return yield* steps;
  } catch (error) {
    if (error instanceof ShellExit || error instanceof FunctionReturn) return error.status;
    if (error instanceof LoopJump) return 0;
    if (error instanceof ShellFailure) {
      if (error.message !== "") yield* shell.complain(error.message, error.builtin);
      return error.status;
    }
    throw error;
  }
}

/** tcsetpgrp by a process that is not in the foreground itself. */
export function* giveTerminal(fd: number, group: number): Steps<void> {
  const blocked = yield* sys.sigprocmask("block", ["SIGTTOU"]);
  yield* sys.tcsetpgrp(fd, group);
  yield* sys.sigprocmask("set", blocked);
}

/** Both parent and child do this, so that neither runs before it is done. */
function* joinGroup(pid: number, group: number): Steps<void> {
  try {
    yield* sys.setpgid(pid, group === 0 ? pid : group);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
}

function* readNothing(): Steps<void> {
  try {
    const fd = yield* sys.open("/dev/null", O.RDONLY);
    if (fd === 0) return;
    yield* sys.dup2(fd, 0);
    yield* sys.close(fd);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
}
