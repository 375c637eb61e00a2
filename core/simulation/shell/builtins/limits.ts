import { sys } from "../../kernel/syscalls.ts";
import { ShellFailure } from "../flow.ts";
import type { Builtin } from "./builtin.ts";

export const umask: Builtin = {
  *run(shell, words) {
    const mask = yield* sys.umask(0);
    yield* sys.umask(mask);
    const text = words[1];
    if (text === undefined) yield* shell.print(1, mask.toString(8).padStart(4, "0") + "\n");
    else if (text === "-S") {
      const bits = (shift: number) =>
        [4, 2, 1].map((bit, at) => (((mask >> shift) & bit) === 0 ? "rwx"[at] : "")).join("");
      yield* shell.print(1, `u=${bits(6)},g=${bits(3)},o=${bits(0)}\n`);
    } else if (/^[0-7]+$/.test(text)) yield* sys.umask(parseInt(text, 8) & 0o777);
    else if (/^\d/.test(text))
      throw new ShellFailure(
        `${shell.dialect === "dash" ? "Illegal number: " : "illegal number: "}${text}`,
        2,
        "umask",
      );
    else yield* sys.umask(symbolicMask(mask, text));
    return 0;
  },
};

/** The mask after a change such as "g-w,o=": what is allowed is what is not masked. */
function symbolicMask(mask: number, text: string): number {
  let allowed = ~mask & 0o777;
  for (const clause of text.split(",")) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (!match) throw new ShellFailure(`Illegal mode: ${text}`, 2, "umask");
    const who = match[1] === "" || match[1]!.includes("a") ? "ugo" : match[1]!;
    let bits = 0;
    for (const letter of match[3]!) bits |= letter === "r" ? 4 : letter === "w" ? 2 : 1;
    for (const letter of who) {
      const shift = letter === "u" ? 6 : letter === "g" ? 3 : 0;
      if (match[2] === "=") allowed = (allowed & ~(7 << shift)) | (bits << shift);
      else if (match[2] === "+") allowed |= bits << shift;
      else allowed &= ~(bits << shift);
    }
  }
  return ~allowed & 0o777;
}

/** Letter, name as the kernel has it, how many bytes a unit is, and the words of `ulimit -a`. */
const resources: [letter: string, resource: string, unit: number, label: string][] = [
  ["t", "cpu", 1, "time(seconds)"], ["f", "fsize", 512, "file(blocks)"], ["d", "data", 1024, "data(kbytes)"],
  ["s", "stack", 1024, "stack(kbytes)"], ["c", "core", 512, "coredump(blocks)"], ["m", "rss", 1024, "memory(kbytes)"],
  ["l", "memlock", 1024, "locked memory(kbytes)"], ["p", "nproc", 1, "process"], ["n", "nofile", 1, "nofiles"],
  ["v", "as", 1024, "vmemory(kbytes)"], ["w", "locks", 1, "locks"], ["r", "rtprio", 1, "rtprio"],
]; // prettier-ignore

export const ulimit: Builtin = {
  *run(shell, words) {
    let hard = false;
    let soft = false;
    let all = false;
    let wanted = resources[1]!;
    const args = words.slice(1);
    while (args[0]?.startsWith("-") && args[0] !== "-") {
      for (const letter of args.shift()!.slice(1)) {
        const resource = resources.find(([known]) => known === letter);
        if (letter === "H") hard = true;
        else if (letter === "S") soft = true;
        else if (letter === "a") all = true;
        else if (resource) wanted = resource;
        else
          throw new ShellFailure(
            shell.dialect === "bash"
              ? `-${letter}: invalid option`
              : `${shell.dialect === "dash" ? "Illegal" : "illegal"} option -${letter}`,
            2,
            "ulimit",
          );
      }
    }
    const show = (limit: number, unit: number) =>
      Number.isFinite(limit) && limit >= 0 ? String(Math.floor(limit / unit)) : "unlimited";
    if (all) {
      for (const [, resource, unit, label] of resources) {
        const limit = yield* sys.getrlimit(resource);
        yield* shell.print(1, `${label.padEnd(20)} ${show(hard ? limit.hard : limit.soft, unit)}\n`);
      }
      return 0;
    }
    const [, resource, unit] = wanted;
    const limit = yield* sys.getrlimit(resource);
    const value = args[0];
    if (value === undefined) {
      yield* shell.print(1, show(hard ? limit.hard : limit.soft, unit) + "\n");
      return 0;
    }
    if (value !== "unlimited" && !/^\d+$/.test(value))
      throw new ShellFailure(
        shell.dialect === "bash" ? `${value}: invalid number` : "bad number",
        2,
        "ulimit",
      );
    const amount = value === "unlimited" ? Infinity : Number(value) * unit;
    yield* sys.setrlimit(resource, {
      soft: hard && !soft ? limit.soft : amount,
      hard: soft && !hard ? limit.hard : amount,
    });
    return 0;
  },
};
