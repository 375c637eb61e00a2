import { sys } from "../kernel/syscalls.ts";
import { readAccounts } from "./accounts.ts";
import type { Accounts } from "./accounts.ts";
import { formatDate } from "./date-format.ts";
import { ExitStatus } from "./invocation.ts";
import type { Invocation } from "./invocation.ts";
import { commandLine, readProcesses, terminalName, uptime } from "./process-table.ts";
import type { ProcessInfo } from "./process-table.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Column {
  title: string;
  width: number;
  right: boolean;
  value(info: ProcessInfo, context: Context): string;
}

interface Context {
  accounts: Accounts;
  now: bigint;
  uptime: number;
  memory: number;
}

const time = (info: ProcessInfo) => Math.floor((info.userTime + info.systemTime) / 100);
const two = (value: number) => String(value).padStart(2, "0");
const longTime = (seconds: number) =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
const shortTime = (seconds: number) => `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;

function started(info: ProcessInfo, context: Context): string {
  const began = context.now - BigInt(Math.max(Math.round((context.uptime - info.start / 100) * 1e9), 0));
  return formatDate(context.now - began < 86_400_000_000_000n ? "%H:%M" : "%b%d", began);
}

function elapsed(info: ProcessInfo, context: Context): number {
  return Math.max(Math.floor(context.uptime - info.start / 100), 0);
}

function cpu(info: ProcessInfo, context: Context): number {
  const lived = context.uptime - info.start / 100;
  return lived <= 0 ? 0 : Math.min((info.userTime + info.systemTime) / lived, 100);
}

function gnuElapsed(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = seconds % 86_400;
  if (days > 0) return `${days}-${longTime(rest)}`;
  return rest >= 3600 ? longTime(rest) : `${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
}

function stat(info: ProcessInfo): string {
  let text = info.state;
  if (info.nice < 0) text += "<";
  else if (info.nice > 0) text += "N";
  if (info.session === info.pid) text += "s";
  if (info.threads > 1) text += "l";
  if (info.tty !== 0 && info.foreground === info.group) text += "+";
  return text;
}

const column = (title: string, width: number, right: boolean, value: Column["value"]): Column => ({
  title,
  width,
  right,
  value,
});

const gnuColumns: Record<string, Column> = {
  pid: column("PID", 7, true, (info) => String(info.pid)),
  ppid: column("PPID", 7, true, (info) => String(info.ppid)),
  pgid: column("PGID", 7, true, (info) => String(info.group)),
  sid: column("SID", 7, true, (info) => String(info.session)),
  user: column("USER", 8, false, (info, { accounts }) => accounts.userName(info.uid)),
  uid: column("UID", 5, true, (info) => String(info.uid)),
  group: column("GROUP", 8, false, (info, { accounts }) => accounts.groupName(info.gid)),
  gid: column("GID", 5, true, (info) => String(info.gid)),
  tty: column("TT", 8, false, (info) => terminalName(info.tty)),
  time: column("TIME", 8, true, (info) => longTime(time(info))),
  etime: column("ELAPSED", 11, true, (info, context) => gnuElapsed(elapsed(info, context))),
  etimes: column("ELAPSED", 7, true, (info, context) => String(elapsed(info, context))),
  stime: column("STIME", 5, true, started),
  lstart: column("STARTED", 24, true, (info, context) =>
    formatDate("%a %b %e %H:%M:%S %Y", context.now - BigInt(elapsed(info, context)) * 1_000_000_000n),
  ),
  comm: column("COMMAND", 15, false, (info) => info.comm),
  args: column("COMMAND", 27, false, commandLine),
  stat: column("STAT", 4, false, stat),
  s: column("S", 1, false, (info) => info.state),
  nice: column("NI", 3, true, (info) => String(info.nice)),
  vsz: column("VSZ", 6, true, (info) => String(Math.floor(info.virtualSize / 1024))),
  rss: column("RSS", 5, true, (info) => String(Math.floor(info.residentSize / 1024))),
  pcpu: column("%CPU", 4, true, (info, context) => cpu(info, context).toFixed(1)),
  pmem: column("%MEM", 4, true, (info, context) => ((100 * info.residentSize) / context.memory).toFixed(1)),
  nlwp: column("NLWP", 4, true, (info) => String(info.threads)),
  c: column("C", 2, true, (info, context) => String(Math.floor(cpu(info, context)))),
};

