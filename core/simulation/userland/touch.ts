import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { parseDate } from "./date-format.ts";
import type { UserProgram } from "./user-program.ts";

export const touch: UserProgram = {
  names: ["touch"],
  usage: "[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...",
  summary: "Update mtime of FILEs",
  *main(io) {
    const options = yield* io.options({
      short: "chamfd:t:r:",
      long: { "no-create": "c", date: "d:", reference: "r:", "no-dereference": "h" },
    });
    if (options.operands.length === 0) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain("missing file operand");
      return yield* io.usage();
    }
    let times: { atime: bigint; mtime: bigint } | undefined;
    const reference = options.get("r");
    const text = options.get("d") ?? stampDate(options.get("t"));
    if (reference !== undefined) {
      try {
        times = yield* sys.stat(reference);
      } catch (error) {
        yield* io.complainOf(error, io.busybox ? reference : `failed to get attributes of '${reference}'`);
        return 1;
      }
    } else if (text !== undefined) {
      const time = parseDate(text, yield* sys.clock());
      if (time === undefined)
        return yield* io.fail(io.busybox ? `invalid date '${text}'` : `invalid date format '${text}'`);
      times = { atime: time, mtime: time };
    }
    const change = times && {
      ...(options.has("m") && !options.has("a") ? {} : { atime: times.atime }),
      ...(options.has("a") && !options.has("m") ? {} : { mtime: times.mtime }),
    };
    for (const path of options.operands) {
      try {
        yield* sys.utimes(path, change, options.has("h"));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        let failure = error;
        if (error.code === "ENOENT") {
          if (options.has("c")) continue;
          try {
            yield* sys.close(yield* sys.open(path, O.WRONLY | O.CREAT, 0o666));
            if (change) yield* sys.utimes(path, change);
            continue;
          } catch (second) {
            if (!(second instanceof Errno)) throw second;
            failure = second;
          }
        }
        yield* io.complain(
          io.busybox
            ? `${path}: ${strerror(failure.code)}`
            : `cannot touch '${path}': ${strerror(failure.code)}`,
        );
      }
    }
    return io.status;
  },
};

/** -t's [[CC]YY]MMDDhhmm[.ss] as a date that parseDate reads. */
function stampDate(stamp: string | undefined): string | undefined {
  const match = /^(\d\d)?(\d\d)?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(stamp ?? "");
  if (!match) return stamp;
  const [, century, year, month, day, hour, minute, second = "00"] = match;
  return `${century && year ? century + year : "20" + (century ?? year ?? "70")}-${month}-${day} ${hour}:${minute}:${second}`;
}
