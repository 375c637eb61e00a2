import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readFile } from "../kernel/io.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText } from "./characters.ts";
import { evaluateText } from "./evaluate.ts";
import { ShellExit } from "./flow.ts";
import { RedirectionFailure, applyRedirections } from "./redirect.ts";
import { Shell } from "./shell.ts";
import type { Steps } from "./shell.ts";
import { contain, fork, guardedSignals } from "./subshell.ts";
import type { Redirection } from "./syntax.ts";
import { trappedSignals } from "./traps.ts";

/** Where busybox finds itself to run an applet. */
const selfPath = "/proc/self/exe";

/** The file that a command's name stands for; undefined when there is none. */
export function* findProgram(shell: Shell, name: string): Steps<string | undefined> {
  if (name.includes("/")) return name;
  if (shell.applets?.has(name)) return selfPath;
  const hashed = shell.hashed.get(name);
  if (hashed) return hashed;
  let denied: string | undefined;
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const path = `${directory === "" ? "." : directory}/${name}`;
    try {
      const { kind, mode } = yield* sys.stat(path);
      if (kind !== "file") continue;
      if ((mode & 0o111) === 0) {
        denied ??= path;
        continue;
      }
    } catch (error) {
      if (error instanceof Errno) continue;
      throw error;
    }
    shell.hashed.set(name, path);
    return path;
  }
  return denied;
}

/** Puts a program in the place of this process; when it cannot, says so and exits with 126 or 127. */
export function* execute(
  shell: Shell,
  words: readonly string[],
  environment: readonly string[],
  builtin?: string,
): Steps<never> {
  const path = yield* findProgram(shell, words[0]!);
  if (path === undefined) throw new ShellExit(yield* notFound(shell, words[0]!, builtin));
  try {
    return yield* sys.exec(path, words, environment);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOEXEC") return yield* interpret(shell, path, words);
    throw new ShellExit(yield* cannotRun(shell, words[0]!, error, builtin));
  }
}

/** Starts a program in a process of its own; its pid, or the status when it cannot be started. */
export function* startProgram(
  shell: Shell,
  redirections: readonly Redirection[],
  words: readonly string[],
  environment: readonly string[],
): Steps<number | { status: number }> {
  const monitor = shell.options.has("monitor");
  const inChild = () =>
    fork(shell, { group: monitor ? 0 : undefined, foreground: true }, function* (child) {
      try {
        yield* applyRedirections(child, redirections, false);
      } catch (error) {
        if (!(error instanceof RedirectionFailure)) throw error;
        yield* child.complain(error.message);
        return error.status;
      }
      return yield* execute(child, words, environment);
    });
  if (redirections.length > 0) return yield* inChild();
  const path = yield* findProgram(shell, words[0]!);
  if (path === undefined) return { status: yield* notFound(shell, words[0]!) };
  try {
    return yield* sys.spawn(path, {
      argv: words,
      env: environment,
      defaultSignals: [...(shell.interactive ? guardedSignals : []), ...trappedSignals(shell)],
      ...(monitor && shell.terminal
        ? { processGroup: 0, foreground: shell.terminal.fd }
        : monitor
          ? { processGroup: 0 }
          : {}),
    });
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code === "ENOEXEC") return yield* inChild();
    return { status: yield* cannotRun(shell, words[0]!, error) };
  }
}

function* notFound(shell: Shell, name: string, builtin?: string): Steps<number> {
  yield* shell.complain(
    `${name}: ${shell.dialect === "bash" && !builtin ? "command not found" : "not found"}`,
    builtin,
  );
  return 127;
}

function* cannotRun(shell: Shell, name: string, error: Errno, builtin?: string): Steps<number> {
  const missing = error.code === "ENOENT" || error.code === "ENOTDIR";
  if (shell.dialect === "bash") {
    const kind =
      error.code === "EACCES" && (yield* isDirectory(name)) ? "Is a directory" : strerror(error.code);
    yield* shell.complain(`${name}: ${kind}`);
  } else yield* shell.complain(`${name}: ${missing ? "not found" : strerror(error.code)}`, builtin);
  return missing ? 127 : 126;
}

function* isDirectory(path: string): Steps<boolean> {
  try {
    return (yield* sys.stat(path)).kind === "directory";
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

/** A file that the kernel does not know how to run is a shell script, unless it is binary. */
function* interpret(shell: Shell, path: string, words: readonly string[]): Steps<never> {
  const bytes = yield* readFile(path);
  if (bytes.subarray(0, 256).includes(0)) {
    yield* shell.complain(
      shell.dialect === "bash"
        ? `${path}: cannot execute binary file: Exec format error`
        : `${words[0]}: Exec format error`,
    );
    throw new ShellExit(126);
  }
  const script = new Shell(shell.process, shell.dialect, path, shell.applets);
  for (const pair of shell.variables.environment()) {
    const at = pair.indexOf("=");
    script.variables.set(pair.slice(0, at), pair.slice(at + 1));
    script.variables.mark(pair.slice(0, at), { exported: true });
  }
  script.input = "file";
  script.pid = yield* sys.getpid();
  script.positional = words.slice(1);
  throw new ShellExit(yield* contain(script, evaluateText(script, decodeText(bytes))));
}
