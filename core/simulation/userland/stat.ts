import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { Stat } from "../kernel/calls.ts";
import { sys } from "../kernel/syscalls.ts";
import { readAccounts } from "./accounts.ts";
import type { Accounts } from "./accounts.ts";
import { formatDate } from "./date-format.ts";
import { modeText } from "./file-mode.ts";
import { missingOperand } from "./mkdir.ts";
import type { UserProgram } from "./user-program.ts";

const kindNames = {
  file: "regular file",
  directory: "directory",
  symlink: "symbolic link",
  character: "character special file",
  block: "block special file",
  fifo: "fifo",
  socket: "socket",
};
const typeBits = {
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  character: 0o020000,
  block: 0o060000,
  fifo: 0o010000,
  socket: 0o140000,
};

export const stat: UserProgram = {
  names: ["stat"],
  usage: "[-ltf] [-c FMT] FILE...",
  summary: "Display file (default) or filesystem status",
  *main(io) {
    const options = yield* io.options({
      short: "Lltfc:",
      long: { dereference: "L", format: "c:", printf: "printf:", "file-system": "f", terse: "t" },
    });
    if (options.operands.length === 0) return yield* missingOperand(io);
    const accounts = yield* readAccounts();
    const format = options.get("c");
    const printf = options.get("printf");
    for (const path of options.operands) {
      try {
        if (options.has("f")) {
          const info = yield* sys.statfs(path);
          const values: Record<string, string> = {
            n: path,
            T: info.type === "ext4" ? "ext2/ext3" : info.type,
            s: String(info.blockSize),
            S: String(info.blockSize),
            b: String(info.blocks),
            f: String(info.blocksFree),
            a: String(info.blocksFree),
            c: String(info.files),
            d: String(info.filesFree),
            i: "0",
            l: "255",
          };
          const layout =
            format ??
            `  File: "%n"\n    ID: %i Namelen: %l     Type: %T\nBlock size: %s       Fundamental block size: %S\nBlocks: Total: %b Free: %f Available: %a\nInodes: Total: %c Free: %d`;
          yield* io.print(
            layout.replace(/%([a-zA-Z])/g, (whole, letter: string) => values[letter] ?? whole) + "\n",
          );
          continue;
        }
        const info = options.has("L") ? yield* sys.stat(path) : yield* sys.lstat(path);
        const target = info.kind === "symlink" ? yield* sys.readlink(path) : undefined;
        if (printf !== undefined)
          yield* io.print(
            fill(printf.replace(/\\n/g, "\n").replace(/\\t/g, "\t"), path, info, target, accounts),
          );
        else yield* io.print(fill(format ?? layoutOf(info), path, info, target, accounts) + "\n");
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox
            ? `can't stat '${path}': ${strerror(error.code)}`
            : `cannot statx '${path}': ${strerror(error.code)}`,
        );
      }
    }
    return io.status;
  },
};

function layoutOf(info: Stat): string {
  const device = info.rdev
    ? `Device: %Hd,%Ld\tInode: %-10i  Links: %-5h Device type: %t,%T`
    : `Device: %Hd,%Ld\tInode: %-10i  Links: %h`;
  return `  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\n${device}\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: -`.replace(
    "File: %N",
    info.kind === "symlink" ? "File: %P" : "File: %n",
  );
}

function fill(
  format: string,
  path: string,
  info: Stat,
  target: string | undefined,
  accounts: Accounts,
): string {
  const date = (time: bigint) => formatDate("%Y-%m-%d %H:%M:%S.%N %z", time);
  const values: Record<string, string> = {
    n: path, N: target === undefined ? `'${path}'` : `'${path}' -> '${target}'`, P: target === undefined ? path : `${path} -> ${target}`,
    s: String(info.size), b: String(Math.ceil(info.allocated / 512)), B: "512", o: "4096", i: String(info.ino), h: String(info.nlink),
    a: info.mode.toString(8), A: modeText(info.kind, info.mode), u: String(info.uid), U: accounts.userName(info.uid),
    g: String(info.gid), G: accounts.groupName(info.gid), f: (typeBits[info.kind] | info.mode).toString(16), d: String(info.dev),
    D: info.dev.toString(16), Hd: String(info.dev >> 8), Ld: String(info.dev & 255), t: (info.rdev?.major ?? 0).toString(16), T: (info.rdev?.minor ?? 0).toString(16),
    F: info.kind === "file" && info.size === 0 ? "regular empty file" : kindNames[info.kind], x: date(info.atime), y: date(info.mtime),
    z: date(info.ctime), X: String(info.atime / 1_000_000_000n), Y: String(info.mtime / 1_000_000_000n), Z: String(info.ctime / 1_000_000_000n),
    w: "-", W: "0", m: "/", "%": "%",
  }; // prettier-ignore
  return format.replace(
    /%(-?)(0?)(\d*)(?:\.\d+)?(Hd|Ld|[a-zA-Z%])/g,
    (whole, left: string, zero: string, width: string, letter: string) => {
      const value = values[letter];
      if (value === undefined) return whole;
      return left ? value.padEnd(Number(width)) : value.padStart(Number(width || 0), zero ? "0" : " ");
    },
  );
}
