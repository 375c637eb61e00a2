import { Errno } from "../../files/filesystem.ts";
import { O } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import { encodeText } from "./characters.ts";
import { redirectionMessage } from "./dialect.ts";
import { expandText } from "./expand.ts";
import { ShellFailure } from "./flow.ts";
import type { Shell, Steps } from "./shell.ts";
import type { Redirection } from "./syntax.ts";

/** A redirection that could not be made: the command fails, the shell goes on unless it is a special builtin's. */
export class RedirectionFailure extends ShellFailure {
  override name = "RedirectionFailure";
}

/** Descriptors as they were before: the copy that was kept, or undefined for one that was closed. */
export type SavedDescriptors = [fd: number, copy: number | undefined][];

/** Makes the redirections, in order. With `save`, what was there is kept for undoRedirections. */
export function* applyRedirections(
  shell: Shell,
  list: readonly Redirection[],
  save: boolean,
): Steps<SavedDescriptors> {
  const saved: SavedDescriptors = [];
  try {
    for (const redirection of list) yield* apply(shell, redirection, save ? saved : undefined);
  } catch (error) {
    yield* undoRedirections(saved);
    throw error;
  }
  return saved;
}

export function* undoRedirections(saved: SavedDescriptors): Steps<void> {
  for (const [fd, copy] of saved.reverse()) {
    if (copy === undefined) yield* closeQuietly(fd);
    else {
      yield* sys.dup2(copy, fd);
      yield* sys.close(copy);
    }
  }
}

function* apply(shell: Shell, redirection: Redirection, saved: SavedDescriptors | undefined): Steps<void> {
  const { operator } = redirection;
  const target = yield* expandText(shell, redirection.target);
  const fd = redirection.fd ?? (operator.startsWith("<") ? 0 : 1);
  const both =
    operator === "&>" ||
    (operator === ">&" &&
      shell.dialect === "bash" &&
      redirection.fd === undefined &&
      !/^(\d+-?|-)$/.test(target));
  if ((operator === "<&" || operator === ">&") && !both) return yield* duplicate(shell, fd, target, saved);
  const from =
    operator === "<<" || operator === "<<<"
      ? yield* hereDocument(operator === "<<<" ? target + "\n" : target)
      : yield* openTarget(shell, both ? ">" : operator, target);
  if (from !== fd) {
    yield* keep(fd, saved);
    yield* sys.dup2(from, fd);
    yield* sys.close(from);
  } else if (saved) saved.push([fd, undefined]);
  if (both) {
    yield* keep(2, saved);
    yield* sys.dup2(1, 2);
  }
}

function* duplicate(
  shell: Shell,
  fd: number,
  target: string,
  saved: SavedDescriptors | undefined,
): Steps<void> {
  if (target === "-") {
    yield* keep(fd, saved);
    return yield* closeQuietly(fd);
  }
  if (!/^\d+$/.test(target)) {
    if (shell.dialect === "dash") throw new ShellFailure("Syntax error: Bad fd number");
    throw new RedirectionFailure(
      shell.dialect === "bash" ? `${target}: ambiguous redirect` : "syntax error: bad fd number",
      shell.dialect === "bash" ? 1 : 2,
    );
  }
  const from = Number(target);
  if (from === fd) return;
  yield* keep(fd, saved);
  try {
    yield* sys.dup2(from, fd);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new RedirectionFailure(`${target}: ${strerror(error.code)}`, shell.dialect === "dash" ? 2 : 1);
  }
}

function* keep(fd: number, saved: SavedDescriptors | undefined): Steps<void> {
  if (!saved) return;
  try {
    saved.push([fd, yield* sys.dup(fd, 10, true)]);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "EBADF") throw error;
    saved.push([fd, undefined]);
  }
}

const flags = {
  "<": O.RDONLY,
  ">": O.WRONLY | O.CREAT | O.TRUNC,
  ">|": O.WRONLY | O.CREAT | O.TRUNC,
  ">>": O.WRONLY | O.CREAT | O.APPEND,
  "<>": O.RDWR | O.CREAT,
};

function* openTarget(shell: Shell, operator: string, path: string): Steps<number> {
  const creating = operator !== "<";
  const fail = (code: string, reason: string) => {
    const status = shell.dialect === "dash" ? 2 : 1;
    return new RedirectionFailure(redirectionMessage(shell.dialect, path, creating, code, reason), status);
  };
  try {
    if (operator === ">" && shell.options.has("noclobber")) {
      const there = yield* kindOf(path);
      if (there === "file")
        throw fail("EEXIST", shell.dialect === "bash" ? "cannot overwrite existing file" : "File exists");
    }
    return yield* sys.open(path, flags[operator as keyof typeof flags], 0o666);
  } catch (error) {
    if (error instanceof Errno) throw fail(error.code, strerror(error.code));
    throw error;
  }
}

function* kindOf(path: string): Steps<string | undefined> {
  try {
    return (yield* sys.stat(path)).kind;
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

const pipeRoom = 65536;

/** A descriptor to read `body` from. */
function* hereDocument(body: string): Steps<number> {
  const bytes = encodeText(body);
  const { read, write } = yield* sys.pipe();
  if (bytes.length <= pipeRoom) yield* sys.write(write, bytes);
  else {
    // More than a pipe holds: a child writes it while the command reads.
    yield* sys.clone(function* () {
      yield* sys.close(read);
      yield* sys.write(write, bytes);
      return 0;
    });
  }
  yield* sys.close(write);
  return read;
}

function* closeQuietly(fd: number): Steps<void> {
  try {
    yield* sys.close(fd);
  } catch (error) {
    if (!(error instanceof Errno) || error.code !== "EBADF") throw error;
  }
}
