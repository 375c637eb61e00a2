import type { Cli } from "./cli.ts";
import { quote } from "./go/strconv.ts";

/** One line of docker's own log, on standard error: logrus' text format. */
export function log(cli: Cli, level: "debug" | "warning" | "error", message: string): Promise<void> {
  if (level === "debug" && !cli.debug) return Promise.resolve();
  if (cli.err.terminal)
    return cli.err.line(
      `${colours[level]}${level.slice(0, 4).toUpperCase()}\x1b[0m[0000] ${message.padEnd(44)}`,
    );
  const seconds = Number(cli.console.clock.now() / 1_000_000_000n);
  const time = new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  return cli.err.line(
    `time="${time}" level=${level} msg=${/^[\w\-./@^+]+$/.test(message) ? message : quote(message)}`,
  );
}

const colours = { debug: "\x1b[37m", warning: "\x1b[33m", error: "\x1b[31m" };
