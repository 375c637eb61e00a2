import { systemError } from "../../errors/errors.ts";
import type { ProcessTable } from "../../tasks/runtime.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { processState } from "../kernel/proc/process-directory.ts";
import type { Process } from "../kernel/process.ts";
import { userNames } from "./user-names.ts";

interface Column {
  header: string;
  cell(process: Process, kernel: Kernel, names: ReadonlyMap<number, string>): string;
}

const two = (number: number) => String(Math.floor(number)).padStart(2, "0");

function wallTime(process: Process, kernel: Kernel, seconds: boolean): string {
  const at = Number((kernel.time.boot + BigInt(Math.floor(process.startTime))) / 1_000_000_000n) % 86400;
  return `${two(at / 3600)}:${two((at / 60) % 60)}${seconds ? `:${two(at % 60)}` : ""}`;
}

const cpuSeconds = (process: Process) => Math.floor((process.userTime + process.systemTime) / 1e9);

function cpuTime(process: Process): string {
  const total = cpuSeconds(process);
  return `${two(total / 3600)}:${two((total / 60) % 60)}:${two(total % 60)}`;
}

function share(process: Process, kernel: Kernel): number {
  const lived = Math.max(1, kernel.time.elapsed - process.startTime);
  return Math.min(100, ((process.userTime + process.systemTime) / lived) * 100);
}

const terminal = (process: Process) => (process.session.tty ? `pts/${process.session.tty.index}` : "?");
const command = (process: Process) =>
  process.argv.length > 0 && process.alive
    ? process.argv.join(" ")
    : `[${process.comm}]${process.alive ? "" : " <defunct>"}`;
const user = (process: Process, names: ReadonlyMap<number, string>) =>
  names.get(process.credentials.euid) ?? String(process.credentials.euid);
const kib = (bytes: number) => String(Math.ceil(bytes / 1024));

function stateFlags(process: Process): string {
  const leader = process.session.leader === process ? "s" : "";
  const foreground = process.session.tty?.foreground === process.group ? "+" : "";
  return processState(process) + (process.nice < 0 ? "<" : process.nice > 0 ? "N" : "") + leader + foreground;
}

const column = (header: string, cell: Column["cell"]): Column => ({ header, cell });

