import { Errno } from "../../files/filesystem.ts";
import type { Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { Accounts, readAccounts } from "./accounts.ts";
import { formatDate } from "./date-format.ts";
import { modeText } from "./file-mode.ts";
import { displayWidth } from "../shell/width.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import { busyboxHumanSize, gnuHumanSize } from "./sizes.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Entry {
  name: string;
  path: string;
  stat: Stat;
  target: string | undefined;
}

export const ls: UserProgram = {
  names: ["ls", "dir"],
  usage: "[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...",
  summary: "List directory contents",
  *main(io) {
    const options = yield* io.options(
      {
        short: io.busybox
          ? "1AaCxdLHRFplinshrSXvctukgoGQ" + "w:T:e"
          : "1AaCxdLHRFplinshrSXvctukgoGmNUQbBfqZDw:T:I:",
        long: {
          all: "a", "almost-all": "A", color: "color::", colour: "color::", "group-directories-first": "dirs", "full-time": "e",
          recursive: "R", reverse: "r", "human-readable": "h", directory: "d", inode: "i", size: "s", classify: "F::", width: "w:",
          "time-style": "time-style:", sort: "sort:", time: "time:", dereference: "L", "numeric-uid-gid": "n", "no-group": "G", literal: "N",
        }, // prettier-ignore
      },
      2,
    );
    const listing = new Listing(io, options, yield* readAccounts());
    return yield* listing.run();
  },
};

class Listing {
  readonly #io: Invocation;
  readonly #options: Options;
  readonly #accounts: Accounts;
  #terminal = false;
  #width = 80;
  #color = false;
  #now = 0n;
  #printed = false;

  constructor(io: Invocation, options: Options, accounts: Accounts) {
    this.#io = io;
    this.#options = options;
    this.#accounts = accounts;
  }

  *run(): Steps<number> {
    const options = this.#options;
    try {
      this.#terminal = yield* sys.isatty(1);
      if (this.#terminal) this.#width = (yield* sys.getWinsize(1)).columns || 80;
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    if (options.get("w")) this.#width = Number(options.get("w")) || 80;
    const color = options.get("color");
    // busybox as Debian builds it colours when it writes to a terminal.
    this.#color =
      color === undefined
        ? this.#io.busybox && this.#terminal
        : color === "" || color === "always" || (color === "auto" && this.#terminal);
    this.#now = yield* sys.clock();
    const operands = options.operands.length > 0 ? options.operands : ["."];
    const files: Entry[] = [];
    const directories: Entry[] = [];
    for (const path of operands) {
      const entry = yield* this.#entry(
        path,
        path,
        !options.has("d") && !options.has("l", "g", "o", "n", "F"),
        true,
      );
      if (!entry) continue;
      const isDirectory = entry.stat.kind === "directory" && !options.has("d");
      (isDirectory ? directories : files).push(entry);
    }
    this.#sort(files);
    this.#sort(directories);
    if (files.length > 0) yield* this.#printEntries(files);
    for (const directory of directories)
      yield* this.#directory(directory, operands.length > 1 || options.has("R"));
    return this.#io.status;
  }

  *#entry(name: string, path: string, follow: boolean, operand: boolean): Steps<Entry | undefined> {
    try {
      let stat =
        this.#options.has("L") || (operand && (follow || this.#options.has("H")))
          ? yield* this.#statFollowing(path)
          : yield* sys.lstat(path);
      let target: string | undefined;
      if (stat.kind === "symlink" && this.#options.has("l", "g", "o", "n"))
        target = yield* sys.readlink(path);
      // A link to a directory that is named is listed as the directory, unless in the long format.
      if (operand && stat.kind === "symlink" && path.endsWith("/")) stat = yield* sys.stat(path);
      return { name, path, stat, target };
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const status = operand ? (this.#io.busybox ? 1 : 2) : 1;
      if (this.#io.busybox) yield* this.#io.complain(`${path}: ${strerror(error.code)}`, status);
      else yield* this.#io.complain(`cannot access '${path}': ${strerror(error.code)}`, status);
      return undefined;
    }
  }

  *#statFollowing(path: string): Steps<Stat> {
    try {
      return yield* sys.stat(path);
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "ENOENT") throw error;
      return yield* sys.lstat(path);
    }
  }

  *#directory(directory: Entry, headed: boolean): Steps<void> {
    const { path } = directory;
    const entries: Entry[] = [];
    let names: string[];
    try {
      names = (yield* sys.readdir(path)).map((entry) => entry.name);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason = strerror(error.code);
      yield* this.#io.complain(
        this.#io.busybox ? `can't open '${path}': ${reason}` : `cannot open directory '${path}': ${reason}`,
        this.#io.busybox ? 1 : 2,
      );
      return;
    }
    if (headed) {
      yield* this.#io.print(`${this.#printed ? "\n" : ""}${path}:\n`);
    }
    this.#printed = true;
    if (this.#options.has("a", "f")) names.push(".", "..");
    const hidden = this.#options.has("a", "A", "f");
    for (const name of names) {
      if (name.startsWith(".") && !hidden) continue;
      const entry = yield* this.#entry(
        name,
        path.endsWith("/") ? path + name : `${path}/${name}`,
        false,
        false,
      );
      if (entry) entries.push(entry);
    }
    this.#sort(entries);
    yield* this.#printEntries(entries, true);
    if (!this.#options.has("R")) return;
    for (const entry of entries) {
      if (entry.stat.kind === "directory" && entry.name !== "." && entry.name !== "..")
        yield* this.#directory(entry, true);
    }
  }

  #sort(entries: Entry[]): void {
    const options = this.#options;
    if (options.has("U", "f")) return;
    const byName = (left: Entry, right: Entry): number =>
      left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
    const time = (entry: Entry) =>
      options.has("c") ? entry.stat.ctime : options.has("u") ? entry.stat.atime : entry.stat.mtime;
    const key =
      options.last("t", "S", "X", "v") ??
      { time: "t", size: "S", extension: "X", version: "v" }[options.get("sort") ?? ""];
    let compare: (left: Entry, right: Entry) => number = byName;
    if (key === "t")
      compare = (left, right) =>
        time(left) < time(right) ? 1 : time(left) > time(right) ? -1 : byName(left, right);
    else if (key === "S") compare = (left, right) => right.stat.size - left.stat.size || byName(left, right);
    else if (key === "X") {
      const extension = (name: string) => (name.includes(".") ? name.slice(name.lastIndexOf(".")) : "");
      compare = (left, right) =>
        extension(left.name) < extension(right.name)
          ? -1
          : extension(left.name) > extension(right.name)
            ? 1
            : byName(left, right);
    } else if (key === "v") compare = (left, right) => versionOrder(left.name, right.name);
    entries.sort(options.has("r") ? (left, right) => compare(right, left) : compare);
    if (options.has("dirs"))
      entries.sort(
        (left, right) => Number(right.stat.kind === "directory") - Number(left.stat.kind === "directory"),
      );
  }

  *#printEntries(entries: readonly Entry[], ofDirectory = false): Steps<void> {
    const options = this.#options;
    this.#printed ||= entries.length > 0;
    if (options.has("l", "g", "o", "n", "e")) yield* this.#printLong(entries, ofDirectory);
    else if (options.has("s") && ofDirectory) {
      yield* this.#io.print(`total ${blocksText(this.#total(entries))}\n`);
      yield* this.#printShort(entries);
    } else yield* this.#printShort(entries);
  }

  #total(entries: readonly Entry[]): number {
    return entries.reduce((sum, { stat }) => sum + stat.allocated, 0);
  }

  *#printShort(entries: readonly Entry[]): Steps<void> {
    const options = this.#options;
    const prefix = (entry: Entry) => {
      const inode = options.has("i") ? `${String(entry.stat.ino).padStart(7)} ` : "";
      return inode + (options.has("s") ? `${blocksText(entry.stat.allocated).padStart(6)} ` : "");
    };
    const cells = entries.map((entry) => ({
      text: prefix(entry) + this.#shown(entry),
      width: displayWidth(prefix(entry) + this.#plain(entry)),
    }));
    const format = options.last("1", "C", "x", "m") ?? (this.#terminal ? "C" : "1");
    if (format === "m") return yield* this.#io.print(cells.map((cell) => cell.text).join(", ") + "\n");
    if (format === "1") return yield* this.#io.print(cells.map((cell) => cell.text + "\n").join(""));
    yield* this.#io.print(columns(cells, this.#width, format === "x"));
  }

  *#printLong(entries: readonly Entry[], ofDirectory: boolean): Steps<void> {
    const options = this.#options;
    const busybox = this.#io.busybox;
    const human = busybox ? busyboxHumanSize : gnuHumanSize;
    if (ofDirectory) {
      const total = this.#total(entries);
      yield* this.#io.print(
        `total ${options.has("h") ? (busybox ? busyboxHumanSize(total) : total === 0 ? "0" : gnuHumanSize(total)) : blocksText(total)}\n`,
      );
    }
    const rows = entries.map((entry) => {
      const { stat } = entry;
      const size = stat.rdev
        ? `${stat.rdev.major}, ${String(stat.rdev.minor).padStart(3)}`
        : options.has("h")
          ? human(stat.size)
          : String(stat.size);
      const numeric = options.has("n");
      return {
        entry,
        inode: String(stat.ino),
        mode: modeText(stat.kind, stat.mode),
        links: String(stat.nlink),
        user: numeric ? String(stat.uid) : this.#accounts.userName(stat.uid),
        group: numeric ? String(stat.gid) : this.#accounts.groupName(stat.gid),
        size,
      };
    });
    const widest = (key: "inode" | "links" | "user" | "group" | "size") =>
      Math.max(0, ...rows.map((row) => row[key].length));
    for (const row of rows) {
      const { entry } = row;
      const pad = (key: "inode" | "links" | "size", least: number) =>
        row[key].padStart(busybox ? least : widest(key));
      const name = (key: "user" | "group") =>
        busybox ? row[key].slice(0, 8).padEnd(8) : row[key].padEnd(widest(key));
      let line = options.has("i") ? `${pad("inode", 7)} ` : "";
      if (options.has("s")) line += `${blocksText(entry.stat.allocated).padStart(busybox ? 6 : 1)} `;
      line += `${row.mode}${busybox ? " " : " "}${pad("links", 4)} `;
      if (!options.has("g")) line += name("user") + " ";
      if (!options.has("o", "G")) line += name("group") + " ";
      line += `${pad("size", entry.stat.rdev ? 9 : 9)} ${this.#time(entry)} ${this.#shown(entry)}`;
      if (entry.target !== undefined) line += ` -> ${entry.target}`;
      yield* this.#io.print(line + "\n");
    }
  }

  #time(entry: Entry): string {
    const options = this.#options;
    const time = options.has("c") ? entry.stat.ctime : options.has("u") ? entry.stat.atime : entry.stat.mtime;
    const style = options.get("time-style");
    if (options.has("e") || style === "full-iso")
      return this.#io.busybox
        ? formatDate("%a %b %e %H:%M:%S %Y", time)
        : formatDate("%Y-%m-%d %H:%M:%S.%N %z", time);
    if (style === "long-iso") return formatDate("%Y-%m-%d %H:%M", time);
    if (style?.startsWith("+")) return formatDate(style.slice(1), time);
    const age = this.#now - time;
    const halfYear = 15778476n * 1_000_000_000n;
    const recent = age < halfYear && age > -(this.#io.busybox ? 900n * 1_000_000_000n : 0n);
    return formatDate(recent ? "%b %e %H:%M" : "%b %e  %Y", time);
  }

  #mark(entry: Entry): string {
    const { kind, mode } = entry.stat;
    if (kind === "directory" && this.#options.has("F", "p")) return "/";
    if (!this.#options.has("F")) return "";
    if (kind === "symlink") return this.#options.has("l") ? "" : "@";
    if (kind === "fifo") return "|";
    if (kind === "socket") return "=";
    return kind === "file" && mode & 0o111 ? "*" : "";
  }

  #name(entry: Entry): string {
    return this.#options.has("Q") ? JSON.stringify(entry.name) : entry.name;
  }

  #plain(entry: Entry): string {
    return this.#name(entry) + this.#mark(entry);
  }

  #shown(entry: Entry): string {
    const name =
      this.#terminal && !this.#io.busybox && /[\s'"$&*;<>?[\\\]`|]/.test(entry.name)
        ? `'${entry.name}'`
        : this.#name(entry);
    const code = this.#color ? colorOf(entry.stat, this.#io.busybox) : "";
    if (code === "") return name + this.#mark(entry);
    return this.#io.busybox
      ? `\x1b[${code}m${name}\x1b[m${this.#mark(entry)}`
      : `\x1b[0m\x1b[${code}m${name}\x1b[0m${this.#mark(entry)}`;
  }
}

