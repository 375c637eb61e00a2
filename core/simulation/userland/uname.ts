import { sys } from "../kernel/syscalls.ts";
import type { UserProgram } from "./user-program.ts";

export const uname: UserProgram = {
  names: ["uname"],
  usage: "[-amnrspvio]",
  summary: "Print system information",
  *main(io) {
    const options = yield* io.options({
      short: "amnrspvio",
      long: {
        all: "a",
        machine: "m",
        nodename: "n",
        "kernel-release": "r",
        "kernel-name": "s",
        "kernel-version": "v",
        "operating-system": "o",
        processor: "p",
        "hardware-platform": "i",
      },
    });
    const info = yield* sys.uname();
    const parts: [string, string][] = [
      ["s", info.sysname], ["n", info.nodename], ["r", info.release], ["v", info.version], ["m", info.machine],
      ["p", "unknown"], ["i", "unknown"], ["o", "GNU/Linux"],
    ]; // prettier-ignore
    const chosen = options.has("a")
      ? parts.filter(([key]) => key !== "p" && key !== "i")
      : options.list.length === 0 ? [parts[0]!] : parts.filter(([key]) => options.has(key)); // prettier-ignore
    yield* io.print(chosen.map(([, value]) => value).join(" ") + "\n");
    return 0;
  },
};

export const arch: UserProgram = {
  names: ["arch"],
  usage: "",
  summary: "Print system architecture",
  *main(io) {
    yield* io.print((yield* sys.uname()).machine + "\n");
    return 0;
  },
};
