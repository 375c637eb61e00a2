import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { formatDate } from "./date-format.ts";
import { splitLines } from "./lines.ts";
import { busyboxHumanSize, gnuHumanSize } from "./sizes.ts";
import type { UserProgram } from "./user-program.ts";

export const nproc: UserProgram = {
  names: ["nproc"],
  usage: "",
  summary: "Print number of available CPUs",
  *main(io) {
    yield* io.print(`${(yield* sys.sysinfo()).processors}\n`);
    return 0;
  },
};

export const uptime: UserProgram = {
  names: ["uptime"],
  usage: "",
  summary: "Display the time since the last boot",
  *main(io) {
    const { uptime: nanoseconds, loads } = yield* sys.sysinfo();
    const minutes = Math.floor(nanoseconds / 60e9);
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor(minutes / 60) % 24;
    const up = `${days > 0 ? `${days} day${days === 1 ? "" : "s"}, ` : ""}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes % 60).padStart(2, "0")}` : `${minutes % 60} min`}`;
    yield* io.print(
      ` ${formatDate("%H:%M:%S", yield* sys.clock())} up ${up},  ${io.busybox ? "0 users" : "1 user"},  load average: ${loads.map((load) => load.toFixed(2)).join(", ")}\n`,
    );
    return 0;
  },
};

export const free: UserProgram = {
  names: ["free"],
  usage: "[-bkmgh]",
  summary: "Display free and used memory",
  *main(io) {
    const options = yield* io.options({ short: "bkmghtw", long: { human: "h", mega: "m", bytes: "b" } });
    const values = new Map(
      splitLines(yield* readTextFile("/proc/meminfo")).map((line): [string, number] => [
        line.split(":")[0]!,
        Number(/\d+/.exec(line.split(":")[1] ?? "")?.[0] ?? 0) * 1024,
      ]),
    );
    const get = (name: string) => values.get(name) ?? 0;
    const unit = options.has("b") ? 1 : options.has("m") ? 1 << 20 : options.has("g") ? 1 << 30 : 1024;
    const show = (bytes: number) =>
      options.has("h")
        ? io.busybox
          ? busyboxHumanSize(bytes)
          : bytes === 0
            ? "0B"
            : gnuHumanSize(bytes) + "i"
        : String(Math.floor(bytes / unit));
    const cached = get("Cached") + get("Buffers") + get("SReclaimable");
    const used = get("MemTotal") - get("MemFree") - cached;
    const width = io.busybox ? 11 : 11;
    const row = (name: string, cells: number[]) =>
      name.padEnd(io.busybox ? 6 : 7) +
      cells
        .map((cell, at) =>
          show(cell).padStart(io.busybox ? (at === 0 ? 12 : 12) : at === 0 ? width + 2 : width + 1),
        )
        .join("") +
      "\n";
    yield* io.print(
      io.busybox
        ? "              total        used        free      shared  buff/cache   available\n"
        : "               total        used        free      shared  buff/cache   available\n",
    );
    yield* io.print(
      row("Mem:", [get("MemTotal"), used, get("MemFree"), get("Shmem"), cached, get("MemAvailable")]),
    );
    yield* io.print(row("Swap:", [get("SwapTotal"), get("SwapTotal") - get("SwapFree"), get("SwapFree")]));
    return 0;
  },
};

export const sync: UserProgram = {
  names: ["sync"],
  usage: "",
  summary: "Write all buffered blocks to disk",
  *main() {
    yield* sys.sync();
    return 0;
  },
};

export const dmesg: UserProgram = {
  names: ["dmesg"],
  usage: "[-cr] [-n LEVEL] [-s SIZE]",
  summary: "Print or control the kernel ring buffer",
  *main(io) {
    const { release, version } = yield* sys.uname();
    yield* io.print(`[    0.000000] Linux version ${release} ${version}\n`);
    return 0;
  },
};
