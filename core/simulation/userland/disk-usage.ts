import { Errno } from "../../files/filesystem.ts";
import type { Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Invocation } from "./invocation.ts";
import { splitLines } from "./lines.ts";
import type { Options } from "./options.ts";
import { busyboxHumanSize, gnuHumanSize } from "./sizes.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const df: UserProgram = {
  names: ["df"],
  usage: "[-PkmhTai] [-B SIZE] [-t TYPE] [FILESYSTEM]...",
  summary: "Print filesystem usage statistics",
  *main(io) {
    const options = yield* io.options({
      short: "PkmhTaiHB:t:x:l",
      long: {
        "human-readable": "h",
        "print-type": "T",
        portability: "P",
        inodes: "i",
        all: "a",
        type: "t:",
        total: "total",
      },
    });
    const mounts = splitLines(yield* readTextFile("/proc/mounts")).map(
      (line) => line.split(" ") as [string, string, string],
    );
    let chosen = mounts.map(([source, target, type]) => ({ source, target, type }));
    if (options.operands.length > 0) {
      chosen = [];
      for (const path of options.operands) {
        try {
          const { dev } = yield* sys.stat(path);
          let found: (typeof chosen)[number] | undefined;
          for (const [source, target, type] of mounts) {
            try {
              if ((yield* sys.stat(target)).dev === dev) found = { source, target, type };
            } catch (error) {
              if (!(error instanceof Errno)) throw error;
            }
          }
          if (found) chosen.push(found);
        } catch (error) {
          yield* io.complainOf(error, path);
        }
      }
    }
    const human = options.has("h");
    const unit = options.has("m") ? 1 << 20 : 1024;
    const show = (bytes: number) =>
      human
        ? io.busybox
          ? busyboxHumanSize(bytes)
          : bytes === 0
            ? "0"
            : gnuHumanSize(bytes)
        : String(Math.ceil(bytes / unit));
    const rows: string[][] = [
      [
        "Filesystem",
        ...(options.has("T") ? ["Type"] : []),
        ...(options.has("i")
          ? ["Inodes", "IUsed", "IFree", "IUse%"]
          : human
            ? ["Size", "Used", io.busybox ? "Available" : "Avail", "Use%"]
            : [
                options.has("m") ? "1M-blocks" : options.has("P") ? "1024-blocks" : "1K-blocks",
                "Used",
                "Available",
                options.has("P") && !io.busybox ? "Capacity" : "Use%",
              ]),
        "Mounted on",
      ],
    ];
    const seen = new Set<string>();
    for (const { source, target, type } of chosen) {
      if (options.get("t") !== undefined && type !== options.get("t")) continue;
      try {
        const info = yield* sys.statfs(target);
        if (info.blocks === 0 && !options.has("a") && options.operands.length === 0) continue;
        if (seen.has(target)) continue;
        seen.add(target);
        const size = info.blocks * info.blockSize;
        const available = info.blocksFree * info.blockSize;
        const used = size - available;
        const percent = (part: number, whole: number) =>
          whole === 0 ? (io.busybox ? "0%" : "-") : `${Math.ceil((part * 100) / whole)}%`;
        const numbers = options.has("i")
          ? [
              String(info.files),
              String(info.files - info.filesFree),
              String(info.filesFree),
              percent(info.files - info.filesFree, info.files),
            ]
          : [show(size), show(used), show(available), percent(used, size)];
        rows.push([source, ...(options.has("T") ? [type] : []), ...numbers, target]);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
      }
    }
    if (rows.length === 1 && options.operands.length > 0) return io.status || 1;
    if (io.busybox) {
      for (const [first = "", ...cells] of rows) {
        const mounted = cells.pop()!;
        const kind = options.has("T") ? " " + cells.shift()!.padEnd(10) : "";
        const [size = "", used = "", left = "", part = ""] = cells;
        const head =
          first.length > 20 && !options.has("P") ? `${first}\n${" ".repeat(20)}` : first.padEnd(20);
        yield* io.print(
          `${head}${kind} ${size.padStart(9)} ${used.padStart(9)} ${left.padStart(9)} ${part.padStart(3)} ${mounted}\n`,
        );
      }
      return io.status;
    }
    const widths = rows[0]!.map((_, at) =>
      Math.max(
        ...rows.map((row) => row[at]!.length),
        at === 0 ? 14 : at > 0 && at < rows[0]!.length - 1 ? (at === rows[0]!.length - 2 ? 4 : 5) : 0,
      ),
    );
    for (const row of rows) {
      yield* io.print(
        row
          .map((cell, at) =>
            at === 0 || (options.has("T") && at === 1)
              ? cell.padEnd(widths[at]!)
              : at === row.length - 1
                ? cell
                : cell.padStart(widths[at]!),
          )
          .join(" ") + "\n",
      );
    }
    return io.status;
  },
};

export const du: UserProgram = {
  names: ["du"],
  usage: "[-aHLdclsxhmk] [FILE]...",
  summary: "Summarize the disk space used for each FILE or directory",
  *main(io) {
    const options = yield* io.options({
      short: "aHLd:clsxhmkbB:0",
      long: {
        all: "a",
        summarize: "s",
        "human-readable": "h",
        "max-depth": "d:",
        total: "c",
        bytes: "b",
        "apparent-size": "apparent",
        "one-file-system": "x",
      },
    });
    const unit = options.has("m") ? 1 << 20 : options.has("b") ? 1 : 1024;
    const show = (bytes: number) =>
      options.has("h")
        ? io.busybox
          ? busyboxHumanSize(bytes)
          : bytes === 0
            ? "0"
            : gnuHumanSize(bytes)
        : String(Math.ceil(bytes / unit));
    let total = 0;
    const seen = new Set<string>();
    for (const path of options.operands.length > 0 ? options.operands : ["."]) {
      const size = yield* measure(io, options, path, 0, show, seen);
      total += size ?? 0;
    }
    if (options.has("c")) yield* io.print(`${show(total)}\ttotal\n`);
    return io.status;
  },
};

function* measure(
  io: Invocation,
  options: Options,
  path: string,
  depth: number,
  show: (bytes: number) => string,
  seen: Set<string>,
): Steps<number | undefined> {
  let stat: Stat;
  try {
    stat = options.has("L") ? yield* sys.stat(path) : yield* sys.lstat(path);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.complain(
      io.busybox ? `${path}: ${strerror(error.code)}` : `cannot access '${path}': ${strerror(error.code)}`,
    );
    return undefined;
  }
  const inode = `${stat.dev}:${stat.ino}`;
  if (stat.nlink > 1 && stat.kind !== "directory") {
    if (seen.has(inode)) return 0;
    seen.add(inode);
  }
  let size = options.has("b", "apparent") ? stat.size : stat.allocated;
  if (stat.kind === "directory") {
    try {
      for (const { name } of yield* sys.readdir(path))
        size +=
          (yield* measure(
            io,
            options,
            path.endsWith("/") ? path + name : `${path}/${name}`,
            depth + 1,
            show,
            seen,
          )) ?? 0;
    } catch (error) {
      yield* io.complainOf(error, io.busybox ? path : `cannot read directory '${path}'`);
    }
  }
  const limit = options.has("s") ? 0 : Number(options.get("d") ?? Infinity);
  if (depth <= limit && (depth === 0 || stat.kind === "directory" || options.has("a")))
    yield* io.print(`${show(size)}\t${path}\n`);
  return size;
}
