import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { exists } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { askYes } from "./ask.ts";
import { copyTree, destinationOf, isDirectory, statOf } from "./copying.ts";
import type { Invocation } from "./invocation.ts";
import type { Options } from "./options.ts";
import { removeTree } from "./remove-tree.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const mv: UserProgram = {
  names: ["mv"],
  usage: "[-finT] SOURCE DEST\nor: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }",
  summary: "Rename SOURCE to DEST, or move SOURCEs to DIRECTORY",
  *main(io) {
    const options = yield* io.options({
      short: "finTuvt:",
      long: {
        force: "f",
        interactive: "i",
        "no-clobber": "n",
        verbose: "v",
        update: "u",
        "target-directory": "t:",
        "no-target-directory": "T",
      },
    });
    const operands = [...options.operands];
    const target = options.get("t") ?? operands.pop();
    if (target === undefined || operands.length === 0) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain(
        target === undefined ? "missing file operand" : `missing destination file operand after '${target}'`,
      );
      return yield* io.usage();
    }
    if ((operands.length > 1 || options.has("t")) && !(yield* isDirectory(target))) {
      return yield* io.fail(
        io.busybox
          ? `can't create '${target}': ${(yield* exists(target)) ? "Not a directory" : "Path does not exist"}`
          : `target '${target}': ${(yield* exists(target)) ? "Not a directory" : "No such file or directory"}`,
      );
    }
    for (const source of operands)
      yield* move(io, options, source, yield* destinationOf(source, target, options.has("T")));
    return io.status;
  },
};

function* move(io: Invocation, options: Options, source: string, target: string): Steps<void> {
  const from = yield* statOf(source, true);
  const there = yield* statOf(target, true);
  if (from && there) {
    if (from.ino === there.ino && from.dev === there.dev && from.kind === "directory") {
      return yield* io.complain(`'${source}' and '${target}' are the same file`);
    }
    const mode = options.last("f", "i", "n");
    if (mode === "n" || (options.has("u") && there.mtime >= from.mtime)) return;
    if (mode === "i" && !(yield* askYes(io, `${io.name}: overwrite '${target}'? `))) return;
  }
  try {
    yield* sys.rename(source, target);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "EXDEV") return yield* moveAcross(io, options, source, target);
    const reason = strerror(error.code);
    if (io.busybox) yield* io.complain(`can't rename '${source}': ${reason}`);
    else if (!from) yield* io.complain(`cannot stat '${source}': ${reason}`);
    else if (error.code === "EINVAL")
      yield* io.complain(`cannot move '${source}' to a subdirectory of itself, '${target}'`);
    else yield* io.complain(`cannot move '${source}' to '${target}': ${reason}`);
    return;
  }
  if (options.has("v"))
    yield* io.print(io.busybox ? `'${source}' -> '${target}'\n` : `renamed '${source}' -> '${target}'\n`);
}

/** Between file systems a move is a copy and a removal. */
function* moveAcross(io: Invocation, options: Options, source: string, target: string): Steps<void> {
  const copy = {
    recursive: true,
    links: "keep" as const,
    preserve: true,
    force: true,
    interactive: false,
    noClobber: false,
    update: false,
    verbose: false,
    link: undefined,
  };
  const there = yield* statOf(target, true);
  if (there && there.kind !== "directory") yield* sys.unlink(target);
  if (!(yield* copyTree(io, copy, source, target))) {
    io.status = 1;
    return;
  }
  try {
    yield* removeTree(source);
  } catch (error) {
    return yield* io.complainOf(error, io.busybox ? `can't remove '${source}'` : `cannot remove '${source}'`);
  }
  if (options.has("v")) yield* io.print(`'${source}' -> '${target}'\n`);
}
