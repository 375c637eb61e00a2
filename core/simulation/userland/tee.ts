import { O } from "../kernel/calls.ts";
import { sys } from "../kernel/syscalls.ts";
import type { UserProgram } from "./user-program.ts";

export const tee: UserProgram = {
  names: ["tee"],
  usage: "[-ai] [FILE]...",
  summary: "Copy stdin to each FILE, and also to stdout",
  *main(io) {
    const options = yield* io.options({ short: "aip", long: { append: "a", "ignore-interrupts": "i" } });
    if (options.has("i")) yield* sys.sigaction("SIGINT", "ignore");
    const fds: number[] = [];
    for (const path of options.operands) {
      try {
        fds.push(yield* sys.open(path, O.WRONLY | O.CREAT | (options.has("a") ? O.APPEND : O.TRUNC), 0o666));
      } catch (error) {
        yield* io.complainOf(error, path);
      }
    }
    for (let block = yield* io.read(0); block; block = yield* io.read(0)) {
      yield* sys.write(1, block);
      for (const fd of fds) yield* sys.write(fd, block);
    }
    return io.status;
  },
};
