import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import type { Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { askYes } from "./ask.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps } from "./user-program.ts";

/** How cp, and mv between file systems, copy. */
export interface CopyOptions {
  recursive: boolean;
  /** Symbolic links are copied as such: always, those named on the command line too, or never. */
  links: "keep" | "follow" | "follow operands";
  preserve: boolean;
  force: boolean;
  interactive: boolean;
  noClobber: boolean;
  update: boolean;
  verbose: boolean;
  /** Makes another name instead of a copy. */
  link: "hard" | "symbolic" | undefined;
}

/** Where `source` goes when `target` may be a directory. */
export function* destinationOf(source: string, target: string, noTargetDirectory = false): Steps<string> {
  if (noTargetDirectory || !(yield* isDirectory(target))) return target;
  const name = source.replace(/\/+$/, "").split("/").at(-1)!;
  return target.endsWith("/") ? target + name : `${target}/${name}`;
}

export function* isDirectory(path: string): Steps<boolean> {
  return (yield* statOf(path))?.kind === "directory";
}

export function* statOf(path: string, link = false): Steps<Stat | undefined> {
  try {
    return link ? yield* sys.lstat(path) : yield* sys.stat(path);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

/** Copies a file or a tree; false when something was not copied (it has been said why). */
export function* copyTree(
  io: Invocation,
  options: CopyOptions,
  source: string,
  target: string,
  operand = true,
): Steps<boolean> {
  const say = (busybox: string, gnu: string) => io.complain(io.busybox ? busybox : gnu);
  let stat: Stat;
  try {
    const keep = options.links === "keep" || (options.links === "follow operands" && !operand);
    stat = keep ? yield* sys.lstat(source) : yield* sys.stat(source);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    yield* say(
      `can't stat '${source}': ${strerror(error.code)}`,
      `cannot stat '${source}': ${strerror(error.code)}`,
    );
    return false;
  }
  const there = yield* statOf(target, stat.kind === "symlink");
  if (there && there.ino === stat.ino && there.dev === stat.dev) {
    yield* io.complain(`'${source}' and '${target}' are the same file`);
    return false;
  }
  if (stat.kind === "directory") {
    if (!options.recursive) {
      yield* say(`omitting directory '${source}'`, `-r not specified; omitting directory '${source}'`);
      return false;
    }
    return yield* copyDirectory(io, options, source, target, stat, there);
  }
  if (there?.kind === "directory") {
    yield* say(
      `can't create '${target}': Is a directory`,
      `cannot overwrite directory '${target}' with non-directory`,
    );
    return false;
  }
  if (there && options.noClobber) return true;
  if (there && options.update && there.mtime >= stat.mtime) return true;
  if (there && options.interactive && !(yield* askYes(io, `${io.name}: overwrite '${target}'? `)))
    return true;
  try {
    if (there && (options.link || stat.kind !== "file")) yield* sys.unlink(target);
    if (options.link === "hard") yield* sys.link(source, target);
    else if (options.link === "symbolic") yield* sys.symlink(source, target);
    else if (stat.kind === "symlink") yield* sys.symlink(yield* sys.readlink(source), target);
    else if (stat.kind === "file" || (!options.recursive && stat.kind !== "socket")) {
      if (!(yield* copyFile(io, options, source, target, stat, there))) return false;
    } else yield* sys.mknod(target, stat.kind, stat.mode, stat.rdev);
    if (options.preserve) yield* keepAttributes(io, target, stat);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = strerror(error.code);
    if (options.link)
      yield* say(`can't create link '${target}': ${reason}`, `cannot create link '${target}': ${reason}`);
    else
      yield* say(`can't create '${target}': ${reason}`, `cannot create regular file '${target}': ${reason}`);
    return false;
  }
  if (options.verbose) yield* io.print(`'${source}' -> '${target}'\n`);
  return true;
}

function* copyDirectory(
  io: Invocation,
  options: CopyOptions,
  source: string,
  target: string,
  stat: Stat,
  there: Stat | undefined,
): Steps<boolean> {
  if (there && there.kind !== "directory") {
    yield* io.complain(
      io.busybox
        ? `target '${target}' is not a directory`
        : `cannot overwrite non-directory '${target}' with directory '${source}'`,
    );
    return false;
  }
  const inside = (yield* absolute(target)) + "/";
  if (inside.startsWith((yield* absolute(source)) + "/")) {
    yield* io.complain(
      io.busybox
        ? `recursion detected, omitting directory '${source}'`
        : `cannot copy a directory, '${source}', into itself, '${target}'`,
    );
    return false;
  }
  let complete = true;
  try {
    // While it is being filled it must be writable to its owner.
    if (!there) yield* sys.mkdir(target, stat.mode | 0o700);
    if (options.verbose && !there) yield* io.print(`'${source}' -> '${target}'\n`);
    for (const { name } of yield* sys.readdir(source)) {
      const copied = yield* copyTree(io, options, below(source, name), below(target, name), false);
      complete &&= copied;
    }
    if (options.preserve) yield* keepAttributes(io, target, stat);
    else if (!there && (stat.mode & 0o700) !== 0o700) yield* sys.chmod(target, stat.mode & 0o777);
  } catch (error) {
    yield* io.complainOf(
      error,
      io.busybox ? `can't create directory '${target}'` : `cannot create directory '${target}'`,
    );
    return false;
  }
  return complete;
}

function below(directory: string, name: string): string {
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

function* absolute(path: string): Steps<string> {
  const full = path.startsWith("/") ? path : `${yield* sys.getcwd()}/${path}`;
  const parts: string[] = [];
  for (const part of full.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}

function* copyFile(
  io: Invocation,
  options: CopyOptions,
  source: string,
  target: string,
  stat: Stat,
  there: Stat | undefined,
): Steps<boolean> {
  let from: number;
  try {
    from = yield* sys.open(source, O.RDONLY);
  } catch (error) {
    yield* io.complainOf(
      error,
      io.busybox ? `can't open '${source}'` : `cannot open '${source}' for reading`,
    );
    return false;
  }
  let to: number;
  try {
    to = yield* openTarget(target, stat, there !== undefined && options.force);
  } catch (error) {
    yield* sys.close(from);
    throw error;
  }
  yield* io.flush();
  for (;;) {
    const block = yield* sys.read(from, 1 << 20);
    if (block.length === 0) break;
    yield* sys.write(to, block);
  }
  yield* sys.close(from);
  yield* sys.close(to);
  return true;
}

function* openTarget(target: string, stat: Stat, replace: boolean): Steps<number> {
  try {
    return yield* sys.open(target, O.WRONLY | O.CREAT | O.TRUNC, stat.mode & 0o777);
  } catch (error) {
    if (!(error instanceof Errno) || !replace) throw error;
    yield* sys.unlink(target);
    return yield* sys.open(target, O.WRONLY | O.CREAT | O.TRUNC, stat.mode & 0o777);
  }
}

/** Times, owner and mode of what was copied. */
function* keepAttributes(io: Invocation, target: string, stat: Stat): Steps<void> {
  const link = stat.kind === "symlink";
  yield* sys.utimes(target, { atime: stat.atime, mtime: stat.mtime }, true);
  let mode = stat.mode;
  try {
    yield* sys.chown(target, stat.uid, stat.gid, true);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    // Without the owner, setuid must not go along.
    mode &= ~0o6000;
    if (io.busybox) yield* io.complain(`can't preserve ownership of '${target}': ${strerror(error.code)}`);
  }
  if (!link) yield* sys.chmod(target, mode);
}