const synonyms: Record<string, string> = {
  cmd: "args", command: "args", ucmd: "comm", ucomm: "comm", tt: "tty", tname: "tty", euser: "user", uname: "user", ruser: "user",
  ruid: "uid", euid: "uid", ni: "nice", state: "s", cputime: "time", "%cpu": "pcpu", "%mem": "pmem", start: "stime", start_time: "stime",
  rssize: "rss", vsize: "vsz", egroup: "group", rgroup: "group", sess: "sid", session: "sid", thcount: "nlwp", pgrp: "pgid",
}; // prettier-ignore

const busyboxColumns: Record<string, Column> = {
  user: column("USER", 8, false, gnuColumns["user"]!.value),
  group: column("GROUP", 8, false, gnuColumns["group"]!.value),
  comm: column("COMMAND", 16, false, (info) => info.comm),
  args: column("COMMAND", 256, false, commandLine),
  pid: column("PID", 5, true, (info) => String(info.pid)),
  ppid: column("PPID", 5, true, (info) => String(info.ppid)),
  pgid: column("PGID", 5, true, (info) => String(info.group)),
  etime: column("ELAPSED", 7, true, (info, context) => shortTime(elapsed(info, context))),
  nice: column("NI", 5, true, (info) => String(info.nice)),
  rgroup: column("RGROUP", 8, false, gnuColumns["group"]!.value),
  ruser: column("RUSER", 8, false, gnuColumns["user"]!.value),
  time: column("TIME", 5, true, (info) => shortTime(time(info))),
  tty: column("TT", 6, false, (info) => (info.tty === 0 ? "?" : `${info.tty >> 8},${info.tty & 255}`)),
  vsz: column("VSZ", 4, true, (info) => kilobytes(info.virtualSize)),
  sid: column("SID", 5, true, (info) => String(info.session)),
  stat: column("STAT", 4, false, (info) => stat(info).replace(/[sl+]/g, "")),
  rss: column("RSS", 4, true, (info) => kilobytes(info.residentSize)),
};

function kilobytes(bytes: number): string {
  const amount = Math.floor(bytes / 1024);
  return amount < 100_000 ? String(amount) : `${Math.floor(amount / 1024)}m`;
}

export const ps: UserProgram = {
  names: ["ps"],
  usage: "[-o COL1,COL2=HEADER] [-T]",
  summary: "Show list of processes",
  *main(io) {
    const info = yield* sys.sysinfo();
    const context: Context = {
      accounts: yield* readAccounts(),
      now: yield* sys.clock(),
      uptime: yield* uptime(),
      memory: info.totalMemory,
    };
    return yield* io.busybox ? busyboxPs(io, context) : gnuPs(io, context);
  },
};

function* busyboxPs(io: Invocation, context: Context): Steps<number> {
  const options = yield* io.options({ short: "o:TlwefauxA" });
  // Debian builds its busybox without the column TIME.
  const spec =
    options.all("o").join(",") ||
    (io.process.identity.version === "1.35.0" ? "pid,user,args" : "pid,user,time,args");
  const chosen: Column[] = [];
  for (const item of spec.split(",")) {
    const [name = "", title] = item.split("=");
    const known = busyboxColumns[name];
    if (!known)
      return yield* io.fail(
        `bad -o argument '${name}', supported arguments: ${Object.keys(busyboxColumns).join(",")}`,
      );
    chosen.push(
      title === undefined ? known : { ...known, title, width: Math.max(known.width, title.length) },
    );
  }
  const last = chosen.length - 1;
  const row = (cells: readonly string[], align: (column: Column) => boolean) =>
    cells
      .map((cell, at) =>
        at === last && !chosen[at]!.right
          ? cell
          : align(chosen[at]!)
            ? cell.padStart(chosen[at]!.width)
            : cell.slice(0, chosen[at]!.width).padEnd(chosen[at]!.width),
      )
      .join(" ") + "\n";
  yield* io.print(
    row(
      chosen.map((each) => each.title),
      () => false,
    ),
  );
  for (const process of yield* readProcesses()) {
    yield* io.print(
      row(
        chosen.map((each) => each.value(process, context)),
        (each) => each.right,
      ),
    );
  }
  return 0;
}

