import type { Transport } from "../../api/exchange.ts";
import type { Console, ConsoleSignal, Terminal } from "../../cli/console.ts";
import { BrokenPipe, type ByteSink } from "../../platform/bytes.ts";
import type { Clock } from "../../platform/clock.ts";
import { Errno } from "../../files/filesystem.ts";
import type { AsyncCalls } from "../kernel/syscalls.ts";
import { consoleFiles, descriptorSink, descriptorSource } from "./files.ts";

const signals: ConsoleSignal[] = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGCONT",
  "SIGWINCH",
];

/** What a console on the simulated machine needs besides the system calls of its process. */
export interface ConsoleSurroundings {
  clock: Clock;
  /** A way to the engine at a host, from where this process is. */
  connect(calls: AsyncCalls, host: string): Transport;
}

/** The console of a process on the simulated machine: the docker command line stands on it. */
export async function processConsole(
  calls: AsyncCalls,
  { clock, connect }: ConsoleSurroundings,
): Promise<Console> {
  const env: Record<string, string> = {};
  for (const variable of calls.process.env) {
    const at = variable.indexOf("=");
    env[variable.slice(0, at)] ??= variable.slice(at + 1);
  }
  const [stdin, stdout, stderr] = await Promise.all([0, 1, 2].map((fd) => terminalAt(calls, fd)));
  return {
    env,
    cwd: await calls.getcwd(),
    files: consoleFiles(calls),
    stdin: descriptorSource(calls, 0),
    stdout: output(calls, 1),
    stderr: output(calls, 2),
    terminals: { ...(stdin && { stdin }), ...(stdout && { stdout }), ...(stderr && { stderr }) },
    clock,
    platform: { os: "linux", arch: "amd64" },
    onSignal(listener) {
      const terminals = [stdin, stdout, stderr].filter((terminal) => terminal !== undefined);
      const undo = signals.map((signal) =>
        calls.onSignal(signal, () => {
          if (signal !== "SIGWINCH") listener(signal);
          // The listener reads the new size, which only a system call tells.
          else void Promise.all(terminals.map((terminal) => terminal.measure())).then(() => listener(signal));
        }),
      );
      return () => undo.forEach((one) => one());
    },
    connect: (host) => connect(calls, host),
  };
}

function output(calls: AsyncCalls, fd: number): ByteSink {
  const sink = descriptorSink(calls, fd);
  return {
    ...sink,
    async write(bytes) {
      try {
        await sink.write(bytes);
      } catch (error) {
        throw error instanceof Errno && error.code === "EPIPE" ? new BrokenPipe() : error;
      }
    },
  };
}

async function terminalAt(
  calls: AsyncCalls,
  fd: number,
): Promise<(Terminal & { measure(): Promise<void> }) | undefined> {
  if (!(await calls.isatty(fd).catch(() => false))) return undefined;
  let size = await calls.getWinsize(fd);
  return {
    size: () => size,
    async measure() {
      size = await calls.getWinsize(fd);
    },
    raw() {
      const before = calls.tcgetattr(fd);
      void calls.tcsetattr(fd, {
        canonical: false,
        echo: false,
        signals: false,
        crToNl: false,
        nlToCrNl: false,
        flowControl: false,
      });
      return () => void before.then((termios) => calls.tcsetattr(fd, termios));
    },
  };
}
