import { echoText } from "../shell/echo-text.ts";
import type { UserProgram } from "./user-program.ts";

export const echo: UserProgram = {
  names: ["echo"],
  usage: "[-neE] [ARG]...",
  summary: "Print ARGs to stdout",
  *main(io) {
    yield* io.print(echoText(io.args, io.busybox ? "ash" : "gnu"));
    return 0;
  },
};
