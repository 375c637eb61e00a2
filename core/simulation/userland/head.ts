import { concat } from "../../platform/bytes.ts";
import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { O } from "../kernel/calls.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps } from "./user-program.ts";
import type { UserProgram } from "./user-program.ts";
import { parseSize } from "./sizes.ts";
import { sys } from "../kernel/syscalls.ts";

export const head: UserProgram = {
  names: ["head"],
  usage: "[OPTIONS] [FILE]...",
  summary:
    "Print first 10 lines of FILEs (or stdin).\nWith more than one FILE, precede each with a filename header.",
  *main(io) {
    const options = yield* io.options({
      short: "n:c:qv",
      number: "n",
      long: { lines: "n:", bytes: "c:", quiet: "q", silent: "q", verbose: "v" },
    });
    const key = options.last("n", "c") ?? "n";
    const text = options.get(key) ?? "10";
    const fromEnd = text.startsWith("-");
    const count = parseSize(text.replace(/^[-+]/, ""));
    if (count === undefined)
      return yield* io.fail(
        io.busybox
          ? `invalid number '${text}'`
          : `invalid number of ${key === "c" ? "bytes" : "lines"}: ‘${text}’`,
      );
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    const headers = options.has("v") || (paths.length > 1 && !options.has("q"));
    let first = true;
    for (const path of paths) {
      const fd =
        path === "-" ? 0 : yield* io.busybox ? io.openInput(path, 1, true) : openGnu(io, path, "reading");
      if (fd === undefined) continue;
      if (headers) yield* io.print(`${first ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
      first = false;
      if (fromEnd) {
        const bytes = yield* readAll(io, fd);
        yield* io.write(
          bytes.subarray(0, key === "c" ? Math.max(bytes.length - count, 0) : offsetFromEnd(bytes, count)),
        );
      } else {
        let left = count;
        while (left > 0) {
          yield* io.flush();
          const block = yield* sys.read(fd, key === "c" ? Math.min(left, 65536) : 65536);
          if (block.length === 0) break;
          if (key === "c") {
            yield* io.write(block);
            left -= block.length;
            continue;
          }
          let end = 0;
          while (left > 0) {
            const newline = block.indexOf(10, end);
            if (newline < 0) {
              end = block.length;
              break;
            }
            end = newline + 1;
            left--;
          }
          yield* io.write(block.subarray(0, end));
        }
      }
      yield* io.closeInput(fd);
    }
    return io.status;
  },
};

/** Opens as GNU's head and tail do, which say what for. */
export function* openGnu(io: Invocation, path: string, purpose: string): Steps<number | undefined> {
  try {
    return yield* sys.open(path, O.RDONLY);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* io.complain(`cannot open '${path}' for ${purpose}: ${strerror(error.code)}`);
    return undefined;
  }
}

export function* readAll(io: Invocation, fd: number): Steps<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (let block = yield* io.read(fd); block; block = yield* io.read(fd)) chunks.push(block);
  return concat(chunks);
}

/** Where the last `count` lines begin. */
export function offsetFromEnd(bytes: Uint8Array, count: number): number {
  let end = bytes.length;
  if (end > 0 && bytes[end - 1] === 10) end--;
  if (count === 0) return bytes.length;
  for (let left = count; left > 0; left--) {
    const newline = bytes.lastIndexOf(10, end - 1);
    if (newline < 0 || end === 0) return 0;
    if (left === 1) return newline + 1;
    end = newline;
  }
  return end;
}
