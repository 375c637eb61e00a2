import { exists, readFile, writeFile } from "../kernel/io.ts";
import { destinationOf } from "./copying.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { O } from "../kernel/calls.ts";
import { missingOperand } from "./mkdir.ts";
import { parseSize } from "./sizes.ts";
import type { UserProgram } from "./user-program.ts";

export const mknod: UserProgram = {
  names: ["mknod"],
  usage: "[-m MODE] NAME TYPE [MAJOR MINOR]",
  summary: "Create a special file (block, character, or pipe)",
  *main(io) {
    const options = yield* io.options({ short: "m:", long: { mode: "m:" } });
    const [path, type, major, minor] = options.operands;
    if (path === undefined || type === undefined) return yield* missingOperand(io);
    const kind = ({ b: "block", c: "character", u: "character", p: "fifo" } as const)[
      type as "b" | "c" | "u" | "p"
    ];
    if (!kind) return yield* io.fail(io.busybox ? `invalid type '${type}'` : `invalid device type ‘${type}’`);
    try {
      const mode = parseInt(options.get("m") ?? "666", 8);
      yield* sys.mknod(
        path,
        kind,
        mode,
        kind === "fifo" ? undefined : { major: Number(major), minor: Number(minor) },
      );
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(`${path}: ${strerror(error.code)}`);
    }
    return 0;
  },
};

export const mkfifo: UserProgram = {
  names: ["mkfifo"],
  usage: "[-m MODE] NAME",
  summary: "Create named pipe",
  *main(io) {
    const options = yield* io.options({ short: "m:", long: { mode: "m:" } });
    if (options.operands.length === 0) return yield* missingOperand(io);
    for (const path of options.operands) {
      try {
        yield* sys.mknod(path, "fifo", parseInt(options.get("m") ?? "666", 8));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox
            ? `${path}: ${strerror(error.code)}`
            : `cannot create fifo '${path}': ${strerror(error.code)}`,
        );
      }
    }
    return io.status;
  },
};

export const truncate: UserProgram = {
  names: ["truncate"],
  usage: "[-c] -s SIZE FILE...",
  summary: "Truncate FILEs to the given size",
  *main(io) {
    const options = yield* io.options({ short: "cs:r:", long: { size: "s:", "no-create": "c" } });
    const match = /^([-+]?)(.*)$/.exec(options.get("s") ?? "")!;
    const size = parseSize(match[2]!);
    if (size === undefined)
      return yield* io.fail(
        io.busybox
          ? `invalid number '${match[2]}'`
          : options.has("s")
            ? `Invalid number: ‘${match[2]}’`
            : "you must specify either ‘--size’ or ‘--reference’",
      );
    for (const path of options.operands) {
      try {
        const fd = yield* sys.open(path, O.WRONLY | (options.has("c") ? 0 : O.CREAT), 0o666);
        const before = (yield* sys.fstat(fd)).size;
        yield* sys.truncate(
          fd,
          match[1] === "+" ? before + size : match[1] === "-" ? Math.max(before - size, 0) : size,
        );
        yield* sys.close(fd);
      } catch (error) {
        yield* io.complainOf(error, io.busybox ? path : `cannot open '${path}' for writing`);
      }
    }
    return io.status;
  },
};

export const install: UserProgram = {
  names: ["install"],
  usage: "[-cdDsp] [-o USER] [-g GRP] [-m MODE] [-t DIR] [SOURCE]... DEST",
  summary: "Copy files and set attributes",
  *main(io) {
    const options = yield* io.options({
      short: "cdDspvo:g:m:t:",
      long: { directory: "d", mode: "m:", owner: "o:", group: "g:" },
    });
    const mode = parseInt(options.get("m") ?? "755", 8);
    const operands = [...options.operands];
    try {
      if (options.has("d")) {
        for (const path of operands) {
          let at = "";
          for (const part of path.split("/")) {
            at += (at === "" && part !== "" ? "" : "/") + part;
            if (part === "") at = "";
            else if (!(yield* exists(at))) yield* sys.mkdir(at, mode);
          }
          yield* sys.chmod(path, mode);
        }
        return 0;
      }
      const target = options.get("t") ?? operands.pop();
      if (target === undefined || operands.length === 0) return yield* missingOperand(io);
      for (const source of operands) {
        const path = yield* destinationOf(source, target);
        yield* writeFile(path, yield* readFile(source), mode);
        yield* sys.chmod(path, mode);
      }
    } catch (error) {
      yield* io.complainOf(error, operands[0] ?? "");
    }
    return io.status;
  },
};