/** procps' columns by the name that -o takes. */
const columns: Record<string, Column> = {
  pid: column("PID", (process) => String(process.pid)),
  ppid: column("PPID", (process) => String(process.parent?.pid ?? 0)),
  pgid: column("PGID", (process) => String(process.group.id)),
  sid: column("SID", (process) => String(process.session.id)),
  user: column("USER", (process, _kernel, names) => user(process, names)),
  uid: column("UID", (process) => String(process.credentials.euid)),
  gid: column("GID", (process) => String(process.credentials.egid)),
  group: column("GROUP", (process) => String(process.credentials.egid)),
  pcpu: column("%CPU", (process, kernel) => share(process, kernel).toFixed(1)),
  pmem: column("%MEM", (process, kernel) => ((process.memory / kernel.memory) * 100).toFixed(1)),
  c: column("C", (process, kernel) => String(Math.min(99, Math.floor(share(process, kernel))))),
  vsz: column("VSZ", (process) => kib(process.memory)),
  rss: column("RSS", (process) => kib(process.memory)),
  sz: column("SZ", (process) => String(Math.ceil(process.memory / 4096))),
  tty: column("TT", terminal),
  tname: column("TTY", terminal),
  stat: column("STAT", stateFlags),
  s: column("S", processState),
  stime: column("STIME", (process, kernel) => wallTime(process, kernel, false)),
  start_time: column("START", (process, kernel) => wallTime(process, kernel, false)),
  start: column("STARTED", (process, kernel) => wallTime(process, kernel, true)),
  etime: column("ELAPSED", (process, kernel) => {
    const seconds = Math.floor((kernel.time.elapsed - process.startTime) / 1e9);
    return `${seconds >= 3600 ? `${two(seconds / 3600)}:` : ""}${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  }),
  time: column("TIME", cpuTime),
  bsdtime: column(
    "TIME",
    (process) => `${Math.floor(cpuSeconds(process) / 60)}:${two(cpuSeconds(process) % 60)}`,
  ),
  ni: column("NI", (process) => String(process.nice)),
  pri: column("PRI", (process) => String(80 + process.nice)),
  f: column("F", () => "4"),
  addr: column("ADDR", () => "-"),
  wchan: column("WCHAN", () => "-"),
  nlwp: column("NLWP", (process) => String(Math.max(1, process.threads.length))),
  comm: column("COMMAND", (process) => process.comm),
  ucmd: column("CMD", (process) => process.comm),
  args: column("COMMAND", command),
  cmd: column("CMD", command),
  fulluid: column("UID", (process, _kernel, names) => user(process, names)),
};
const aliases: Record<string, string> = {
  "%cpu": "pcpu", "%mem": "pmem", ruser: "user", euser: "user", euid: "uid", egid: "gid", pgrp: "pgid", sess: "sid", session: "sid", vsize: "vsz",
  rssize: "rss", rsz: "rss", state: "s", tt: "tty", lstart: "start", cputime: "time", nice: "ni", command: "args", ucomm: "comm", thcount: "nlwp",
}; // prettier-ignore

const full = ["fulluid", "pid", "ppid", "c", "stime", "tname", "time", "cmd"];
const long = [
  "f",
  "s",
  "uid",
  "pid",
  "ppid",
  "c",
  "pri",
  "ni",
  "addr",
  "sz",
  "wchan",
  "tname",
  "time",
  "ucmd",
];
const userOriented = [
  "user",
  "pid",
  "pcpu",
  "pmem",
  "vsz",
  "rss",
  "tname",
  "stat",
  "start_time",
  "bsdtime",
  "args",
];
const bsd = ["pid", "tname", "stat", "bsdtime", "args"];
const plain = ["pid", "tname", "time", "ucmd"];

const failure = (text: string) => systemError(`ps: error: ${text}`);

/** The columns that ps's arguments choose. Throws ps's own errors. */
function chosenColumns(psArguments: string): Column[] {
  const words = psArguments.split(/\s+/).filter(Boolean);
  let chosen: string[] | undefined;
  let format: readonly string[] | undefined;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word.startsWith("--")) {
      const name = word.slice(2).split("=")[0]!;
      if (name === "format") (chosen ??= []).push(word.split("=")[1] ?? words[++index] ?? "");
      else if (
        name === "sort" ||
        name === "columns" ||
        name === "cols" ||
        name === "width" ||
        name === "rows"
      )
        index += word.includes("=") ? 0 : 1;
      else if (!["forest", "headers", "no-headers", "deselect", "cumulative"].includes(name))
        throw failure(`unknown gnu long option`);
      continue;
    }
    const dashed = word.startsWith("-");
    const letters = dashed ? word.slice(1) : word;
    for (let at = 0; at < letters.length; at++) {
      const letter = letters[at]!;
      if (letter === "o" || letter === "O") {
        const list = letters.slice(at + 1) || words[++index];
        if (list === undefined) throw failure("format specification must follow -o");
        (chosen ??= []).push(list);
        break;
      }
      if (dashed) {
        if (letter === "f" || letter === "F") format = full;
        else if (letter === "l") format = long;
        else if (letter === "x") format ??= bsd;
        else if (letter === "u" && letters.includes("x")) format = userOriented;
        else if (!"eAadwcHLTy".includes(letter)) throw failure("unsupported SysV option");
      } else if (letter === "u") format = userOriented;
      else if (letter === "x" || letter === "a") format ??= bsd;
      else if (letter === "l") format = long;
      else if (letter === "p" || letter === "q") throw failure(`List of process IDs must follow ${letter}.`);
      else if (!"acefghjnrwSTCHLk".includes(letter)) throw failure("unsupported option (BSD syntax)");
    }
  }
  if (chosen)
    return chosen
      .flatMap((list) => list.split(/[,\s]+/))
      .filter(Boolean)
      .map(namedColumn);
  return (format ?? plain).map((name) => columns[name]!);
}

function namedColumn(word: string): Column {
  const [name = "", header] = word.split("=");
  const found = columns[aliases[name.toLowerCase()] ?? name.toLowerCase()];
  if (!found || ["fulluid", "ucmd", "bsdtime", "start_time", "tname"].includes(name.toLowerCase())) {
    if (name !== "bsdtime" && name !== "tname")
      throw failure(`unknown user-defined format specifier "${name}"`);
  }
  return header === undefined ? found! : { ...found!, header };
}

/** Like `ps` on the host with these arguments, for the processes given. */
export function processTable(
  kernel: Kernel,
  processes: readonly Process[],
  psArguments: string,
): ProcessTable {
  const chosen = chosenColumns(psArguments || "-ef");
  if (!chosen.some(({ header }) => header === "PID"))
    throw systemError("Couldn't find PID field in ps output");
  const names = userNames(kernel);
  const sorted = [...processes].sort((a, b) => a.pid - b.pid);
  return {
    titles: chosen.map(({ header }) => header),
    processes: sorted.map((process) => chosen.map(({ cell }) => cell(process, kernel, names))),
  };
}
