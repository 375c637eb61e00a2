import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { sys } from "../kernel/syscalls.ts";
import { O } from "../kernel/calls.ts";
import { parseSignal } from "../shell/jobs.ts";
import { parseDuration } from "./sleep.ts";
import { runCommand, spawnCommand } from "./run-command.ts";
import type { SignalName } from "../kernel/signals.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const time: UserProgram = {
  names: ["time"],
  usage: "[-vpa] [-o FILE] PROG ARGS",
  summary: "Run PROG, display resource usage when it exits",
  *main(io) {
    const options = yield* io.options({ short: "vpao:f:", stopAtOperand: true });
    const words = options.operands;
    if (words.length === 0) return yield* io.usage();
    const began = yield* sys.clock("monotonic");
    const pid = yield* spawnCommand(words, io.process.env);
    if (pid instanceof Errno)
      return yield* io.fail(
        io.busybox
          ? `can't execute '${words[0]}': ${strerror(pid.code)}`
          : `cannot run ${words[0]}: ${strerror(pid.code)}`,
        127,
      );
    const result = (yield* sys.waitpid(pid))!;
    const real = Number((yield* sys.clock("monotonic")) - began) / 1e9;
    const show = (seconds: number) =>
      options.has("p") ? seconds.toFixed(2) : `${Math.floor(seconds / 60)}m ${(seconds % 60).toFixed(2)}s`;
    const separator = options.has("p") ? " " : "\t";
    yield* io.printError(
      `real${separator}${show(real)}\nuser${separator}${show(result.userTime / 1e9)}\nsys${separator}${show(result.systemTime / 1e9)}\n`,
    );
    return shellStatus(result.status);
  },
};

export const timeout: UserProgram = {
  names: ["timeout"],
  usage: "[-s SIG] [-k KILL_SECS] SECS PROG ARGS",
  summary: "Run PROG. Send SIG to it if it is not gone in SECS seconds. Default SIG: TERM.",
  *main(io) {
    const options = yield* io.options(
      {
        short: "s:k:v",
        long: { signal: "s:", "kill-after": "k:", "preserve-status": "ps", foreground: "fg", verbose: "v" },
        stopAtOperand: true,
      },
      125,
    );
    const [text, ...words] = options.operands;
    if (text === undefined || words.length === 0) return yield* io.usage(125);
    const seconds = parseDuration(text);
    if (seconds === undefined)
      return yield* io.fail(
        io.busybox
          ? `invalid number '${text}'`
          : `invalid time interval ‘${text}’\nTry '${io.name} --help' for more information.`,
        io.busybox ? 1 : 125,
      );
    const name = options.get("s") ?? "TERM";
    const signal = parseSignal(name);
    if (signal === undefined || signal === "EXIT")
      return yield* io.fail(io.busybox ? `unknown signal '${name}'` : `‘${name}’: invalid signal`, 125);
    if (io.busybox) {
      yield* watchOver(yield* sys.getpid(), seconds, signal, parseDuration(options.get("k") ?? ""));
      return yield* runCommand(io, words);
    }
    const pid = yield* spawnCommand(words, io.process.env);
    if (pid instanceof Errno) {
      yield* io.complain(
        io.busybox
          ? `can't execute '${words[0]}': ${strerror(pid.code)}`
          : `failed to run command ‘${words[0]}’: ${strerror(pid.code)}`,
      );
      return pid.code === "ENOENT" ? 127 : 126;
    }
    let expired = false;
    yield* sys.sigaction("SIGALRM", { handler: () => void (expired = true) });
    if (seconds > 0) yield* sys.alarm(Math.min(seconds, 9e8) * 1e9);
    let sent = false;
    for (;;) {
      try {
        const result = (yield* sys.waitpid(pid))!;
        if (sent && !options.has("ps"))
          return result.status.kind === "signaled" && result.status.signal === "SIGKILL"
            ? 137
            : io.busybox
              ? 143
              : 124;
        return shellStatus(result.status);
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
        if (!expired) continue;
        expired = false;
        yield* sys.kill(pid, sent ? "SIGKILL" : signal);
        const patience = options.get("k");
        if (!sent && patience !== undefined) yield* sys.alarm((parseDuration(patience) ?? 0) * 1e9);
        sent = true;
      }
    }
  },
};

/** busybox becomes the program itself; a process aside ends it when its time has come, unless it has gone before. */
function* watchOver(
  pid: number,
  seconds: number,
  signal: SignalName,
  patience: number | undefined,
): Steps<void> {
  const child = yield* sys.clone(function* () {
    yield* sys.clone(function* () {
      for (const fd of [0, 1, 2]) yield* sys.close(fd);
      if (!(yield* outlast(pid, seconds))) return 0;
      yield* sys.kill(pid, signal);
      if (patience !== undefined && (yield* outlast(pid, patience))) yield* sys.kill(pid, "SIGKILL");
      return 0;
    });
    return 0;
  });
  yield* sys.waitpid(child);
}

/** Waits; whether the process is still there then. */
function* outlast(pid: number, seconds: number): Steps<boolean> {
  for (let left = seconds; ; left--) {
    yield* sys.nanosleep(Math.max(Math.min(left, 1), 0) * 1e9);
    try {
      yield* sys.kill(pid, 0);
    } catch (error) {
      if (error instanceof Errno) return false;
      throw error;
    }
    if (left <= 1) return true;
  }
}

export const nohup: UserProgram = {
  names: ["nohup"],
  usage: "PROG ARGS",
  summary: "Run PROG immune to hangups, with output to a non-tty",
  *main(io) {
    if (io.args.length === 0) return yield* io.usage(125);
    yield* sys.sigaction("SIGHUP", "ignore");
    if (yield* sys.isatty(1)) {
      const fd = yield* sys.open("nohup.out", O.WRONLY | O.CREAT | O.APPEND, 0o600);
      yield* io.printError(
        io.busybox
          ? "nohup: appending output to nohup.out\n"
          : "nohup: ignoring input and appending output to 'nohup.out'\n",
      );
      yield* sys.dup2(fd, 1);
      if (yield* sys.isatty(2)) yield* sys.dup2(fd, 2);
      yield* sys.close(fd);
    }
    return yield* runCommand(io, io.args);
  },
};

export const nice: UserProgram = {
  names: ["nice"],
  usage: "[-n ADJUST] [PROG ARGS]",
  summary: "Change scheduling priority, run PROG",
  *main(io) {
    const options = yield* io.options(
      { short: "n:", number: "n", long: { adjustment: "n:" }, stopAtOperand: true },
      125,
    );
    if (options.operands.length === 0) {
      yield* io.print(`${yield* sys.nice(0)}\n`);
      return 0;
    }
    yield* sys.nice(Number(options.get("n") ?? 10));
    return yield* runCommand(io, options.operands);
  },
};

export const setsid: UserProgram = {
  names: ["setsid"],
  usage: "[-c] PROG ARGS",
  summary: "Run PROG in a new session",
  *main(io) {
    const options = yield* io.options({ short: "cfw", stopAtOperand: true });
    if (options.operands.length === 0) return yield* io.usage();
    if ((yield* sys.getpgid()) === (yield* sys.getpid())) {
      const words = options.operands;
      const pid = yield* sys.clone(function* () {
        yield* sys.setsid();
        return yield* runCommand(io, words);
      });
      if (!options.has("w")) return 0;
      return shellStatus((yield* sys.waitpid(pid))!.status);
    }
    yield* sys.setsid();
    if (options.has("c")) yield* sys.setControllingTerminal(0);
    return yield* runCommand(io, options.operands);
  },
};
