import { Errno } from "../../files/filesystem.ts";
import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Steps } from "./user-program.ts";

/** What /proc/PID tells of a process. Times in hundredths of a second, sizes in bytes. */
export interface ProcessInfo {
  pid: number;
  ppid: number;
  group: number;
  session: number;
  /** Number of the terminal: 0 for none, else major * 256 + minor. */
  tty: number;
  foreground: number;
  comm: string;
  args: string[];
  state: string;
  uid: number;
  gid: number;
  userTime: number;
  systemTime: number;
  /** Since boot. */
  start: number;
  nice: number;
  threads: number;
  virtualSize: number;
  residentSize: number;
}

/** All processes that /proc shows, by pid. */
export function* readProcesses(): Steps<ProcessInfo[]> {
  const list: ProcessInfo[] = [];
  for (const { name } of yield* sys.readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const info = yield* readProcess(Number(name));
    if (info) list.push(info);
  }
  return list.sort((left, right) => left.pid - right.pid);
}

/** One process; undefined when it has gone. */
export function* readProcess(pid: number): Steps<ProcessInfo | undefined> {
  try {
    const stat = yield* readTextFile(`/proc/${pid}/stat`);
    const args = (yield* readTextFile(`/proc/${pid}/cmdline`)).split("\0").slice(0, -1);
    const status = yield* readTextFile(`/proc/${pid}/status`);
    const close = stat.lastIndexOf(")");
    const fields = stat.slice(close + 2).split(" ");
    const number = (at: number) => Number(fields[at] ?? 0);
    const ids = (name: string) =>
      Number(new RegExp(`^${name}:\\s+\\d+\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
    return {
      pid,
      comm: stat.slice(stat.indexOf("(") + 1, close),
      args,
      state: fields[0] ?? "S",
      ppid: number(1),
      group: number(2),
      session: number(3),
      tty: number(4),
      foreground: number(5),
      userTime: number(11),
      systemTime: number(12),
      nice: number(16),
      threads: number(17),
      start: number(19),
      virtualSize: number(20),
      residentSize: number(21) * 4096,
      uid: ids("Uid"),
      gid: ids("Gid"),
    };
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** The command line as ps shows it; a process without one by its name in brackets. */
export function commandLine(info: ProcessInfo): string {
  return info.args.length > 0 ? info.args.join(" ") : `[${info.comm}]`;
}

/** "pts/0", "?" */
export function terminalName(tty: number): string {
  if (tty === 0) return "?";
  const major = (tty >> 8) & 0xfff;
  const minor = (tty & 0xff) | ((tty >> 12) & 0xfff00);
  return major >= 136 && major < 144
    ? `pts/${minor}`
    : major === 5 && minor === 1
      ? "console"
      : `tty${minor}`;
}

/** Seconds since boot. */
export function* uptime(): Steps<number> {
  return (yield* sys.sysinfo()).uptime / 1e9;
}
