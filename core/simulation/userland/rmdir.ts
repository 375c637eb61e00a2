import { sys } from "../kernel/syscalls.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { missingOperand } from "./mkdir.ts";
import type { UserProgram } from "./user-program.ts";

export const rmdir: UserProgram = {
  names: ["rmdir"],
  usage: "[-p] DIRECTORY...",
  summary: "Remove DIRECTORY if it is empty",
  *main(io) {
    const options = yield* io.options({
      short: "pv",
      long: { parents: "p", "ignore-fail-on-non-empty": "ignore", verbose: "v" },
    });
    if (options.operands.length === 0) return yield* missingOperand(io);
    for (const operand of options.operands) {
      let path = operand;
      try {
        for (;;) {
          yield* sys.rmdir(path);
          const slash = path.replace(/\/+$/, "").lastIndexOf("/");
          if (!options.has("p") || slash <= 0) break;
          path = path.slice(0, slash);
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (error.code === "ENOTEMPTY" && options.has("ignore")) continue;
        yield* io.complain(
          io.busybox
            ? `'${path}': ${strerror(error.code)}`
            : `failed to remove '${path}': ${strerror(error.code)}`,
        );
      }
    }
    return io.status;
  },
};
