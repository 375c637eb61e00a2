import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Stat } from "../kernel/calls.ts";
import { missingOperand } from "./mkdir.ts";
import type { Steps, UserProgram } from "./user-program.ts";

export const basename: UserProgram = {
  names: ["basename"],
  usage: "FILE [SUFFIX] | -a FILE... | -s SUFFIX FILE...",
  summary: "Strip directory path and SUFFIX from FILE",
  *main(io) {
    const options = yield* io.options({
      short: "as:z",
      long: { multiple: "a", suffix: "s:", zero: "z" },
      stopAtOperand: true,
    });
    const many = options.has("a", "s");
    const [first, second] = options.operands;
    if (first === undefined) return yield* missingOperand(io);
    if (!many && options.operands.length > 2) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain(`extra operand ‘${options.operands[2]}’`);
      return yield* io.usage();
    }
    const suffix = options.get("s") ?? (many ? undefined : second);
    for (const path of many ? options.operands : [first]) {
      let name = path.replace(/\/+$/, "").split("/").at(-1)! || (path.startsWith("/") ? "/" : "");
      if (suffix && name.endsWith(suffix) && name !== suffix) name = name.slice(0, -suffix.length);
      yield* io.print(name + (options.has("z") ? "\0" : "\n"));
    }
    return 0;
  },
};

export const dirname: UserProgram = {
  names: ["dirname"],
  usage: "FILENAME",
  summary: "Strip non-directory suffix from FILENAME",
  *main(io) {
    const options = yield* io.options({ short: "z", long: { zero: "z" } });
    if (options.operands.length === 0) return yield* missingOperand(io);
    for (const path of options.operands) {
      const trimmed = path.replace(/\/+$/, "");
      const slash = trimmed.lastIndexOf("/");
      const name =
        trimmed === ""
          ? path.startsWith("/")
            ? "/"
            : "."
          : slash < 0
            ? "."
            : trimmed.slice(0, slash).replace(/\/+$/, "") || "/";
      yield* io.print(name + "\n");
    }
    return 0;
  },
};

/** A path with every symbolic link resolved; with `missing` the end (1) or anything (2) may not be there. Throws Errno. */
export function* resolvePath(path: string, missing: 0 | 1 | 2): Steps<string> {
  let full = path.startsWith("/") ? path : `${yield* sys.getcwd()}/${path}`;
  let resolved = "";
  let links = 0;
  let parts = full.split("/").filter((part) => part !== "" && part !== ".");
  while (parts.length > 0) {
    const part = parts.shift()!;
    if (part === "..") {
      resolved = resolved.slice(0, resolved.lastIndexOf("/"));
      continue;
    }
    full = `${resolved}/${part}`;
    let stat: Stat;
    try {
      stat = yield* sys.lstat(full);
    } catch (error) {
      if (
        !(error instanceof Errno) ||
        missing === 0 ||
        (missing === 1 && (parts.length > 0 || error.code !== "ENOENT"))
      )
        throw error;
      resolved = full;
      continue;
    }
    if (stat.kind === "symlink") {
      if (++links > 40) throw new Errno("ELOOP");
      const target = yield* sys.readlink(full);
      if (target.startsWith("/")) resolved = "";
      parts = [...target.split("/").filter((each) => each !== "" && each !== "."), ...parts];
    } else {
      if (parts.length > 0 && stat.kind !== "directory") throw new Errno("ENOTDIR");
      resolved = full;
    }
  }
  return resolved === "" ? "/" : resolved;
}

