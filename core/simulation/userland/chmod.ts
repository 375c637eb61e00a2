import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { changeMode, modeText } from "./file-mode.ts";
import type { Invocation } from "./invocation.ts";
import { missingOperand } from "./mkdir.ts";
import type { Options } from "./options.ts";
import { OptionError, parseOptions } from "./options.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const chmod: UserProgram = {
  names: ["chmod"],
  usage: "[-Rcvf] MODE[,MODE]... FILE...",
  summary: "MODE is octal number (bit pattern sstrwxrwxrwx) or [ugoa]{+|-|=}[rwxXst]",
  *main(io) {
    // A mode such as -x looks like an option.
    const args = io.args.map((arg) => (/^-[rwxXst]+$/.test(arg) ? "a" + arg : arg));
    let options: Options;
    try {
      options = parseOptions(args, {
        short: "Rcvf",
        long: {
          recursive: "R",
          changes: "c",
          verbose: "v",
          quiet: "f",
          silent: "f",
          reference: "reference:",
        },
      });
    } catch (error) {
      if (!(error instanceof OptionError)) throw error;
      yield* io.complain(error.message);
      return yield* io.usage();
    }
    const reference = options.get("reference");
    const [mode, ...paths] =
      reference === undefined ? options.operands : [yield* modeOf(io, reference), ...options.operands];
    if (mode === undefined) return yield* missingOperand(io);
    if (paths.length === 0) {
      if (!io.busybox) yield* io.complain(`missing operand after ‘${mode}’`);
      return yield* io.usage();
    }
    const umask = yield* sys.umask(0);
    yield* sys.umask(umask);
    if (changeMode(0, mode, false, umask) === undefined)
      return yield* io.fail(
        io.busybox
          ? `invalid mode '${mode}'`
          : `invalid mode: ‘${mode}’\nTry '${io.name} --help' for more information.`,
      );
    for (const path of paths) yield* change(io, options, mode, umask, path, true);
    return io.status;
  },
};

function* modeOf(io: Invocation, path: string): Steps<string> {
  try {
    return (yield* sys.stat(path)).mode.toString(8).padStart(5, "0");
  } catch (error) {
    yield* io.complainOf(error, `failed to get attributes of '${path}'`);
    return yield* io.fail("");
  }
}

function* change(
  io: Invocation,
  options: Options,
  mode: string,
  umask: number,
  path: string,
  operand: boolean,
): Steps<void> {
  try {
    const link = yield* sys.lstat(path);
    if (link.kind === "symlink" && !operand) return;
    const stat = link.kind === "symlink" ? yield* sys.stat(path) : link;
    const wanted = changeMode(stat.mode, mode, stat.kind === "directory", umask)!;
    yield* sys.chmod(path, wanted);
    const changed = wanted !== stat.mode;
    if (options.has("v") || (options.has("c") && changed)) {
      const show = (bits: number) =>
        `${bits.toString(8).padStart(4, "0")} (${modeText("file", bits).slice(1)})`;
      if (io.busybox) yield* io.print(`mode of '${path}' changed to ${show(wanted)}\n`);
      else
        yield* io.print(
          changed
            ? `mode of '${path}' changed from ${show(stat.mode)} to ${show(wanted)}\n`
            : `mode of '${path}' retained as ${show(wanted)}\n`,
        );
    }
    if (options.has("R") && link.kind === "directory") {
      for (const { name } of yield* sys.readdir(path))
        yield* change(io, options, mode, umask, path.endsWith("/") ? path + name : `${path}/${name}`, false);
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    io.status = 1;
    if (options.has("f")) return;
    const reason = strerror(error.code);
    if (io.busybox) yield* io.complain(`${path}: ${reason}`);
    else
      yield* io.complain(
        error.code === "ENOENT"
          ? `cannot access '${path}': ${reason}`
          : `changing permissions of '${path}': ${reason}`,
      );
  }
}
