import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readTextFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { splitLines } from "./lines.ts";
import type { UserProgram } from "./user-program.ts";

export const mount: UserProgram = {
  names: ["mount"],
  usage: "[OPTIONS] [-o OPT] DEVICE NODE",
  summary: "Mount a filesystem. Filesystem autodetection requires /proc.",
  *main(io) {
    const options = yield* io.options({
      short: "t:o:rwafnvBRMF:lO:s",
      long: {
        types: "t:",
        options: "o:",
        "read-only": "r",
        bind: "B",
        rbind: "R",
        move: "M",
        "make-private": "private",
        "make-rprivate": "rprivate",
        "make-shared": "shared",
        "make-slave": "slave",
        "make-rslave": "rslave",
        "make-rshared": "rshared",
      },
    });
    const type = options.get("t") ?? "";
    const words = options.all("o").flatMap((text) => text.split(","));
    for (const [key, word] of [
      ["r", "ro"],
      ["B", "bind"],
      ["R", "rbind"],
      ["M", "move"],
    ] as const)
      if (options.has(key)) words.push(word);
    for (const word of ["private", "rprivate", "shared", "rshared", "slave", "rslave"])
      if (options.has(word)) words.push(word);
    const [first, second] = options.operands;
    if (first === undefined) {
      for (const line of splitLines(yield* readTextFile("/proc/mounts"))) {
        const [source, target, kind, flags] = line.split(" ");
        if (type === "" || kind === type) yield* io.print(`${source} on ${target} type ${kind} (${flags})\n`);
      }
      return 0;
    }
    const lone = words.some((word) => /^(remount|r?private|r?shared|r?slave)$/.test(word));
    if (second === undefined && !lone)
      return yield* io.fail(
        io.busybox ? `can't find ${first} in /etc/fstab` : `${first}: can't find in /etc/fstab.`,
      );
    const target = second ?? first;
    try {
      yield* sys.mount(second === undefined ? "none" : first, target, type, words);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason = strerror(error.code);
      if (io.busybox) {
        if (error.code === "EPERM") return yield* io.fail("permission denied (are you root?)");
        return yield* io.fail(`mounting ${first} on ${target} failed: ${reason}`, 255);
      }
      if (error.code === "EPERM") return yield* io.fail(`${target}: permission denied.`, 32);
      if (error.code === "ENOENT") return yield* io.fail(`${target}: mount point does not exist.`, 32);
      if (error.code === "ENODEV") return yield* io.fail(`${target}: unknown filesystem type '${type}'.`, 32);
      return yield* io.fail(`${target}: mount(2) system call failed: ${reason}.`, 32);
    }
    return 0;
  },
};

export const umount: UserProgram = {
  names: ["umount"],
  usage: "[-rlfda] [-t FSTYPE] FILESYSTEM|DIRECTORY",
  summary: "Unmount filesystems",
  *main(io) {
    const options = yield* io.options({
      short: "rlfdat:nvR",
      long: { lazy: "l", force: "f", recursive: "R" },
    });
    for (const operand of options.operands) {
      const mounts = splitLines(yield* readTextFile("/proc/mounts")).map((line) => line.split(" "));
      const target = mounts.findLast(([source]) => source === operand)?.[1] ?? operand;
      try {
        yield* sys.umount(target, [
          ...(options.has("l") ? (["lazy"] as const) : []),
          ...(options.has("f") ? (["force"] as const) : []),
        ]);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const reason = strerror(error.code);
        if (io.busybox) yield* io.complain(`can't unmount ${target}: ${reason}`);
        else if (error.code === "EINVAL") yield* io.complain(`${operand}: not mounted.`, 32);
        else if (error.code === "EBUSY") yield* io.complain(`${operand}: target is busy.`, 32);
        else if (error.code === "EPERM") yield* io.complain(`${operand}: must be superuser to unmount.`, 32);
        else if (error.code === "ENOENT") yield* io.complain(`${operand}: no mount point specified.`, 32);
        else yield* io.complain(`${operand}: umount failed: ${reason}.`, 32);
      }
    }
    return io.status;
  },
};
