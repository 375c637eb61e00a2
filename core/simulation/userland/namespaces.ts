import { Errno } from "../../files/filesystem.ts";
import type { NamespaceKind } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { sys } from "../kernel/syscalls.ts";
import { readAccounts } from "./accounts.ts";
import { commandLine, readProcesses } from "./process-table.ts";
import { runCommand } from "./run-command.ts";
import type { UserProgram } from "./user-program.ts";

const kinds: readonly [letter: string, kind: NamespaceKind, long: string][] = [
  ["m", "mnt", "mount"], ["u", "uts", "uts"], ["i", "ipc", "ipc"], ["n", "net", "net"], ["p", "pid", "pid"], ["U", "user", "user"], ["C", "cgroup", "cgroup"], ["T", "time", "time"],
]; // prettier-ignore

export const chroot: UserProgram = {
  names: ["chroot"],
  usage: "NEWROOT [PROG ARGS]",
  summary: "Run PROG with root directory set to NEWROOT",
  *main(io) {
    const options = yield* io.options(
      { short: "", long: { userspec: "userspec:" }, stopAtOperand: true },
      125,
    );
    const [root, ...words] = options.operands;
    if (root === undefined) return yield* io.usage(125);
    try {
      yield* sys.chroot(root);
      yield* sys.chdir("/");
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        io.busybox
          ? `can't change root directory to '${root}': ${strerror(error.code)}`
          : `cannot change root directory to '${root}': ${strerror(error.code)}`,
        io.busybox ? 1 : 125,
      );
    }
    return yield* runCommand(io, words.length > 0 ? words : [io.process.getenv("SHELL") ?? "/bin/sh", "-i"]);
  },
};

export const unshare: UserProgram = {
  names: ["unshare"],
  usage: "[OPTIONS] [PROG ARGS]",
  summary: "Run a program in namespaces of its own",
  *main(io) {
    const long = Object.fromEntries(kinds.map(([letter, , name]) => [name, letter]));
    const options = yield* io.options({
      short: "muinpUCTfr",
      long: {
        ...long,
        fork: "f",
        "map-root-user": "r",
        "mount-proc": "mount-proc::",
        propagation: "propagation:",
      },
      stopAtOperand: true,
    });
    const wanted = kinds.filter(([letter]) => options.has(letter)).map(([, kind]) => kind);
    const procfs = options.has("mount-proc");
    if (procfs && !wanted.includes("mnt")) wanted.push("mnt");
    const words = options.operands.length > 0 ? options.operands : [io.process.getenv("SHELL") ?? "/bin/sh"];
    try {
      yield* sys.unshare(wanted);
      if (!options.has("f") && !procfs) return yield* runCommand(io, words);
      const pid = yield* sys.clone(function* () {
        if (procfs) yield* sys.mount("proc", "/proc", "proc", ["nosuid", "nodev", "noexec"]);
        return yield* runCommand(io, words);
      });
      return shellStatus((yield* sys.waitpid(pid))!.status);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        io.busybox
          ? `unshare: ${strerror(error.code)}`.replace(/^unshare: /, "")
          : `unshare failed: ${strerror(error.code)}`,
      );
    }
  },
};

export const nsenter: UserProgram = {
  names: ["nsenter"],
  usage: "[OPTIONS] [PROG [ARGS]]",
  summary: "Enter the namespaces of another process",
  *main(io) {
    const long = Object.fromEntries(kinds.map(([letter, , name]) => [name, letter + "::"]));
    const options = yield* io.options({
      short: "t:m::u::i::n::p::U::C::T::ar::w::F",
      long: { ...long, target: "t:", all: "a", root: "r::", wd: "w::", "no-fork": "F" },
      stopAtOperand: true,
    });
    const target = options.get("t");
    if (target === undefined)
      return yield* io.fail(
        io.busybox
          ? "neither filename nor target pid supplied"
          : "neither filename nor target pid supplied for ns/pid",
      );
    const chosen = kinds.filter(
      ([letter]) => options.has(letter) || (options.has("a") && letter !== "U" && letter !== "T"),
    );
    try {
      const fds: [number, NamespaceKind][] = [];
      for (const [letter, kind] of chosen)
        fds.push([yield* sys.open(options.get(letter) || `/proc/${target}/ns/${kind}`, 0), kind]);
      const root = options.has("r") ? yield* sys.open(`/proc/${target}/root`, 0) : undefined;
      for (const [fd, kind] of fds) yield* sys.setns(fd, kind);
      for (const [fd] of fds) yield* sys.close(fd);
      if (root !== undefined) {
        yield* sys.chdir(root);
        yield* sys.chroot(".");
      } else if (chosen.some(([, kind]) => kind === "mnt")) yield* sys.chdir("/");
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(
        error.code === "ENOENT"
          ? io.busybox
            ? `can't open '/proc/${target}/ns/${chosen[0]?.[1]}': ${strerror(error.code)}`
            : `cannot open /proc/${target}/ns/${chosen[0]?.[1]}: ${strerror(error.code)}`
          : `reassociate to namespace failed: ${strerror(error.code)}`,
      );
    }
    const words = options.operands.length > 0 ? options.operands : [io.process.getenv("SHELL") ?? "/bin/sh"];
    const inside = chosen.some(([, kind]) => kind === "pid") && !options.has("F");
    if (!inside) return yield* runCommand(io, words);
    // A process keeps its own pid namespace; only its children are in the other.
    const pid = yield* sys.clone(() => runCommand(io, words));
    return shellStatus((yield* sys.waitpid(pid))!.status);
  },
};

