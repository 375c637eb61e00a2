import { O } from "../kernel/calls.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { gnuHumanSize, parseSize } from "./sizes.ts";
import type { UserProgram } from "./user-program.ts";

export const dd: UserProgram = {
  names: ["dd"],
  usage:
    "[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc|noerror|sync|fsync]",
  summary: "Copy a file with converting and formatting",
  *main(io) {
    const values = new Map<string, string>();
    for (const arg of io.args) {
      const at = arg.indexOf("=");
      if (at < 0 || !/^(if|of|ibs|obs|bs|count|skip|seek|conv|status|iflag|oflag)$/.test(arg.slice(0, at))) {
        if (io.busybox) return yield* io.usage();
        yield* io.complain(`unrecognized operand ‘${arg}’`);
        return yield* io.usage();
      }
      values.set(arg.slice(0, at), arg.slice(at + 1));
    }
    const size = function* (name: string, otherwise: number) {
      const text = values.get(name);
      const parsed = text === undefined ? otherwise : parseSize(text);
      return (
        parsed ?? (yield* io.fail(io.busybox ? `invalid number '${text}'` : `invalid number: ‘${text}’`))
      );
    };
    const block = yield* size("bs", yield* size("ibs", 512));
    const count = yield* size("count", Infinity);
    const skip = yield* size("skip", 0);
    const seek = yield* size("seek", 0);
    const conversions = (values.get("conv") ?? "").split(",");
    const open = function* (key: "if" | "of", flags: number) {
      const path = values.get(key);
      if (path === undefined) return key === "if" ? 0 : 1;
      try {
        return yield* sys.open(path, flags, 0o666);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        return yield* io.fail(
          io.busybox
            ? `can't open '${path}': ${strerror(error.code)}`
            : `failed to open '${path}': ${strerror(error.code)}`,
        );
      }
    };
    const began = yield* sys.clock("monotonic");
    const from = yield* open("if", O.RDONLY);
    const to = yield* open(
      "of",
      O.WRONLY | O.CREAT | (conversions.includes("notrunc") || seek > 0 ? 0 : O.TRUNC),
    );
    if (skip > 0) yield* sys.lseek(from, skip * block, "current");
    if (seek > 0) {
      yield* sys.lseek(to, seek * block, "current");
      if (!conversions.includes("notrunc")) yield* sys.truncate(to, seek * block);
    }
    let [full, part, bytes] = [0, 0, 0];
    let failure: Errno | undefined;
    while (full + part < count) {
      const piece = yield* sys.read(from, block);
      if (piece.length === 0) break;
      if (piece.length === block) full++;
      else part++;
      try {
        yield* sys.write(to, piece);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        failure = error;
        break;
      }
      bytes += piece.length;
    }
    if (failure)
      yield* io.complain(
        io.busybox
          ? `error writing '${values.get("of")}': ${strerror(failure.code)}`
          : `error writing '${values.get("of")}': ${strerror(failure.code)}`,
      );
    const records = `${full}+${part} records in\n${full}+${part} records out\n`;
    const seconds = Math.max(Number((yield* sys.clock("monotonic")) - began) / 1e9, 1e-6);
    const status = values.get("status");
    if (status === "none") return io.status;
    if (io.busybox)
      yield* io.printError(
        `${records}${bytes} bytes (${gnuHumanSize(bytes).replace(/^(\d+)$/, "$1")}B) copied, ${seconds.toFixed(6)} seconds, ${gnuHumanSize(Math.round(bytes / seconds))}B/s\n`.replace(
          /(\d)B\) copied/,
          "$1B) copied",
        ),
      );
    else {
      const human =
        bytes < 1000
          ? ""
          : ` (${si(bytes)}${bytes >= 1024 ? `, ${gnuHumanSize(bytes).replace(/([KMGT])$/, " $1")}iB` : ""})`;
      yield* io.printError(
        `${records}${status === "noxfer" ? "" : `${bytes} bytes${human} copied, ${trimmed(seconds)} s, ${si(bytes / seconds)}/s\n`}`,
      );
    }
    return io.status;
  },
};

function trimmed(seconds: number): string {
  return String(Number(seconds.toPrecision(6)));
}

function si(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < 4) {
    amount /= 1000;
    unit++;
  }
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}
