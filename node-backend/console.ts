import { spawnSync } from "node:child_process";
import type { Console, ConsoleSignal, Terminal } from "../core/cli/console.ts";
import type { ByteSource } from "../core/platform/bytes.ts";
import { ReadStream as TtyReadStream, WriteStream as TtyWriteStream } from "node:tty";
import { systemClock } from "./clock.ts";
import { nodeFiles } from "./files.ts";
import { sinkInto, sourceFrom } from "./streams.ts";
import { socketTransport } from "./transport.ts";

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

/** The console of this process: its streams, terminal, files, signals, environment. */
export function nodeConsole(): Console {
  const { stdin, stdout, stderr } = process;
  const size = () => {
    const shown = [stdout, stderr].find((stream) => stream.isTTY);
    const [columns, rows] = shown ? shown.getWindowSize() : [80, 24];
    return { columns, rows };
  };
  const terminal: Terminal = {
    size,
    raw: () => {
      if (!(stdin instanceof TtyReadStream)) return () => {};
      stdin.setRawMode(true);
      // Node's raw mode still writes a carriage return before each line feed; a container's terminal has done so already.
      if (process.platform !== "win32")
        spawnSync("stty", ["-opost"], { stdio: ["inherit", "ignore", "ignore"] });
      return () => void stdin.setRawMode(false);
    },
  };
  const onTerminal = (stream: object) => stream instanceof TtyReadStream || stream instanceof TtyWriteStream;
  return {
    env: process.env,
    cwd: process.cwd().replaceAll("\\", "/"),
    files: nodeFiles,
    stdin: lazily(() => sourceFrom(stdin)),
    stdout: sinkInto(stdout),
    stderr: sinkInto(stderr),
    terminals: {
      ...(onTerminal(stdin) ? { stdin: terminal } : {}),
      ...(onTerminal(stdout) ? { stdout: terminal } : {}),
      ...(onTerminal(stderr) ? { stderr: terminal } : {}),
    },
    clock: systemClock,
    platform: { os: process.platform === "win32" ? "windows" : process.platform, arch: architecture() },
    onSignal(listener) {
      const undo = signals.map((signal) => {
        const heard = () => listener(signal);
        process.on(signal, heard);
        return () => void process.off(signal, heard);
      });
      return () => undo.forEach((one) => one());
    },
    connect: (host, options) => socketTransport(host, options),
  };
}

function architecture(): string {
  const names: Record<string, string> = { x64: "amd64", ia32: "386" };
  return names[process.arch] ?? process.arch;
}

/** A source that is opened at its first read, so that a command which reads nothing leaves standard input alone. */
function lazily(open: () => ByteSource): ByteSource {
  let source: ByteSource | undefined;
  return {
    read: () => (source ??= open()).read(),
    cancel: (reason) => source?.cancel(reason),
  };
}
