import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { SignalName } from "../kernel/signals.ts";
import { signalNames } from "../kernel/signals.ts";
import { sys } from "../kernel/syscalls.ts";
import { parseSignal } from "../shell/jobs.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine, readProcesses } from "./process-table.ts";
import type { ProcessInfo } from "./process-table.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** The signal that the first argument (-9, -TERM, -s NAME) names, and what is left. */
function* signalArgument(io: Invocation): Steps<{ signal: SignalName | 0; rest: string[] }> {
  const rest = [...io.args];
  let text = "TERM";
  if (rest[0] === "-s" || rest[0] === "--signal") {
    rest.shift();
    text = rest.shift() ?? "";
  } else if (/^-(\d+|[A-Z][A-Z0-9+-]*)$/.test(rest[0] ?? "")) text = rest.shift()!.slice(1);
  if (rest[0] === "--") rest.shift();
  const signal = parseSignal(text);
  if (signal === undefined)
    return yield* io.fail(io.busybox ? `bad signal name '${text}'` : `unknown signal name ${text}`);
  return { signal: signal === "EXIT" ? 0 : signal, rest };
}

export const kill: UserProgram = {
  names: ["kill"],
  usage: "[-l] [-SIG] PID...",
  summary: "Send a signal (default: TERM) to given PIDs",
  *main(io) {
    if (io.args[0] === "-l" || io.args[0] === "-L") {
      if (io.busybox)
        yield* io.print(
          signalNames.map((name, at) => `${String(at + 1).padStart(2)}) ${name.slice(3)}\n`).join(""),
        );
      else yield* io.print(signalNames.map((name) => name.slice(3)).join(" ") + "\n");
      return 0;
    }
    const { signal, rest } = yield* signalArgument(io);
    if (rest.length === 0)
      return yield* io.busybox
        ? io.fail("you need to specify whom to kill")
        : io.fail("not enough arguments");
    for (const text of rest) {
      if (!/^-?\d+$/.test(text)) {
        yield* io.complain(io.busybox ? `bad pid '${text}'` : `failed to parse argument: '${text}'`);
        continue;
      }
      try {
        yield* sys.kill(Number(text), signal);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox
            ? `can't kill pid ${text}: ${strerror(error.code)}`
            : `(${text}): ${strerror(error.code)}`,
        );
      }
    }
    return io.status;
  },
};

export const killall: UserProgram = {
  names: ["killall"],
  usage: "[-l] [-q] [-SIG] PROCESS_NAME...",
  summary: "Send a signal (default: TERM) to given processes",
  *main(io) {
    const { signal, rest } = yield* signalArgument(io);
    const quiet = rest[0] === "-q" && rest.shift() !== undefined;
    if (rest.length === 0) return yield* io.fail("you need to specify whom to kill");
    const self = yield* sys.getpid();
    for (const name of rest) {
      const found = (yield* readProcesses()).filter((info) => named(info, name) && info.pid !== self);
      for (const { pid } of found) yield* sys.kill(pid, signal);
      if (found.length > 0) continue;
      io.status = 1;
      if (!quiet)
        yield* io.printError(
          `${io.busybox ? "killall: " : ""}${name}: no process ${io.busybox ? "killed" : "found"}\n`,
        );
    }
    return io.status;
  },
};

function named(info: ProcessInfo, name: string): boolean {
  return info.comm === name || info.args[0]?.split("/").at(-1) === name;
}

export const pidof: UserProgram = {
  names: ["pidof"],
  usage: "[-s] [NAME]...",
  summary: "List PIDs of all processes with names that match NAMEs",
  *main(io) {
    const options = yield* io.options({ short: "so:x" });
    const list = (yield* readProcesses())
      .filter((info) => options.operands.some((name) => named(info, name)))
      .reverse();
    const pids = (options.has("s") ? list.slice(0, 1) : list)
      .map((info) => info.pid)
      .filter((pid) => !options.all("o").includes(String(pid)));
    if (pids.length === 0) return 1;
    yield* io.print(pids.join(" ") + "\n");
    return 0;
  },
};

export const pgrep: UserProgram = {
  names: ["pgrep", "pkill"],
  flavours: ["gnu", "busybox"],
  usage: "[-flanovx] [-s SID|-P PPID|PATTERN]",
  summary: "Display or signal processes selected by regex PATTERN",
  *main(io) {
    const killing = io.applet === "pkill";
    const { signal, rest } = killing ? yield* signalArgument(io) : { signal: 0 as const, rest: [...io.args] };
    const options = yield* io.options(
      {
        short: "flanovxcs:P:u:U:d:e",
        long: {
          full: "f",
          "list-name": "l",
          "list-full": "a",
          newest: "n",
          oldest: "o",
          inverse: "v",
          exact: "x",
          parent: "P:",
          count: "c",
        },
      },
      2,
      rest,
    );
    const pattern = options.operands[0] ?? "";
    if (pattern === "" && !options.has("P", "s", "u")) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain("no matching criteria specified", 2);
      return yield* io.usage(2);
    }
    const regex = new RegExp(options.has("x") ? `^(?:${pattern})$` : pattern);
    const self = yield* sys.getpid();
    const parents = options.all("P").flatMap((text) => text.split(",").map(Number));
    let list = (yield* readProcesses()).filter((info) => {
      if (info.pid === self) return false;
      const matches =
        regex.test(options.has("f") ? commandLine(info) : info.comm) &&
        (parents.length === 0 || parents.includes(info.ppid));
      return matches !== options.has("v");
    });
    if (options.has("n")) list = list.slice(-1);
    if (options.has("o")) list = list.slice(0, 1);
    if (options.has("c")) yield* io.print(`${list.length}\n`);
    else
      for (const info of list) {
        if (killing) yield* sys.kill(info.pid, signal);
        else
          yield* io.print(
            options.has("a") || (options.has("l") && options.has("f"))
              ? `${info.pid} ${commandLine(info)}\n`
              : options.has("l")
                ? `${info.pid} ${info.comm}\n`
                : `${info.pid}\n`,
          );
      }
    return list.length > 0 ? 0 : 1;
  },
};
