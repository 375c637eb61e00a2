import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { changeMode } from "./file-mode.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const mkdir: UserProgram = {
  names: ["mkdir"],
  usage: "[-m MODE] [-p] DIRECTORY...",
  summary: "Create DIRECTORY",
  *main(io) {
    const options = yield* io.options({ short: "pvm:Z", long: { parents: "p", mode: "m:", verbose: "v" } });
    if (options.operands.length === 0) return yield* missingOperand(io);
    const umask = yield* sys.umask(0);
    yield* sys.umask(umask);
    const modeArgument = options.get("m");
    const mode = modeArgument === undefined ? undefined : changeMode(0o777, modeArgument, true, umask);
    if (modeArgument !== undefined && mode === undefined)
      return yield* io.fail(io.busybox ? `invalid mode '${modeArgument}'` : `invalid mode '${modeArgument}'`);
    for (const path of options.operands) {
      const made = yield* makeDirectory(io, path, options.has("p"), mode);
      if (made && options.has("v"))
        yield* io.print(
          io.busybox ? `created directory: '${path}'\n` : `${io.name}: created directory '${path}'\n`,
        );
    }
    return io.status;
  },
};

/** What a program says that was given nothing to work on. */
export function* missingOperand(io: Invocation): Steps<number> {
  if (!io.busybox) yield* io.complain("missing operand");
  return yield* io.usage();
}

function* makeDirectory(
  io: Invocation,
  path: string,
  parents: boolean,
  mode: number | undefined,
): Steps<boolean> {
  try {
    // busybox takes the root for granted.
    if (io.busybox && /^\/+$/.test(path)) return false;
    if (parents) {
      for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
        if (slash < path.length - 1) yield* makeMissing(path.slice(0, slash));
      }
      if (!(yield* makeMissing(path))) return false;
    } else yield* sys.mkdir(path, 0o777);
    if (mode !== undefined) yield* sys.chmod(path, mode);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = strerror(error.code);
    yield* io.complain(
      io.busybox
        ? `can't create directory '${path}': ${reason}`
        : `cannot create directory ‘${path}’: ${reason}`,
    );
    return false;
  }
}

/** Makes a directory unless it is there; whether it was made. */
function* makeMissing(path: string): Steps<boolean> {
  try {
    yield* sys.mkdir(path, 0o777);
    return true;
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const there = yield* directoryAt(path);
    if (there) return false;
    throw error;
  }
}

function* directoryAt(path: string): Steps<boolean> {
  try {
    return (yield* sys.stat(path)).kind === "directory";
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
