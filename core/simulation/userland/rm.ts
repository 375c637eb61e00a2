import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Invocation } from "./invocation.ts";
import { missingOperand } from "./mkdir.ts";
import type { Options } from "./options.ts";
import { askYes } from "./ask.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const rm: UserProgram = {
  names: ["rm"],
  usage: "[-irf] FILE...",
  summary: "Remove (unlink) FILEs",
  *main(io) {
    const options = yield* io.options({
      short: "irRfvdI",
      long: {
        recursive: "r",
        force: "f",
        verbose: "v",
        interactive: "i",
        dir: "d",
        "no-preserve-root": "no-preserve-root",
        "preserve-root": "preserve-root",
      },
    });
    if (options.operands.length === 0) return options.has("f") ? 0 : yield* missingOperand(io);
    for (const path of options.operands) {
      const last = path.replace(/\/+$/, "").split("/").at(-1);
      if (last === "." || last === "..") {
        if (io.busybox) yield* io.complain("can't remove '.' or '..'");
        else yield* io.complain(`refusing to remove '.' or '..' directory: skipping '${path}'`);
      } else if (
        !io.busybox &&
        /^\/+$/.test(path) &&
        options.has("r", "R") &&
        !options.has("no-preserve-root")
      ) {
        yield* io.complain("it is dangerous to operate recursively on '/'");
        yield* io.complain("use --no-preserve-root to override this failsafe");
      } else yield* removePath(io, options, path);
    }
    return io.status;
  },
};

function* removePath(io: Invocation, options: Options, path: string): Steps<void> {
  try {
    const { kind } = yield* sys.lstat(path);
    if (
      options.has("i") &&
      !(yield* askYes(
        io,
        `${io.name}: remove ${io.busybox ? "" : kind === "directory" ? "directory " : "regular file "}'${path}'? `,
      ))
    )
      return;
    if (kind !== "directory") yield* sys.unlink(path);
    else if (options.has("r", "R")) {
      for (const { name } of yield* sys.readdir(path))
        yield* removePath(io, options, path.endsWith("/") ? path + name : `${path}/${name}`);
      if (yield* isEmpty(path)) yield* sys.rmdir(path);
      else if (io.status === 0) yield* sys.rmdir(path);
    } else if (options.has("d")) yield* sys.rmdir(path);
    else {
      yield* io.complain(io.busybox ? `'${path}' is a directory` : `cannot remove '${path}': Is a directory`);
      return;
    }
    if (options.has("v"))
      yield* io.print(
        kind === "directory" && !io.busybox ? `removed directory '${path}'\n` : `removed '${path}'\n`,
      );
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (options.has("f") && (error.code === "ENOENT" || error.code === "ENOTDIR")) return;
    const reason = strerror(error.code);
    yield* io.complain(
      io.busybox ? `can't remove '${path}': ${reason}` : `cannot remove '${path}': ${reason}`,
    );
  }
}

function* isEmpty(path: string): Steps<boolean> {
  return (yield* sys.readdir(path)).length === 0;
}