export const lsns: UserProgram = {
  names: ["lsns"],
  flavours: ["gnu"],
  usage: "[options] [<namespace>]",
  summary: "List system namespaces.",
  *main(io) {
    const options = yield* io.options({ short: "t:p:no:", long: { type: "t:", task: "p:" } });
    const accounts = yield* readAccounts();
    const found = new Map<string, { kind: string; pids: number[]; command: string; user: string }>();
    for (const info of yield* readProcesses()) {
      if (options.has("p") && info.pid !== Number(options.get("p"))) continue;
      for (const [, kind] of kinds) {
        if (options.has("t") && options.get("t") !== kind) continue;
        try {
          const id = /\d+/.exec(yield* sys.readlink(`/proc/${info.pid}/ns/${kind}`))![0];
          const known = found.get(id);
          if (known) known.pids.push(info.pid);
          else
            found.set(id, {
              kind,
              pids: [info.pid],
              command: commandLine(info),
              user: accounts.userName(info.uid),
            });
        } catch (error) {
          if (!(error instanceof Errno)) throw error;
        }
      }
    }
    const rows = [...found].map(([id, each]) => [
      id,
      each.kind,
      String(each.pids.length),
      String(each.pids[0]),
      each.user,
      each.command,
    ]);
    const titles = ["NS", "TYPE", "NPROCS", "PID", "USER", "COMMAND"];
    const all = options.has("n") ? rows : [titles, ...rows];
    const widths = titles.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
    for (const row of all)
      yield* io.print(
        row
          .map((cell, column) =>
            column === 5
              ? cell
              : column === 1 || column === 4
                ? cell.padEnd(widths[column]!)
                : cell.padStart(widths[column]!),
          )
          .join(" ") + "\n",
      );
    return 0;
  },
};

export const su: UserProgram = {
  names: ["su", "sudo"],
  usage: "[-lmp] [-s SH] [-] [USER [FILE ARGS]]",
  summary: "Run shell under USER (by default, root)",
  *main(io) {
    const accounts = yield* readAccounts();
    if (io.applet === "sudo") {
      const options = yield* io.options({ short: "u:EHnSisb", stopAtOperand: true });
      const words = options.operands.length > 0 ? options.operands : ["/bin/sh"];
      const name = options.get("u") ?? "root";
      const user = accounts.user(name);
      if (!user) return yield* io.fail(`unknown user ${name}`);
      if ((yield* sys.getuid()).euid !== 0) return yield* io.fail("a password is required");
      yield* sys.setgroups([user.gid]);
      yield* sys.setgid(user.gid);
      yield* sys.setuid(user.uid);
      return yield* runCommand(io, words);
    }
    const login = io.args.includes("-") || io.args.includes("-l");
    const options = yield* io.options(
      { short: "lmps:c:", long: { login: "l", command: "c:", shell: "s:" } },
      1,
      io.args.filter((arg) => arg !== "-"),
    );
    const [name = "root", ...rest] = options.operands;
    const user = accounts.user(name);
    if (!user)
      return yield* io.fail(
        io.busybox
          ? `unknown user ${name}`
          : `user ${name} does not exist or the user entry does not contain all the required fields`,
      );
    try {
      yield* sys.setgroups([
        user.gid,
        ...accounts.groups.filter((group) => group.members.includes(name)).map((group) => group.gid),
      ]);
      yield* sys.setgid(user.gid);
      yield* sys.setuid(user.uid);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.fail(io.busybox ? "incorrect password" : "Authentication failure");
    }
    const shell = options.get("s") ?? (user.shell || "/bin/sh");
    if (login) yield* sys.chdir(user.home);
    const own = new Set(["HOME", "SHELL", "USER", "LOGNAME"]);
    const environment = [
      ...io.process.env.filter((pair) => !own.has(pair.slice(0, pair.indexOf("=")))),
      `HOME=${user.home}`,
      `SHELL=${shell}`,
      `USER=${name}`,
      `LOGNAME=${name}`,
    ];
    const command = options.get("c");
    yield* io.flush();
    return yield* runCommand(
      io,
      [shell, ...(login ? ["-l"] : []), ...(command === undefined ? [] : ["-c", command]), ...rest],
      environment,
    );
  },
};
