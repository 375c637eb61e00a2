import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { print } from "../kernel/io.ts";
import { shellStatus } from "../kernel/process-status.ts";
import type { Program } from "../kernel/program.ts";
import { signalNames, type SignalName } from "../kernel/signals.ts";
import { sys } from "../kernel/syscalls.ts";

/** Signals that are about init itself, or cannot be caught. */
const own = new Set<SignalName>([
  "SIGKILL",
  "SIGSTOP",
  "SIGCHLD",
  "SIGFPE",
  "SIGILL",
  "SIGSEGV",
  "SIGBUS",
  "SIGABRT",
  "SIGTRAP",
  "SIGSYS",
  "SIGTTIN",
  "SIGTTOU",
]);

/**
 * docker-init (tini): process 1 of a container run with --init. It starts the command, hands signals on to it, takes
 * note of orphans, and ends as the command ended.
 */
export function initProgram(args: readonly string[]): Program {
  return function* (process) {
    const path = process.getenv("PATH") ?? "";
    let child: number;
    try {
      child = yield* spawnFromPath(args, path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* print(2, `[FATAL tini (7)] exec ${args[0] ?? ""} failed: ${strerror(error.code)}\n`);
      return error.code === "ENOENT" ? 127 : 126;
    }
    for (const signal of signalNames) {
      if (own.has(signal)) continue;
      yield* sys.sigaction(signal, { handler: (name) => forward(child, name), restart: true });
    }
    for (;;) {
      const ended = (yield* sys.waitpid(-1))!;
      if (ended.pid === child && ended.status.kind !== "stopped") return shellStatus(ended.status);
    }
  };
}

function* forward(child: number, signal: SignalName) {
  try {
    yield* sys.kill(child, signal);
  } catch (error) {
    if (!(error instanceof Errno && error.code === "ESRCH")) throw error;
  }
}

function* spawnFromPath(args: readonly string[], path: string) {
  const name = args[0] ?? "";
  const candidates = name.includes("/")
    ? [name]
    : path.split(":").map((directory) => `${directory || "."}/${name}`);
  // The command is in a group of its own, which a terminal takes as its foreground.
  const terminal = yield* sys.isatty(0);
  let failure = new Errno("ENOENT");
  for (const candidate of candidates) {
    try {
      yield* sys.access(candidate, "x");
      return yield* sys.spawn(candidate, {
        argv: args,
        processGroup: 0,
        ...(terminal ? { foreground: 0 } : {}),
      });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code !== "ENOENT") failure = error;
    }
  }
  throw failure;
}
