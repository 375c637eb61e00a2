import { concat } from "../../platform/bytes.ts";
import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { offsetFromEnd, openGnu } from "./head.ts";
import type { Invocation } from "./invocation.ts";
import { parseSize } from "./sizes.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const tail: UserProgram = {
  names: ["tail"],
  usage: "[OPTIONS] [FILE]...",
  summary:
    "Print last 10 lines of FILEs (or stdin) to.\nWith more than one FILE, precede each with a filename header.",
  *main(io) {
    // "+5" for -n +5, the old way.
    const args = /^\+\d+$/.test(io.args[0] ?? "") ? [`-n${io.args[0]}`, ...io.args.slice(1)] : io.args;
    const options = yield* io.options(
      {
        short: "n:c:qvfFs:r",
        number: "n",
        long: {
          lines: "n:",
          bytes: "c:",
          quiet: "q",
          silent: "q",
          verbose: "v",
          follow: "f::",
          retry: "retry",
          pid: "pid:",
          "sleep-interval": "s:",
        },
      },
      1,
      args,
    );
    const key = options.last("n", "c") ?? "n";
    const text = options.get(key) ?? "10";
    const count = parseSize(text.replace(/^[-+]/, ""));
    if (count === undefined)
      return yield* io.fail(
        io.busybox
          ? `invalid number '${text}'`
          : `invalid number of ${key === "c" ? "bytes" : "lines"}: ‘${text}’`,
      );
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    const headers = options.has("v") || (paths.length > 1 && !options.has("q"));
    const follow = options.has("f", "F");
    const open: { fd: number; path: string }[] = [];
    let first = true;
    for (const path of paths) {
      const fd = path === "-" ? 0 : yield* io.busybox ? io.openInput(path) : openGnu(io, path, "reading");
      if (fd === undefined) continue;
      if (headers) yield* io.print(`${first ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
      first = false;
      yield* text.startsWith("+") ? printFrom(io, fd, key, count) : printLast(io, fd, key, count);
      if (follow) open.push({ fd, path });
      else yield* io.closeInput(fd);
    }
    if (first && io.busybox) return yield* io.fail("no files");
    if (follow && !io.busybox && open.length === 0) yield* io.complain("no files remaining");
    if (follow && open.length > 0)
      yield* followFiles(io, open, headers, Number(options.get("s") ?? 1), options.has("F"));
    return io.status;
  },
};

function* printFrom(io: Invocation, fd: number, key: string, count: number): Steps<void> {
  let skip = Math.max(count - 1, 0);
  for (let block = yield* io.read(fd); block; block = yield* io.read(fd)) {
    if (key === "c") {
      yield* io.write(block.subarray(Math.min(skip, block.length)));
      skip = Math.max(skip - block.length, 0);
      continue;
    }
    let from = 0;
    while (skip > 0 && from < block.length) {
      const newline = block.indexOf(10, from);
      from = newline < 0 ? block.length : newline + 1;
      if (newline >= 0) skip--;
    }
    if (skip === 0) yield* io.write(block.subarray(from));
  }
}

/** Keeps only what may still belong to the end; its memory is what the kernel accounts for. */
function* printLast(io: Invocation, fd: number, key: string, count: number): Steps<void> {
  const kept: { block: Uint8Array; weight: number }[] = [];
  let first = 0;
  let weight = 0;
  let size = 0;
  const enough = key === "c" ? count : count + 1;
  for (let block = yield* io.read(fd); block; block = yield* io.read(fd)) {
    const added = key === "c" ? block.length : newlines(block);
    kept.push({ block, weight: added });
    weight += added;
    size += block.length;
    while (first < kept.length - 1 && weight - kept[first]!.weight >= enough) {
      const gone = kept[first]!;
      kept[first++] = { block: new Uint8Array(), weight: 0 };
      weight -= gone.weight;
      size -= gone.block.length;
    }
    if (size > 1 << 20) yield* sys.allocate(size);
  }
  const end = concat(kept.map((piece) => piece.block));
  yield* io.write(end.subarray(key === "c" ? Math.max(end.length - count, 0) : offsetFromEnd(end, count)));
}

function newlines(block: Uint8Array): number {
  let count = 0;
  for (let at = block.indexOf(10); at >= 0; at = block.indexOf(10, at + 1)) count++;
  return count;
}

function* followFiles(
  io: Invocation,
  open: { fd: number; path: string }[],
  headers: boolean,
  seconds: number,
  byName: boolean,
): Steps<void> {
  let shown = open.at(-1)!.path;
  for (;;) {
    for (const file of open) {
      try {
        if (byName && file.path !== "-") yield* reopen(io, file);
        const { size } = yield* sys.fstat(file.fd);
        const at = yield* sys.lseek(file.fd, 0, "current");
        if (size < at) {
          yield* io.printError(`${io.name}: ${io.busybox ? `${file.path}` : file.path}: file truncated\n`);
          yield* sys.lseek(file.fd, 0, "set");
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        // A pipe has no size: reading it waits.
      }
      for (let block = yield* io.read(file.fd); block; block = yield* io.read(file.fd)) {
        if (headers && shown !== file.path) yield* io.print(`\n==> ${file.path} <==\n`);
        shown = file.path;
        yield* io.write(block);
      }
    }
    yield* io.flush();
    yield* sys.nanosleep(Math.max(seconds, 0.1) * 1e9);
  }
}

/** -F: the file that has the name now may be another one (a log that was rotated). */
function* reopen(io: Invocation, file: { fd: number; path: string }): Steps<void> {
  const [now, open] = [yield* sys.stat(file.path), yield* sys.fstat(file.fd)];
  if (now.ino === open.ino && now.dev === open.dev) return;
  const fd = yield* io.openInput(file.path);
  if (fd === undefined) return;
  yield* sys.close(file.fd);
  file.fd = fd;
}
