import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { UserProgram } from "./user-program.ts";

export const pwd: UserProgram = {
  names: ["pwd"],
  usage: "",
  summary: "Print the full filename of the current working directory",
  *main(io) {
    yield* io.options({ short: "LP", long: { logical: "L", physical: "P" } });
    try {
      yield* io.print((yield* sys.getcwd()) + "\n");
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      yield* io.complain(`getcwd: ${strerror(error.code)}`);
    }
    return io.status;
  },
};
