import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { formatDate } from "./date-format.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import type { Steps, UserProgram } from "./user-program.ts";

/** Lines `from`… of the left are replaced by lines of the right (half-open ranges, from 0). */
interface Change {
  left: [number, number];
  right: [number, number];
}

export const diff: UserProgram = {
  names: ["diff"],
  usage: "[-abBdiNqrTstw] [-L LABEL] [-S FILE] [-U LINES] FILE1 FILE2",
  summary: "Compare files line by line and output the differences between them.",
  *main(io) {
    const options = yield* io.options(
      {
        short: "abBdiNqrTstwuU:L:c",
        long: {
          unified: "U::",
          brief: "q",
          recursive: "r",
          "new-file": "N",
          label: "L:",
          "ignore-case": "i",
          "ignore-all-space": "w",
          "ignore-space-change": "b",
          color: "color::",
        },
      },
      2,
    );
    const [left, right] = options.operands;
    if (left === undefined || right === undefined) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain(
        left === undefined ? "missing operand after 'diff'" : `missing operand after '${left}'`,
        2,
      );
      return yield* io.usage(2);
    }
    const differ = yield* compare(io, options, left, right, true);
    return io.status === 2 ? 2 : differ ? 1 : 0;
  },
};

function* compare(
  io: Invocation,
  options: Options,
  left: string,
  right: string,
  top: boolean,
): Steps<boolean> {
  const [a, b] = [yield* look(io, options, left), yield* look(io, options, right)];
  if (a === undefined || b === undefined) return true;
  if (a === "directory" && b === "directory")
    return options.has("r") || top
      ? yield* compareDirectories(io, options, left, right)
      : (yield* io.print(`Common subdirectories: ${left} and ${right}\n`), false);
  if (a === "directory") return yield* compare(io, options, `${left}/${right.split("/").at(-1)}`, right, top);
  if (b === "directory") return yield* compare(io, options, left, `${right}/${left.split("/").at(-1)}`, top);
  const texts: string[] = [];
  for (const [path, kind] of [
    [left, a],
    [right, b],
  ] as const)
    texts.push(kind === "missing" ? "" : ((yield* io.readText(path, 2, true)) ?? ""));
  const [first = "", second = ""] = texts;
  if (first === second) {
    if (options.has("s")) yield* io.print(`Files ${left} and ${right} are identical\n`);
    return false;
  }
  if (options.has("q")) {
    yield* io.print(`Files ${left} and ${right} differ\n`);
    return true;
  }
  if (first.includes("\0") || second.includes("\0")) {
    yield* io.print(`Binary files ${left} and ${right} differ\n`);
    return true;
  }
  const [x, y] = [lines(first), lines(second)];
  const fold = (line: string) => {
    let folded = options.has("w")
      ? line.replace(/\s+/g, "")
      : options.has("b")
        ? line.replace(/\s+/g, " ").trimEnd()
        : line;
    if (options.has("i")) folded = folded.toLowerCase();
    return folded;
  };
  const changes = changesBetween(x.map(fold), y.map(fold));
  if (changes.length === 0) return false;
  if (!top && !io.busybox)
    yield* io.print(`diff ${io.args.filter((arg) => arg.startsWith("-")).join(" ")} ${left} ${right}\n`);
  if (options.has("u", "U") || io.busybox) yield* printUnified(io, options, left, right, x, y, changes);
  else yield* printNormal(io, x, y, changes);
  return true;
}

function* look(
  io: Invocation,
  options: Options,
  path: string,
): Steps<"file" | "directory" | "missing" | undefined> {
  if (path === "-") return "file";
  try {
    return (yield* sys.stat(path)).kind === "directory" ? "directory" : "file";
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (options.has("N") && error.code === "ENOENT") return "missing";
    yield* io.complain(`${path}: ${strerror(error.code)}`, 2);
    return undefined;
  }
}

function* compareDirectories(io: Invocation, options: Options, left: string, right: string): Steps<boolean> {
  const names = function* (path: string): Steps<string[]> {
    return (yield* sys.readdir(path)).map((entry) => entry.name).sort();
  };
  const [a, b] = [yield* names(left), yield* names(right)];
  let differ = false;
  for (const name of [...new Set([...a, ...b])].sort()) {
    if ((!a.includes(name) || !b.includes(name)) && !options.has("N")) {
      yield* io.print(`Only in ${a.includes(name) ? left : right}: ${name}\n`);
      differ = true;
    } else if (yield* compare(io, options, `${left}/${name}`, `${right}/${name}`, false)) differ = true;
  }
  return differ;
}