interface Selection {
  all: boolean;
  withTerminal: boolean;
  users: string[];
  pids: number[];
  commands: string[];
  parents: number[];
}

function* gnuPs(io: Invocation, context: Context): Steps<number> {
  const selection: Selection = {
    all: false,
    withTerminal: false,
    users: [],
    pids: [],
    commands: [],
    parents: [],
  };
  let format = "";
  let headers = true;
  let sort = "";
  const columns: Column[] = [];
  const args = [...io.args];
  const addColumns = function* (list: string): Steps<void> {
    for (const item of list.split(/[, ]+/)) {
      const [name = "", title] = item.split("=");
      const known = gnuColumns[synonyms[name.toLowerCase()] ?? name.toLowerCase()];
      if (!known) {
        yield* io.printError(
          `error: unknown user-defined format specifier "${name}"\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
        );
        throw new ExitStatus(1);
      }
      columns.push(
        title === undefined
          ? known!
          : { ...known!, title, width: title === "" ? known!.width : Math.max(known!.width, title.length) },
      );
    }
  };
  while (args.length > 0) {
    const arg = args.shift()!;
    if (/^\d+(,\d+)*$/.test(arg)) selection.pids.push(...arg.split(",").map(Number));
    else if (arg.startsWith("--")) {
      const [name, value = ""] = arg.slice(2).split("=");
      if (name === "no-headers" || name === "no-heading") headers = false;
      else if (name === "sort") sort = value || args.shift()!;
      else if (name === "pid") selection.pids.push(...(value || args.shift()!).split(",").map(Number));
      else if (name === "ppid") selection.parents.push(...(value || args.shift()!).split(",").map(Number));
      else if (name === "format") yield* addColumns(value || args.shift()!);
    } else {
      const dashed = arg.startsWith("-");
      const letters = dashed ? arg.slice(1) : arg;
      for (let at = 0; at < letters.length; at++) {
        const letter = letters[at]!;
        const value = () => {
          const rest = letters.slice(at + 1).replace(/^=/, "");
          at = letters.length;
          return rest !== "" ? rest : (args.shift() ?? "");
        };
        if (letter === "o" || letter === "O") yield* addColumns(value());
        else if (letter === "p") selection.pids.push(...value().split(/[, ]+/).map(Number));
        else if (letter === "C") selection.commands.push(...value().split(","));
        else if (dashed && (letter === "u" || letter === "U")) selection.users.push(...value().split(","));
        else if (letter === "e" || letter === "A") {
          if (dashed) selection.all = true;
        } else if (letter === "x" && !dashed) selection.all = true;
        else if (letter === "a") selection.withTerminal = true;
        else if (letter === "f") {
          if (dashed) format = "full";
        } else if (letter === "u") format = "user";
        else if (letter === "l") format = "long";
        else if (letter === "h") headers = false;
        else if (!"wwLTHjsvmcnyNSrg".includes(letter)) {
          yield* io.printError(
            `error: unsupported option (BSD syntax)\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n`,
          );
          return 1;
        }
      }
    }
  }
  if (columns.length === 0)
    columns.push(
      ...layout(format || (selection.all && /^[a-z]*[ax][a-z]*$/.test(io.args[0] ?? "") ? "bsd" : "")),
    );
  let list = yield* select(selection, context);
  if (sort) list = sorted(list, sort, context);
  const rows = list.map((process) => columns.map((each) => each.value(process, context)));
  const last = columns.length - 1;
  const line = (cells: readonly string[], title: boolean) =>
    cells
      .map((cell, at) => {
        const each = columns[at]!;
        if (each.right) return cell.padStart(each.width);
        if (at === last) return cell;
        // A name too long for its column is cut, with a plus; a title is not.
        return cell.length > each.width && !title && each.title !== "COMMAND"
          ? cell.slice(0, each.width - 1) + "+"
          : cell.padEnd(each.width);
      })
      .join(" ") + "\n";
  if (headers && columns.some((each) => each.title !== ""))
    yield* io.print(
      line(
        columns.map((each) => each.title),
        true,
      ),
    );
  for (const cells of rows) yield* io.print(line(cells, false));
  return rows.length > 0 ? 0 : 1;
}

function layout(format: string): Column[] {
  const get = (name: string, change: Partial<Column> = {}): Column => ({ ...gnuColumns[name]!, ...change });
  if (format === "full")
    return [
      get("user", { title: "UID" }),
      get("pid"),
      get("ppid"),
      get("c"),
      get("stime"),
      get("tty", { title: "TTY" }),
      get("time"),
      get("args", { title: "CMD" }),
    ];
  if (format === "user")
    return [
      get("user"),
      get("pid"),
      get("pcpu"),
      get("pmem"),
      get("vsz"),
      get("rss"),
      get("tty", { title: "TTY" }),
      get("stat"),
      get("stime", { title: "START" }),
      get("time", { width: 6, value: (info) => shortTime(time(info)) }),
      get("args"),
    ];
  if (format === "bsd")
    return [
      get("pid"),
      get("tty", { title: "TTY" }),
      get("stat"),
      get("time", { width: 6, value: (info) => shortTime(time(info)) }),
      get("args"),
    ];
  if (format === "long")
    return [
      get("s"),
      get("uid"),
      get("pid"),
      get("ppid"),
      get("c"),
      get("nice"),
      get("vsz"),
      get("tty", { title: "TTY" }),
      get("time"),
      get("comm", { title: "CMD" }),
    ];
  return [get("pid"), get("tty", { title: "TTY" }), get("time"), get("comm", { title: "CMD" })];
}

function* select(selection: Selection, context: Context): Steps<ProcessInfo[]> {
  const list = yield* readProcesses();
  const given =
    selection.pids.length + selection.users.length + selection.commands.length + selection.parents.length > 0;
  if (given) {
    return list.filter(
      (info) =>
        selection.pids.includes(info.pid) ||
        selection.commands.includes(info.comm) ||
        selection.parents.includes(info.ppid) ||
        selection.users.includes(context.accounts.userName(info.uid)) ||
        selection.users.includes(String(info.uid)),
    );
  }
  if (selection.all) return list;
  if (selection.withTerminal) return list.filter((info) => info.tty !== 0);
  const pid = yield* sys.getpid();
  const me = list.find((info) => info.pid === pid);
  return list.filter(
    (info) => info.tty === me?.tty && info.uid === me.uid && (info.tty !== 0 || info.session === me.session),
  );
}

function sorted(list: ProcessInfo[], spec: string, context: Context): ProcessInfo[] {
  const keys = spec.split(",").map((key) => ({
    down: key.startsWith("-"),
    column: gnuColumns[synonyms[key.replace(/^[-+]/, "")] ?? key.replace(/^[-+]/, "")],
  }));
  return [...list].sort((left, right) => {
    for (const { down, column: by } of keys) {
      if (!by) continue;
      const [a, b] = [by.value(left, context), by.value(right, context)];
      const order = Number.isNaN(Number(a)) ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b);
      if (order !== 0) return down ? -order : order;
    }
    return 0;
  });
}
