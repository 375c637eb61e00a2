import { Errno } from "../../files/filesystem.ts";
import { portableCodecs } from "../../platform/portable-codecs.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { O } from "../kernel/calls.ts";
import { readAll } from "./head.ts";
import type { UserProgram } from "./user-program.ts";

export const gzip: UserProgram = {
  names: ["gzip", "gunzip", "zcat"],
  usage: "[-cfkd123456789] [FILE]...",
  summary: "Compress FILEs (or stdin)",
  *main(io) {
    const options = yield* io.options({
      short: "cfkdtnqv123456789lS:",
      long: {
        stdout: "c",
        "to-stdout": "c",
        force: "f",
        keep: "k",
        decompress: "d",
        uncompress: "d",
        test: "t",
        "no-name": "n",
        verbose: "v",
        quiet: "q",
        best: "9",
        fast: "1",
      },
    });
    const expand = io.applet !== "gzip" || options.has("d", "t");
    const toStdout = io.applet === "zcat" || options.has("c") || options.operands.length === 0;
    const convert = (bytes: Uint8Array) =>
      expand ? portableCodecs.gunzip(bytes) : portableCodecs.gzip(bytes);
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      let result: Uint8Array;
      try {
        const bytes = path === "-" ? yield* readAll(io, 0) : yield* readFile(path);
        try {
          result = convert(bytes);
        } catch (error) {
          const end = (error as Error).message === "unexpected EOF";
          yield* io.complain(
            io.busybox
              ? end
                ? "unexpected end of file"
                : "invalid magic"
              : `${path === "-" ? "stdin" : path}: ${end ? "unexpected end of file" : "not in gzip format"}`,
          );
          continue;
        }
        if (options.has("t")) continue;
        if (toStdout || path === "-") {
          yield* io.write(result);
          continue;
        }
        const target = expand ? path.replace(/\.tgz$/, ".tar").replace(/\.gz$/, "") : path + ".gz";
        if (target === path) {
          yield* io.complain(
            io.busybox ? `${path}: unknown suffix - ignored` : `${path}: unknown suffix -- ignored`,
            io.busybox ? 1 : 2,
          );
          continue;
        }
        const stat = yield* sys.stat(path);
        const fd = yield* sys.open(
          target,
          O.WRONLY | O.CREAT | (options.has("f") ? O.TRUNC : O.EXCL),
          stat.mode & 0o777,
        );
        yield* sys.write(fd, result);
        yield* sys.close(fd);
        yield* sys.utimes(target, { mtime: stat.mtime, atime: stat.atime });
        if (!options.has("k")) yield* sys.unlink(path);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(`${path}: ${strerror(error.code)}`);
      }
    }
    return io.status;
  },
};
