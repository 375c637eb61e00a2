import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { sys } from "../kernel/syscalls.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps } from "./user-program.ts";

const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The files that a command's name may stand for, as execvp tries them. */
export function commandPaths(name: string, path: string | undefined): string[] {
  if (name.includes("/")) return [name];
  return (path ?? defaultPath).split(":").map((directory) => `${directory === "" ? "." : directory}/${name}`);
}

/** PATH of an environment. */
export function pathOf(environment: readonly string[]): string | undefined {
  return environment.find((pair) => pair.startsWith("PATH="))?.slice(5);
}

/** execvp: puts a command in the place of this program; complains and exits with 126 or 127 when it cannot. */
export function* runCommand(
  io: Invocation,
  words: readonly string[],
  environment: readonly string[] = io.process.env,
): Steps<number> {
  yield* io.flush();
  const failure = yield* execute(words, environment);
  const missing = failure.code === "ENOENT";
  const reason = strerror(failure.code);
  yield* io.complain(
    io.busybox
      ? `can't execute '${words[0]}': ${reason}`
      : `${io.applet === "env" || io.applet === "timeout" || io.applet === "nohup" || io.applet === "chroot" ? `${io.applet === "timeout" || io.applet === "nohup" || io.applet === "chroot" ? "failed to run command " : ""}‘${words[0]}’` : words[0]}: ${reason}`,
  );
  return missing ? 127 : 126;
}

/** Only comes back when nothing could be executed, with the reason. */
export function* execute(words: readonly string[], environment: readonly string[]): Steps<Errno> {
  let denied: Errno | undefined;
  for (const path of commandPaths(words[0]!, pathOf(environment))) {
    try {
      yield* sys.exec(path, words, environment);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code === "ENOEXEC") return yield* interpret(path, words, environment);
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") denied ??= error;
    }
  }
  // busybox's own applets need no file of their own.
  return denied ?? new Errno("ENOENT");
}

function* interpret(path: string, words: readonly string[], environment: readonly string[]): Steps<Errno> {
  try {
    return yield* sys.exec("/bin/sh", ["sh", path, ...words.slice(1)], environment);
  } catch (error) {
    if (error instanceof Errno) return new Errno("ENOEXEC");
    throw error;
  }
}

/** Starts a command as a child; its pid, or why it could not be started. */
export function* spawnCommand(
  words: readonly string[],
  environment: readonly string[],
  fds?: Record<number, number>,
): Steps<number | Errno> {
  let denied: Errno | undefined;
  for (const path of commandPaths(words[0]!, pathOf(environment))) {
    try {
      return yield* sys.spawn(path, { argv: words, env: environment, ...(fds ? { fds } : {}) });
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      if (error.code !== "ENOENT" && error.code !== "ENOTDIR") denied ??= error;
    }
  }
  return denied ?? new Errno("ENOENT");
}