/** Lines with their newlines. */
function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The smallest set of changes, by Myers' method. */
function changesBetween(left: readonly string[], right: readonly string[]): Change[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let [leftEnd, rightEnd] = [left.length, right.length];
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] === right[rightEnd - 1]) {
    leftEnd--;
    rightEnd--;
  }
  const [n, m] = [leftEnd - start, rightEnd - start];
  const limit = n + m;
  const reach = new Map<number, number>([[1, 0]]);
  const history: Map<number, number>[] = [];
  search: for (let depth = 0; depth <= limit; depth++) {
    history.push(new Map(reach));
    for (let k = -depth; k <= depth; k += 2) {
      const down = k === -depth || (k !== depth && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
      let x = down ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < n && x - k < m && left[start + x] === right[start + x - k]) x++;
      reach.set(k, x);
      if (x >= n && x - k >= m) break search;
    }
  }
  const edits: { x: number; y: number; insert: boolean }[] = [];
  let [x, y] = [n, m];
  for (let depth = history.length - 1; depth > 0; depth--) {
    const before = history[depth]!;
    const k = x - y;
    const down = k === -depth || (k !== depth && (before.get(k - 1) ?? -1) < (before.get(k + 1) ?? -1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = before.get(fromK) ?? 0;
    const fromY = fromX - fromK;
    edits.push({ x: fromX, y: fromY, insert: down });
    [x, y] = [fromX, fromY];
  }
  const changes: Change[] = [];
  for (const edit of edits.reverse()) {
    const last = changes.at(-1);
    const [at, to] = [start + edit.x, start + edit.y];
    if (last && last.left[1] === at && last.right[1] === to) last[edit.insert ? "right" : "left"][1]++;
    else changes.push({ left: [at, at + (edit.insert ? 0 : 1)], right: [to, to + (edit.insert ? 1 : 0)] });
  }
  return changes;
}

const noNewline = "\\ No newline at end of file\n";

function marked(mark: string, line: string): string {
  return line.endsWith("\n") ? mark + line : `${mark}${line}\n${noNewline}`;
}

function* printNormal(
  io: Invocation,
  left: readonly string[],
  right: readonly string[],
  changes: readonly Change[],
): Steps<void> {
  const range = ([from, to]: [number, number]) =>
    to - from === 0 ? String(from) : to - from === 1 ? String(to) : `${from + 1},${to}`;
  for (const change of changes) {
    const [removed, added] = [left.slice(...change.left), right.slice(...change.right)];
    const letter = removed.length === 0 ? "a" : added.length === 0 ? "d" : "c";
    yield* io.print(`${range(change.left)}${letter}${range(change.right)}\n`);
    for (const line of removed) yield* io.print(marked("< ", line));
    if (letter === "c") yield* io.print("---\n");
    for (const line of added) yield* io.print(marked("> ", line));
  }
}

function* printUnified(
  io: Invocation,
  options: Options,
  leftPath: string,
  rightPath: string,
  left: readonly string[],
  right: readonly string[],
  changes: readonly Change[],
): Steps<void> {
  const context = Number(options.get("U") || 3);
  const labels = options.all("L");
  for (const [at, path] of [leftPath, rightPath].entries()) {
    const mark = at === 0 ? "---" : "+++";
    if (labels[at] !== undefined) yield* io.print(`${mark} ${labels[at]}\n`);
    else if (io.busybox || path === "-") yield* io.print(`${mark} ${path}\n`);
    else
      yield* io.print(
        `${mark} ${path}\t${formatDate("%Y-%m-%d %H:%M:%S.%N %z", (yield* sys.stat(path)).mtime)}\n`,
      );
  }
  for (let first = 0; first < changes.length;) {
    let last = first;
    while (last + 1 < changes.length && changes[last + 1]!.left[0] - changes[last]!.left[1] <= context * 2)
      last++;
    const from = Math.max(changes[first]!.left[0] - context, 0);
    const to = Math.min(changes[last]!.left[1] + context, left.length);
    const shift = changes[first]!.right[0] - changes[first]!.left[0];
    const rightFrom = from + shift;
    const rightTo = to + changes[last]!.right[1] - changes[last]!.left[1];
    const range = (start: number, end: number) =>
      end - start === 1 ? String(start + 1) : `${end === start ? start : start + 1},${end - start}`;
    yield* io.print(`@@ -${range(from, to)} +${range(rightFrom, rightTo)} @@\n`);
    let at = from;
    for (const change of changes.slice(first, last + 1)) {
      for (; at < change.left[0]; at++) yield* io.print(marked(" ", left[at]!));
      for (; at < change.left[1]; at++) yield* io.print(marked("-", left[at]!));
      for (const line of right.slice(...change.right)) yield* io.print(marked("+", line));
    }
    for (; at < to; at++) yield* io.print(marked(" ", left[at]!));
    first = last + 1;
  }
}

export const cmp: UserProgram = {
  names: ["cmp"],
  usage: "[-ls] [-n NUM] FILE1 [FILE2]",
  summary: "Compare FILE1 with FILE2 (or stdin)",
  *main(io) {
    const options = yield* io.options({ short: "lsn:b", long: { silent: "s", quiet: "s", verbose: "l" } }, 2);
    const [left, right = "-"] = options.operands;
    if (left === undefined) return yield* io.usage(2);
    const a = yield* io.readInput(left, 2, true);
    const b = a && (yield* io.readInput(right, 2, true));
    if (!a || !b) return 2;
    let line = 1;
    for (let at = 0; at < Math.min(a.length, b.length); at++) {
      if (a[at] !== b[at]) {
        if (options.has("s")) return 1;
        if (options.has("l")) {
          yield* io.print(`${at + 1} ${a[at]!.toString(8).padStart(3)} ${b[at]!.toString(8).padStart(3)}\n`);
          io.status = 1;
          continue;
        }
        yield* io.print(`${left} ${right} differ: ${io.busybox ? "char" : "byte"} ${at + 1}, line ${line}\n`);
        return 1;
      }
      if (a[at] === 10) line++;
    }
    if (a.length === b.length) return io.status;
    if (!options.has("s"))
      yield* io.complain(
        `EOF on ${a.length < b.length ? left : right}${io.busybox ? "" : ` after byte ${Math.min(a.length, b.length)}, ${a.at(-1) === 10 ? "" : "in "}line ${line - (a.at(-1) === 10 ? 1 : 0)}`}`,
      );
    return 1;
  },
};
