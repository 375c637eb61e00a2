import { sys } from "../kernel/syscalls.ts";
import { formatDate, parseDate } from "./date-format.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { UserProgram } from "./user-program.ts";

export const date: UserProgram = {
  names: ["date"],
  usage: "[OPTIONS] [+FMT] [[-s] TIME]",
  summary: "Display time (using +FMT), or set time",
  *main(io) {
    const options = yield* io.options({
      short: "ud:s:r:RI::D:",
      long: {
        utc: "u",
        universal: "u",
        date: "d:",
        set: "s:",
        reference: "r:",
        "rfc-email": "R",
        "rfc-2822": "R",
        "iso-8601": "I::",
        "rfc-3339": "rfc-3339:",
      },
    });
    let time = yield* sys.clock();
    const text = options.get("d");
    const reference = options.get("r");
    if (text !== undefined) {
      const parsed = parseDate(text, time);
      if (parsed === undefined)
        return yield* io.fail(io.busybox ? `invalid date '${text}'` : `invalid date ‘${text}’`);
      time = parsed;
    } else if (reference !== undefined) {
      try {
        time = (yield* sys.stat(reference)).mtime;
      } catch (error) {
        yield* io.complainOf(error, reference);
        return 1;
      }
    }
    const setting = options.get("s");
    if (setting !== undefined) {
      const wanted = parseDate(setting, time);
      if (wanted === undefined)
        return yield* io.fail(`invalid date ${io.busybox ? `'${setting}'` : `‘${setting}’`}`);
      time = wanted;
      try {
        yield* sys.setClock(time);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox ? `can't set date: ${strerror(error.code)}` : `cannot set date: ${strerror(error.code)}`,
        );
      }
    }
    const [format, extra] = options.operands;
    if (extra !== undefined && !io.busybox)
      return yield* io.fail(`extra operand ‘${extra}’\nTry '${io.name} --help' for more information.`);
    if (format !== undefined && !format.startsWith("+"))
      return yield* io.fail(io.busybox ? `invalid date '${format}'` : `invalid date ‘${format}’`);
    const iso = options.get("I");
    const layouts: Record<string, string> = {
      "": "%Y-%m-%d",
      date: "%Y-%m-%d",
      hours: "%Y-%m-%dT%H%:z",
      minutes: "%Y-%m-%dT%H:%M%:z",
      seconds: "%Y-%m-%dT%H:%M:%S%:z",
      ns: "%Y-%m-%dT%H:%M:%S,%N%:z",
    };
    const rfc = options.get("rfc-3339");
    const layout =
      format?.slice(1) ??
      (options.has("R")
        ? "%a, %d %b %Y %H:%M:%S %z"
        : iso !== undefined
          ? (layouts[iso] ?? layouts[""]!)
          : rfc !== undefined
            ? rfc === "seconds"
              ? "%Y-%m-%d %H:%M:%S%:z"
              : rfc === "ns"
                ? "%Y-%m-%d %H:%M:%S.%N%:z"
                : "%Y-%m-%d"
            : "%a %b %e %H:%M:%S %Z %Y");
    yield* io.print(formatDate(layout, time) + "\n");
    return io.status;
  },
};