export const readlink: UserProgram = {
  names: ["readlink"],
  usage: "[-fnv] FILE",
  summary: "Display the value of a symlink",
  *main(io) {
    const options = yield* io.options({
      short: io.busybox ? "fnvsq" : "femnvsqz",
      long: {
        canonicalize: "f",
        "canonicalize-existing": "e",
        "canonicalize-missing": "m",
        "no-newline": "n",
        verbose: "v",
      },
    });
    if (options.operands.length === 0) return yield* missingOperand(io);
    for (const path of options.operands) {
      try {
        const kind = options.last("f", "e", "m");
        const text =
          kind === undefined
            ? yield* sys.readlink(path)
            : yield* resolvePath(path, kind === "f" ? 1 : kind === "e" ? 0 : 2);
        yield* io.print(text + (options.has("n") ? "" : "\n"));
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        io.status = 1;
        if (options.has("v")) yield* io.complain(`${path}: ${strerror(error.code)}`);
      }
    }
    return io.status;
  },
};

export const realpath: UserProgram = {
  names: ["realpath"],
  usage: "FILE...",
  summary: "Print absolute pathnames of FILE",
  *main(io) {
    const options = yield* io.options({
      short: io.busybox ? "" : "emsqzLP",
      long: { "canonicalize-existing": "e", "canonicalize-missing": "m", quiet: "q", "no-symlinks": "s" },
    });
    if (options.operands.length === 0) return yield* missingOperand(io);
    for (const path of options.operands) {
      try {
        yield* io.print((yield* resolvePath(path, options.has("e") ? 0 : options.has("m") ? 2 : 1)) + "\n");
      } catch (error) {
        if (options.has("q")) io.status = 1;
        else yield* io.complainOf(error, path);
      }
    }
    return io.status;
  },
};

export const which: UserProgram = {
  names: ["which"],
  usage: "[-a] COMMAND...",
  summary: "Locate COMMAND",
  *main(io) {
    const options = yield* io.options({ short: "as" });
    for (const name of options.operands) {
      let found = false;
      const places = name.includes("/")
        ? [name]
        : (io.process.getenv("PATH") ?? "").split(":").map((directory) => `${directory}/${name}`);
      for (const path of places) {
        try {
          const stat = yield* sys.stat(path);
          if (stat.kind !== "file" || (stat.mode & 0o111) === 0) continue;
        } catch (error) {
          if (error instanceof Errno) continue;
          throw error;
        }
        found = true;
        yield* io.print(path + "\n");
        if (!options.has("a")) break;
      }
      if (!found) io.status = 1;
    }
    return io.status;
  },
};

export const mktemp: UserProgram = {
  names: ["mktemp"],
  usage: "[-dtqu] [-p DIR] [TEMPLATE]",
  summary: "Create a temporary file with name based on TEMPLATE and print its name",
  *main(io) {
    const options = yield* io.options({
      short: "dtqup:",
      long: { directory: "d", "dry-run": "u", quiet: "q", tmpdir: "p::", suffix: "suffix:" },
    });
    const directory = options.get("p") || io.process.getenv("TMPDIR") || "/tmp";
    const given = options.operands[0];
    const template = given ?? (io.busybox ? "tmp.XXXXXX" : "tmp.XXXXXXXXXX");
    if (!/XXX/.test(template))
      return yield* io.fail(
        io.busybox ? `(null): Invalid argument` : `too few X's in template ‘${template}’`,
      );
    const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    for (;;) {
      const random = yield* sys.getrandom(32);
      let at = 0;
      const name =
        template.replace(/X{3,}(?=[^X]*$)/, (marks) =>
          [...marks].map(() => letters[random[at++ % 32]! % 62]).join(""),
        ) + (options.get("suffix") ?? "");
      const path = given === undefined || options.has("t", "p") ? `${directory}/${name}` : name;
      try {
        if (!options.has("u")) {
          if (options.has("d")) yield* sys.mkdir(path, 0o700);
          else yield* sys.close(yield* sys.open(path, 0o302, 0o600));
        }
        yield* io.print(path + "\n");
        return 0;
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        if (error.code === "EEXIST") continue;
        if (options.has("q")) return 1;
        return yield* io.fail(
          io.busybox
            ? `${template}: ${strerror(error.code)}`
            : `failed to create ${options.has("d") ? "directory" : "file"} via template ‘${given === undefined ? `${directory}/${template}` : path.replace(name, template)}’: ${strerror(error.code)}`,
        );
      }
    }
  },
};
