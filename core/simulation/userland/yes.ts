import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "../shell/characters.ts";
import type { UserProgram } from "./user-program.ts";

export const yes: UserProgram = {
  names: ["yes"],
  usage: "[STRING]",
  summary: "Repeatedly print a line with STRING, or 'y'",
  *main(io) {
    const line = (io.args.length > 0 ? io.args.join(" ") : "y") + "\n";
    const block = encodeText(line.repeat(Math.max(Math.floor(8192 / line.length), 1)));
    for (;;) yield* sys.write(1, block);
  },
};
