import { Errno } from "../../files/filesystem.ts";
import type { Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { shellStatus } from "../kernel/process-status.ts";
import { sys } from "../kernel/syscalls.ts";
import { matchesPattern, patternRegExp } from "../shell/pattern.ts";
import { Accounts, readAccounts } from "./accounts.ts";
import { askYes } from "./ask.ts";
import { modeText } from "./file-mode.ts";
import type { Invocation } from "./invocation.ts";
import { posixRegex } from "./posix-regex.ts";
import { spawnCommand } from "./run-command.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Visit {
  path: string;
  name: string;
  depth: number;
  stat: Stat;
  prune: boolean;
}

type Test = (visit: Visit) => Steps<boolean>;

export const find: UserProgram = {
  names: ["find"],
  usage: "[-HL] [PATH]... [OPTIONS] [ACTIONS]",
  summary: "Search for files and perform actions on them. PATH defaults to current directory.",
  *main(io) {
    const args = [...io.args];
    let follow = false;
    while (/^-[HLP]$/.test(args[0] ?? "")) follow = args.shift() === "-L";
    const paths: string[] = [];
    while (args[0] !== undefined && !/^(-.|\(|!)/.test(args[0])) paths.push(args.shift()!);
    const finder = new Finder(io, args, follow, yield* readAccounts(), yield* sys.clock());
    yield* finder.parse();
    for (const path of paths.length > 0 ? paths : ["."]) yield* finder.walk(path);
    yield* finder.finish();
    return io.status;
  },
};

class Finder {
  readonly #io: Invocation;
  readonly #args: string[];
  readonly #follow: boolean;
  readonly #accounts: Accounts;
  readonly #now: bigint;
  #at = 0;
  #test!: Test;
  #acted = false;
  #minDepth = 0;
  #maxDepth = Infinity;
  #depthFirst = false;
  #oneDevice = false;
  #quit = false;
  #batches: { words: string[]; files: string[] }[] = [];

  constructor(io: Invocation, args: string[], follow: boolean, accounts: Accounts, now: bigint) {
    this.#io = io;
    this.#args = args;
    this.#follow = follow;
    this.#accounts = accounts;
    this.#now = now;
  }

  *parse(): Steps<void> {
    if (this.#args.length > 0) this.#test = yield* this.#or();
    else this.#test = function* () { return true; }; // prettier-ignore
    if (this.#at < this.#args.length)
      yield* this.#io.fail(
        this.#io.busybox
          ? `unrecognized: ${this.#args[this.#at]}`
          : `paths must precede expression: \`${this.#args[this.#at]}'`,
      );
    if (!this.#acted) {
      const test = this.#test;
      const io = this.#io;
      this.#test = function* (visit) {
        const matches = yield* test(visit);
        if (matches) yield* io.print(visit.path + "\n");
        return matches;
      };
    }
  }

  *#or(): Steps<Test> {
    let left = yield* this.#and();
    while (this.#args[this.#at] === "-o" || this.#args[this.#at] === "-or" || this.#args[this.#at] === ",") {
      const comma = this.#args[this.#at++] === ",";
      const [first, second] = [left, yield* this.#and()];
      left = function* (visit) {
        const matches = yield* first(visit);
        return matches && !comma ? true : yield* second(visit);
      };
    }
    return left;
  }

  *#and(): Steps<Test> {
    let left = yield* this.#primary();
    for (;;) {
      const word = this.#args[this.#at];
      if (word === undefined || word === "-o" || word === "-or" || word === ")" || word === ",") return left;
      if (word === "-a" || word === "-and") this.#at++;
      const [first, second] = [left, yield* this.#primary()];
      left = function* (visit) {
        return (yield* first(visit)) && (yield* second(visit));
      };
    }
  }

  *#argument(predicate: string): Steps<string> {
    const value = this.#args[this.#at++];
    if (value === undefined)
      return yield* this.#io.fail(
        this.#io.busybox
          ? `${predicate}: requires an argument`.replace(
              /^(.*): requires an argument$/,
              "option requires an argument -- '$1'",
            )
          : `missing argument to \`${predicate}'`,
      );
    return value;
  }

  *#primary(): Steps<Test> {
    const io = this.#io;
    const word = this.#args[this.#at++];
    if (word === "!" || word === "-not") {
      const inner = yield* this.#primary();
      return function* (visit) {
        return !(yield* inner(visit));
      };
    }
    if (word === "(") {
      const inner = yield* this.#or();
      if (this.#args[this.#at++] !== ")")
        yield* io.fail(
          io.busybox
            ? "unpaired '('"
            : "invalid expression; I was expecting to find a ')' somewhere but did not see one.",
        );
      return inner;
    }
    const pure = (test: (visit: Visit) => boolean): Test => function* (visit) { return test(visit); }; // prettier-ignore
    switch (word) {
      case "-name":
      case "-iname": {
        const pattern = yield* this.#argument(word);
        return pure(({ name }) =>
          word === "-iname"
            ? matchesPattern(pattern.toLowerCase(), name.toLowerCase())
            : matchesPattern(pattern, name),
        );
      }
      case "-path":
      case "-wholename":
      case "-ipath": {
        const regex = patternRegExp(yield* this.#argument(word));
        return pure(({ path }) => regex.test(path));
      }
      case "-regex":
      case "-iregex": {
        const regex = posixRegex(yield* this.#argument(word), {
          whole: "line",
          ignoreCase: word === "-iregex",
        });
        return pure(({ path }) => regex.test(path));
      }
      case "-type": {
        const letters = (yield* this.#argument(word)).split(",");
        const kinds: Record<string, string> = {
          f: "file",
          d: "directory",
          l: "symlink",
          c: "character",
          b: "block",
          p: "fifo",
          s: "socket",
        };
        for (const letter of letters)
          if (!(letter in kinds))
            yield* io.fail(
              io.busybox ? `invalid argument '${letter}' to '-type'` : `Unknown argument to -type: ${letter}`,
            );
        return pure(({ stat }) => letters.some((letter) => kinds[letter] === stat.kind));
      }
      case "-size": {
        const match = /^([-+]?)(\d+)([cwbkMG]?)$/.exec(yield* this.#argument(word));
        const unit = { c: 1, w: 2, b: 512, k: 1024, M: 1 << 20, G: 1 << 30, "": 512 }[match?.[3] ?? ""]!;
        return pure(({ stat }) => compare(Math.ceil(stat.size / unit), match));
      }
      case "-mtime":
      case "-atime":
      case "-ctime":
      case "-mmin":
      case "-amin":
      case "-cmin": {
        const match = /^([-+]?)(\d+)$/.exec(yield* this.#argument(word));
        const unit = word.endsWith("min") ? 60_000_000_000n : 86_400_000_000_000n;
        const which = `${word[1]}time` as "mtime" | "atime" | "ctime";
        return pure(({ stat }) => compare(Number((this.#now - stat[which]) / unit), match));
      }
      case "-newer": {
        const { mtime } = yield* sys.stat(yield* this.#argument(word));
        return pure(({ stat }) => stat.mtime > mtime);
      }
      case "-user":
      case "-group": {
        const name = yield* this.#argument(word);
        const id = word === "-user" ? this.#accounts.user(name)?.uid : this.#accounts.group(name)?.gid;
        const wanted = id ?? Number(name);
        return pure(({ stat }) => (word === "-user" ? stat.uid : stat.gid) === wanted);
      }
      case "-perm": {
        const text = yield* this.#argument(word);
        const bits = parseInt(text.replace(/^[-/]/, ""), 8);
        return pure(({ stat }) =>
          text.startsWith("-")
            ? (stat.mode & bits) === bits
            : text.startsWith("/")
              ? (stat.mode & bits) !== 0
              : stat.mode === bits,
        );
      }
      case "-links": {
        const match = /^([-+]?)(\d+)$/.exec(yield* this.#argument(word));
        return pure(({ stat }) => compare(stat.nlink, match));
      }
      case "-inum": {
        const match = /^([-+]?)(\d+)$/.exec(yield* this.#argument(word));
        return pure(({ stat }) => compare(stat.ino, match));
      }
      case "-empty":
        return function* ({ path, stat }) {
          if (stat.kind === "directory") return (yield* sys.readdir(path)).length === 0;
          return stat.kind === "file" && stat.size === 0;
        };
      case "-executable":
        return pure(({ stat }) => (stat.mode & 0o111) !== 0);
      case "-true":
        return pure(() => true);
      case "-false":
        return pure(() => false);
      case "-prune":
        return pure((visit) => (visit.prune = true));
      case "-quit":
        return pure(() => (this.#quit = true));
      case "-depth":
        this.#depthFirst = true;
        return pure(() => true);
      case "-xdev":
      case "-mount":
        this.#oneDevice = true;
        return pure(() => true);
      case "-maxdepth":
      case "-mindepth": {
        const depth = Number(yield* this.#argument(word));
        if (word === "-maxdepth") this.#maxDepth = depth;
        else this.#minDepth = depth;
        return pure(() => true);
      }
      case "-print":
      case "-print0": {
        this.#acted = true;
        const end = word === "-print0" ? "\0" : "\n";
        return function* ({ path }) {
          yield* io.print(path + end);
          return true;
        };
      }
      case "-printf": {
        this.#acted = true;
        const format = yield* this.#argument(word);
        const accounts = this.#accounts;
        return function* (visit) {
          yield* io.print(printfText(format, visit, accounts));
          return true;
        };
      }
      case "-ls": {
        this.#acted = true;
        const accounts = this.#accounts;
        return function* ({ path, stat }) {
          yield* io.print(
            `${String(stat.ino).padStart(9)} ${String(Math.ceil(stat.allocated / 1024)).padStart(6)} ${modeText(stat.kind, stat.mode)} ${String(stat.nlink).padStart(3)} ${accounts.userName(stat.uid).padEnd(8)} ${accounts.groupName(stat.gid).padEnd(8)} ${String(stat.size).padStart(8)} ${path}\n`,
          );
          return true;
        };
      }
      case "-delete":
        this.#acted = true;
        this.#depthFirst = true;
        return function* ({ path, stat }) {
          try {
            yield* stat.kind === "directory" ? sys.rmdir(path) : sys.unlink(path);
            return true;
          } catch (error) {
            if (!(error instanceof Errno)) throw error;
            yield* io.complain(
              io.busybox
                ? `${path}: ${strerror(error.code)}`
                : `cannot delete ‘${path}’: ${strerror(error.code)}`,
            );
            return false;
          }
        };
      case "-exec":
      case "-execdir":
      case "-ok":
        return yield* this.#exec(word);
    }
    return yield* io.fail(
      io.busybox
        ? `unrecognized: ${word}`
        : word?.startsWith("-")
          ? `unknown predicate \`${word}'`
          : `paths must precede expression: \`${word}'`,
    );
  }

  *#exec(word: string): Steps<Test> {
    const io = this.#io;
    this.#acted = true;
    const words: string[] = [];
    for (;;) {
      const next = this.#args[this.#at++];
      if (next === undefined)
        yield* io.fail(
          io.busybox
            ? `${word}: unterminated`.replace(/.*/, `'${word}' unterminated`)
            : `missing argument to \`${word}'`,
        );
      if (next === ";" || (next === "+" && words.at(-1) === "{}")) break;
      words.push(next!);
    }
    if (this.#args[this.#at - 1] === "+") {
      const batch = { words: words.slice(0, -1), files: [] as string[] };
      this.#batches.push(batch);
      return function* ({ path }) {
        batch.files.push(path);
        return true;
      };
    }
    return function* ({ path }) {
      if (word === "-ok" && !(yield* askYes(io, `< ${words[0]} ... ${path} > ? `))) return false;
      return (
        (yield* runAndWait(
          io,
          words.map((each) => each.replaceAll("{}", path)),
        )) === 0
      );
    };
  }

  *finish(): Steps<void> {
    for (const { words, files } of this.#batches) {
      if (files.length > 0 && (yield* runAndWait(this.#io, [...words, ...files])) !== 0) this.#io.status = 1;
    }
  }

  *walk(path: string): Steps<void> {
    const trimmed = path.replace(/(.)\/+$/, "$1");
    yield* this.#visit(
      path,
      trimmed === "/" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1),
      0,
      undefined,
    );
  }

  *#visit(path: string, name: string, depth: number, device: number | undefined): Steps<void> {
    const io = this.#io;
    if (this.#quit) return;
    let stat: Stat;
    try {
      stat = this.#follow ? yield* statFollowing(path) : yield* sys.lstat(path);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return yield* io.complain(
        io.busybox ? `${path}: ${strerror(error.code)}` : `‘${path}’: ${strerror(error.code)}`,
      );
    }
    const visit: Visit = { path, name, depth, stat, prune: false };
    const test = this.#test;
    if (!this.#depthFirst && depth >= this.#minDepth) yield* test(visit);
    if (
      stat.kind === "directory" &&
      !visit.prune &&
      depth < this.#maxDepth &&
      !(this.#oneDevice && device !== undefined && stat.dev !== device)
    ) {
      try {
        for (const entry of yield* sys.readdir(path)) {
          yield* this.#visit(
            path.endsWith("/") ? path + entry.name : `${path}/${entry.name}`,
            entry.name,
            depth + 1,
            device ?? stat.dev,
          );
        }
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        yield* io.complain(
          io.busybox ? `${path}: ${strerror(error.code)}` : `‘${path}’: ${strerror(error.code)}`,
        );
      }
    }
    if (this.#depthFirst && depth >= this.#minDepth && !this.#quit) yield* test(visit);
  }
}

function compare(value: number, match: RegExpExecArray | null): boolean {
  const wanted = Number(match?.[2]);
  return match?.[1] === "+" ? value > wanted : match?.[1] === "-" ? value < wanted : value === wanted;
}

function* statFollowing(path: string): Steps<Stat> {
  try {
    return yield* sys.stat(path);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "ENOENT") throw error;
    return yield* sys.lstat(path);
  }
}

function* runAndWait(io: Invocation, words: readonly string[]): Steps<number> {
  yield* io.flush();
  const pid = yield* spawnCommand(words, io.process.env);
  if (pid instanceof Errno) {
    yield* io.complain(
      io.busybox
        ? `'${words[0]}': ${strerror(pid.code)}`.replace(/^'(.*)': /, "$1: ")
        : `‘${words[0]}’: ${strerror(pid.code)}`,
    );
    return 127;
  }
  const result = yield* sys.waitpid(pid);
  return result ? shellStatus(result.status) : 0;
}

function printfText(format: string, { path, name, depth, stat }: Visit, accounts: Accounts): string {
  const values: Record<string, string> = {
    p: path, f: name, h: path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".", d: String(depth), s: String(stat.size), m: stat.mode.toString(8),
    M: modeText(stat.kind, stat.mode), u: accounts.userName(stat.uid), g: accounts.groupName(stat.gid), U: String(stat.uid), G: String(stat.gid),
    i: String(stat.ino), n: String(stat.nlink), y: { file: "f", directory: "d", symlink: "l", character: "c", block: "b", fifo: "p", socket: "s" }[stat.kind],
    k: String(Math.ceil(stat.allocated / 1024)), b: String(Math.ceil(stat.allocated / 512)), P: depth === 0 ? "" : path.replace(/^[^/]*\/+/, ""), "%": "%",
  }; // prettier-ignore
  return format
    .replace(/\\([nt0\\])/g, (_, letter: string) => ({ n: "\n", t: "\t", "0": "\0", "\\": "\\" })[letter]!)
    .replace(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole);
}
