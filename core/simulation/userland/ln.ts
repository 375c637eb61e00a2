import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { isDirectory, statOf } from "./copying.ts";
import type { UserProgram } from "./user-program.ts";

export const ln: UserProgram = {
  names: ["ln", "link"],
  usage: "[-sfnbtv] [-S SUF] TARGET... LINK|DIR",
  summary: "Create a link LINK or DIR/TARGET to the specified TARGET(s)",
  *main(io) {
    const options = yield* io.options({
      short: "sfnbvTt:S:ir",
      long: {
        symbolic: "s",
        force: "f",
        "no-dereference": "n",
        verbose: "v",
        "no-target-directory": "T",
        "target-directory": "t:",
        relative: "r",
      },
    });
    const operands = [...options.operands];
    if (operands.length === 0) {
      if (!io.busybox) yield* io.complain("missing file operand");
      return yield* io.usage();
    }
    const directory = options.get("t");
    const last = directory ?? (operands.length === 1 ? "." : operands.pop()!);
    const into =
      !options.has("T") &&
      (yield* isDirectory(last)) &&
      !(options.has("n") && (yield* statOf(last, true))?.kind === "symlink");
    if (operands.length > 1 && !into)
      return yield* io.fail(io.busybox ? "not a directory" : `target '${last}' is not a directory`);
    for (const target of operands) {
      const name = target.replace(/\/+$/, "").split("/").at(-1)!;
      const path = into
        ? `${last === "." && options.operands.length === 1 ? "." : last.replace(/\/$/, "")}/${name}`
        : last;
      const symbolic = options.has("s");
      try {
        if (options.has("f") && (yield* statOf(path, true))) yield* sys.unlink(path);
        if (symbolic) yield* sys.symlink(target, path);
        else yield* sys.link(target, path);
        if (options.has("v")) yield* io.print(`'${path}' ${symbolic ? "->" : "=>"} '${target}'\n`);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        const reason = strerror(error.code);
        if (io.busybox) yield* io.complain(`${path}: ${reason}`);
        else if (!symbolic && error.code === "ENOENT" && !(yield* statOf(target, true)))
          yield* io.complain(`failed to access '${target}': ${reason}`);
        else if (!symbolic && (yield* isDirectory(target)))
          yield* io.complain(`${target}: hard link not allowed for directory`);
        else
          yield* io.complain(
            `failed to create ${symbolic ? "symbolic" : "hard"} link '${path}'${symbolic ? "" : ` => '${target}'`}: ${reason}`,
          );
      }
    }
    return io.status;
  },
};
