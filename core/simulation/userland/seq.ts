import { formatPrintf } from "../shell/printf-format.ts";
import { missingOperand } from "./mkdir.ts";
import type { UserProgram } from "./user-program.ts";

export const seq: UserProgram = {
  names: ["seq"],
  usage: "[-w] [-s SEP] [FIRST [INC]] LAST",
  summary: "Print numbers from FIRST to LAST, in steps of INC. FIRST, INC default to 1.",
  *main(io) {
    const at = io.args.findIndex((arg) => /^-[\d.]/.test(arg));
    // A negative number that comes first is no option.
    const first = io.args.findIndex((arg) => !arg.startsWith("-"));
    const args =
      at < 0 || (first >= 0 && first < at) ? io.args : [...io.args.slice(0, at), "--", ...io.args.slice(at)];
    const options = yield* io.options(
      {
        short: "ws:f:",
        long: { separator: "s:", format: "f:", "equal-width": "w" },
        stopAtOperand: true,
      },
      1,
      args,
    );
    const operands: string[] = options.operands;
    if (operands.length === 0 || operands.length > 3) {
      if (operands.length > 3 && !io.busybox) {
        yield* io.complain(`extra operand ‘${operands[3]}’`);
        return yield* io.usage();
      }
      return yield* missingOperand(io);
    }
    const numbers: number[] = [];
    for (const text of operands) {
      const value = Number(text);
      if (text.trim() === "" || Number.isNaN(value)) {
        if (io.busybox) return yield* io.fail(`invalid number '${text}'`);
        yield* io.complain(`invalid floating point argument: ‘${text}’`);
        return yield* io.usage();
      }
      numbers.push(value);
    }
    const last = numbers.pop()!;
    const start = numbers[0] ?? 1;
    const step = numbers[1] ?? 1;
    if (step === 0)
      return yield* io.fail(
        io.busybox ? "invalid number '0'" : `invalid Zero increment value: ‘${operands[1]}’`,
      );
    const places = Math.max(0, ...operands.slice(0, -1).map((text) => text.split(".")[1]?.length ?? 0));
    const width = options.has("w") ? Math.max(start.toFixed(places).length, last.toFixed(places).length) : 0;
    const format: string | undefined = options.get("f");
    const separator: string = options.get("s") ?? "\n";
    const count = Math.floor((last - start) / step + 1e-9);
    for (let index = 0; index <= count; index++) {
      const text = (start + index * step).toFixed(places);
      const negative = text.startsWith("-");
      const shown = format
        ? formatPrintf(format, [text]).output
        : negative
          ? "-" + text.slice(1).padStart(width - 1, "0")
          : text.padStart(width, "0");
      yield* io.print((index > 0 ? separator : "") + shown);
    }
    if (count >= 0) yield* io.print("\n");
    return 0;
  },
};
