import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { decodeText } from "../shell/characters.ts";
import { readAll } from "./head.ts";
import type { Invocation } from "./invocation.ts";
import { spawnCommand } from "./run-command.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** Bytes of arguments that one command may have. */
const commandLimit = 128 * 1024;

export const xargs: UserProgram = {
  names: ["xargs"],
  usage: "[OPTIONS] [PROG ARGS]",
  summary: "Run PROG on every item given by stdin",
  *main(io) {
    const options = yield* io.options({
      short: "0rtxpn:L:s:I:i::P:d:E:e::a:",
      long: {
        null: "0",
        "no-run-if-empty": "r",
        verbose: "t",
        "max-args": "n:",
        "max-lines": "L:",
        replace: "i::",
        "max-procs": "P:",
        delimiter: "d:",
        "arg-file": "a:",
        interactive: "p",
        exit: "x",
      },
      stopAtOperand: true,
    });
    const command = options.operands.length > 0 ? options.operands : ["echo"];
    const replace = options.get("I") ?? (options.has("i") ? options.get("i") || "{}" : undefined);
    const file = options.get("a");
    const text = file === undefined ? decodeText(yield* readAll(io, 0)) : ((yield* io.readText(file)) ?? "");
    const delimiter = options.has("0") ? "\0" : options.get("d")?.replace("\\n", "\n").replace("\\t", "\t");
    let items: string[];
    if (delimiter !== undefined)
      items = text.split(delimiter).filter((item, at, all) => at < all.length - 1 || item !== "");
    else if (replace !== undefined || options.has("L"))
      items = text
        .split("\n")
        .map((line) => line.replace(/^[ \t]+/, ""))
        .filter((line) => line !== "");
    else items = yield* splitItems(io, text);
    const end = options.get("E");
    if (end && items.includes(end)) items = items.slice(0, items.indexOf(end));
    const runs: string[][] = [];
    if (replace !== undefined)
      for (const item of items) runs.push(command.map((word) => word.replaceAll(replace, item)));
    else {
      const most = Number(options.get("n") ?? options.get("L") ?? Infinity);
      const limit = Math.min(Number(options.get("s") ?? commandLimit), commandLimit);
      let group: string[] = [];
      let size = command.join(" ").length;
      const base = size;
      for (const item of options.has("L") ? items.map((line) => line) : items) {
        const words = options.has("L") ? item.split(/[ \t]+/) : [item];
        if (group.length > 0 && (group.length >= most || size + item.length + 1 > limit)) {
          runs.push([...command, ...group]);
          group = [];
          size = base;
        }
        group.push(...words);
        size += item.length + 1;
        if (options.has("L") && most === 1) {
          runs.push([...command, ...group]);
          group = [];
          size = base;
        }
      }
      if (group.length > 0 || (items.length === 0 && !options.has("r"))) runs.push([...command, ...group]);
    }
    return yield* runAll(io, runs, options.has("t"), Math.max(Number(options.get("P") ?? 1), 1) || 1);
  },
};

function* runAll(
  io: Invocation,
  runs: readonly string[][],
  verbose: boolean,
  parallel: number,
): Steps<number> {
  let running = 0;
  const wait = function* (): Steps<boolean> {
    const result = yield* sys.waitpid(-1);
    running--;
    if (!result) return true;
    const status = shellStatus(result.status);
    if (result.status.kind === "signaled") {
      yield* io.complain(
        `${io.busybox ? `'${runs[0]![0]}'` : runs[0]![0]}: terminated by signal ${status - 128}`,
        125,
      );
      return false;
    }
    if (status === 255) {
      yield* io.complain(
        `${io.busybox ? `'${runs[0]![0]}': exited with status 255; aborting` : `${runs[0]![0]}: exited with status 255; aborting`}`,
        124,
      );
      return false;
    }
    if (status !== 0) io.status = 123;
    return true;
  };
  // What xargs itself reads is not for the commands.
  const nothing = yield* sys.open("/dev/null", 0);
  for (const words of runs) {
    if (verbose) yield* io.printError(words.join(" ") + "\n");
    const pid = yield* spawnCommand(words, io.process.env, { 0: nothing, 1: 1, 2: 2 });
    if (pid instanceof Errno) {
      const reason = strerror(pid.code);
      yield* io.complain(`${words[0]}: ${reason}`);
      return pid.code === "ENOENT" ? 127 : 126;
    }
    running++;
    if (running >= parallel && !(yield* wait())) return io.status;
  }
  while (running > 0) if (!(yield* wait())) return io.status;
  return io.status;
}

/** Items separated by blanks and newlines, with quotes and backslashes. */
function* splitItems(io: Invocation, text: string): Steps<string[]> {
  const items: string[] = [];
  let item: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === "'" || character === '"') {
      const end = text.indexOf(character, at + 1);
      const newline = text.indexOf("\n", at + 1);
      if (end < 0 || (newline >= 0 && newline < end)) {
        const kind = character === "'" ? "single" : "double";
        return yield* io.fail(
          io.busybox
            ? `unmatched ${kind} quote`
            : `unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`,
        );
      }
      item = (item ?? "") + text.slice(at + 1, end);
      at = end;
    } else if (character === "\\") item = (item ?? "") + (text[++at] ?? "");
    else if (/\s/.test(character)) {
      if (item !== undefined) items.push(item);
      item = undefined;
    } else item = (item ?? "") + character;
  }
  if (item !== undefined) items.push(item);
  return items;
}
