import { exists as existsAt } from "../kernel/io.ts";
import { copyTree, destinationOf, isDirectory } from "./copying.ts";
import type { CopyOptions } from "./copying.ts";
import type { UserProgram } from "./user-program.ts";

export const cp: UserProgram = {
  names: ["cp"],
  usage: "[-arPLHpfinlsTu] SOURCE DEST\nor: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }",
  summary: "Copy SOURCEs to DEST",
  *main(io) {
    const options = yield* io.options({
      short: "arRdPLHpfinlsTuvt:x",
      long: {
        archive: "a", recursive: "r", force: "f", interactive: "i", "no-clobber": "n", link: "l", "symbolic-link": "s", update: "u",
        verbose: "v", "target-directory": "t:", "no-target-directory": "T", parents: "parents", dereference: "L",
        "no-dereference": "P", preserve: "p::", reflink: "reflink::", sparse: "sparse:", "remove-destination": "f",
      }, // prettier-ignore
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
    const recursive = options.has("a", "r", "R");
    const links = options.last("P", "d", "a", "L", "H");
    const copy: CopyOptions = {
      recursive,
      links:
        links === "L"
          ? "follow"
          : links === "H"
            ? "follow operands"
            : links !== undefined || (recursive && !io.busybox)
              ? "keep"
              : recursive
                ? "follow operands"
                : "follow",
      preserve: options.has("a", "p"),
      force: options.has("f"),
      interactive: options.last("i", "n", "f") === "i",
      noClobber: options.last("i", "n", "f") === "n",
      update: options.has("u"),
      verbose: options.has("v"),
      link: options.has("l") ? "hard" : options.has("s") ? "symbolic" : undefined,
    };
    const many = operands.length > 1 || options.has("t");
    if (many && !(yield* isDirectory(target)))
      return yield* io.fail(
        io.busybox
          ? `target '${target}' is not a directory`
          : `target '${target}'${options.has("t") ? "" : ""}: ${(yield* existsAt(target)) ? "Not a directory" : "No such file or directory"}`,
      );
    for (const source of operands) {
      const parents = options.has("parents") ? `${target}/${source}` : undefined;
      const destination = parents ?? (yield* destinationOf(source, target, options.has("T")));
      if (!(yield* copyTree(io, copy, source, destination))) io.status = 1;
    }
    return io.status;
  },
};