function colorOf({ kind, mode }: Stat, busybox: boolean): string {
  const colors = busybox
    ? {
        directory: "1;34",
        symlink: "1;36",
        fifo: "1;33",
        socket: "1;35",
        character: "1;33",
        block: "1;33",
        file: mode & 0o111 ? "1;32" : "0;0",
      }
    : {
        directory: "01;34",
        symlink: "01;36",
        fifo: "40;33",
        socket: "01;35",
        character: "40;33;01",
        block: "40;33;01",
        file: mode & 0o111 ? "01;32" : "",
      };
  if (!busybox && kind === "directory" && (mode & 0o1002) === 0o1002) return "30;42";
  return colors[kind];
}

function blocksText(allocated: number): string {
  return String(Math.ceil(allocated / 1024));
}

function versionOrder(left: string, right: string): number {
  const parts = (name: string) => name.split(/(\d+)/);
  const [a, b] = [parts(left), parts(right)];
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    if (a[at] === b[at]) continue;
    if (at % 2 === 1) return Number(a[at]) - Number(b[at]) || (a[at]! < b[at]! ? -1 : 1);
    return a[at]! < b[at]! ? -1 : 1;
  }
  return a.length - b.length;
}

/** Names in columns that are as narrow as `width` needs. */
function columns(cells: readonly { text: string; width: number }[], width: number, across: boolean): string {
  if (cells.length === 0) return "";
  let rows = 1;
  let widths: number[] = [];
  for (; ; rows++) {
    const count = Math.ceil(cells.length / rows);
    widths = Array.from({ length: count }, (_, column) => {
      let most = 0;
      for (let row = 0; row < rows; row++)
        most = Math.max(most, cells[across ? row * count + column : column * rows + row]?.width ?? 0);
      return most;
    });
    const total = widths.reduce((sum, each) => sum + each + 2, -2);
    if (total < width || rows >= cells.length) break;
  }
  let output = "";
  for (let row = 0; row < rows; row++) {
    let line = "";
    for (let column = 0; column < widths.length; column++) {
      const cell = cells[across ? row * widths.length + column : column * rows + row];
      if (!cell) continue;
      const last = across ? column === widths.length - 1 : column * rows + row + rows >= cells.length;
      line += cell.text + (last ? "" : " ".repeat(widths[column]! - cell.width + 2));
    }
    output += line + "\n";
  }
  return output;
}
