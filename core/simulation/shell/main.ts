import { Errno } from "../../files/filesystem.ts";
import { strerror } from "../kernel/errno-text.ts";
import { readFile } from "../kernel/io.ts";
import type { ProgramProcess } from "../kernel/program.ts";
import { sys } from "../kernel/syscalls.ts";
import { applyOptions } from "./builtins/set.ts";
import { decodeText } from "./characters.ts";
import type { DialectName } from "./dialect.ts";
import { shellMessage } from "./dialect.ts";
import { evaluateText } from "./evaluate.ts";
import { ShellFailure } from "./flow.ts";
import { runInteractive } from "./interactive.ts";
import { readCommands } from "./script-input.ts";
import { Shell } from "./shell.ts";
import type { Steps } from "./shell.ts";
import { contain } from "./subshell.ts";

export interface ShellOptions {
  dialect: DialectName;
  /** busybox's applets, which its shell runs before what is in PATH. */
  applets?: ReadonlySet<string>;
  /** What an interactive shell says when it begins. */
  banner?: string;
}

const defaultPath: Record<DialectName, string> = {
  ash: "/sbin:/usr/sbin:/bin:/usr/bin",
  dash: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  bash: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
};

/**
 * A shell from its start to its end: `sh [OPTIONS] [FILE [ARG…]]`, `sh -c TEXT [NAME [ARG…]]`, `sh -s [ARG…]`.
 * Returns its exit status.
 */
export function* runShell(process: ProgramProcess, options: ShellOptions): Steps<number> {
  const name = process.argv[0] ?? "sh";
  const login = name.startsWith("-");
  const shell = new Shell(process, options.dialect, login ? name.slice(1) : name, options.applets);
  shell.pid = yield* sys.getpid();
  yield* importEnvironment(shell);
  let parsed: CommandLine;
  try {
    parsed = yield* parseCommandLine(shell, process.argv.slice(1));
  } catch (error) {
    if (!(error instanceof ShellFailure)) throw error;
    yield* complainAtStart(shell, error.message);
    return error.status;
  }
  return yield* contain(shell, begin(shell, parsed, options, login || parsed.login));
}

interface CommandLine {
  text: string | undefined;
  file: string | undefined;
  login: boolean;
}

function* parseCommandLine(shell: Shell, args: readonly string[]): Steps<CommandLine> {
  let wantsText = false;
  let login = false;
  let rest = [...args];
  while (rest[0] !== undefined && /^[-+]./.test(rest[0])) {
    let word = rest[0];
    if (word === "--") {
      rest.shift();
      break;
    }
    if (word.startsWith("--")) {
      rest.shift();
      if (word === "--login") login = true;
      else if (
        shell.dialect !== "bash" ||
        !/^--(norc|noprofile|posix|verbose|rcfile|noediting)$/.test(word)
      ) {
        throw new ShellFailure(
          shell.dialect === "bash"
            ? `${word}: invalid option`
            : shell.dialect === "dash"
              ? "Illegal option --"
              : `illegal option --`,
        );
      }
      continue;
    }
    if (word.startsWith("-")) {
      if (word.includes("c")) wantsText = true;
      if (word.includes("l")) login = true;
      word = word.replace(/[cl]/g, "");
    }
    if (word === "-" || word === "+") rest.shift();
    else {
      const takesName = /o/.test(word) && rest[1] !== undefined;
      yield* applyOptions(shell, takesName ? [word, rest[1]!] : [word], undefined);
      rest.splice(0, takesName ? 2 : 1);
    }
  }
  if (rest[0] === "-") rest.shift();
  let text: string | undefined;
  let file: string | undefined;
  if (wantsText) {
    if (rest[0] === undefined)
      throw new ShellFailure(
        shell.dialect === "dash"
          ? "-c requires an argument"
          : shell.dialect === "ash"
            ? "-c requires an argument"
            : "-c: option requires an argument",
      );
    text = rest.shift()!;
    if (rest[0] !== undefined) shell.name = rest.shift()!;
  } else if (rest[0] !== undefined && !shell.options.has("stdin")) file = rest.shift()!;
  shell.positional = rest;
  return { text, file, login };
}

function* begin(shell: Shell, line: CommandLine, options: ShellOptions, login: boolean): Steps<number> {
  const terminal = yield* isTerminal(0);
  if (line.text === undefined && line.file === undefined) {
    shell.options.add("stdin");
    if (terminal && (yield* isTerminal(2))) shell.options.add("interactive");
  }
  if (login) yield* sourceIfThere(shell, "/etc/profile", `${shell.variables.get("HOME") ?? ""}/.profile`);
  if (line.text !== undefined) {
    shell.input = "string";
    return yield* evaluateText(shell, line.text, { last: true });
  }
  if (line.file !== undefined) {
    const text = yield* readScript(shell, line.file);
    if (text === undefined) return shell.dialect === "bash" ? 127 : 2;
    shell.input = "file";
    shell.name = line.file;
    return yield* evaluateText(shell, text);
  }
  if (shell.interactive) {
    if (shell.dialect === "bash")
      yield* sourceIfThere(shell, "/etc/bash.bashrc", `${shell.variables.get("HOME") ?? ""}/.bashrc`);
    else if (shell.variables.get("ENV")) yield* sourceIfThere(shell, shell.variables.get("ENV")!);
    if (options.banner) yield* shell.print(1, options.banner);
    return yield* runInteractive(shell);
  }
  return yield* readCommands(shell);
}

function* isTerminal(fd: number): Steps<boolean> {
  try {
    return yield* sys.isatty(fd);
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function* sourceIfThere(shell: Shell, ...paths: string[]): Steps<void> {
  for (const path of paths) {
    let text: string;
    try {
      text = decodeText(yield* readFile(path));
    } catch (error) {
      if (error instanceof Errno) continue;
      throw error;
    }
    yield* evaluateText(shell, text);
  }
}

function* readScript(shell: Shell, path: string): Steps<string | undefined> {
  try {
    return decodeText(yield* readFile(path));
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = strerror(error.code);
    if (shell.dialect === "bash") yield* shell.print(2, `${shell.name}: ${path}: ${reason}\n`);
    else if (shell.dialect === "ash")
      yield* shell.print(2, `${shell.name}: can't open '${path}': ${reason}\n`);
    else
      yield* complainAtStart(
        shell,
        `cannot open ${path}: ${error.code === "ENOENT" ? "No such file" : reason}`,
      );
    return undefined;
  }
}

function* complainAtStart(shell: Shell, text: string): Steps<void> {
  const message =
    shell.dialect === "dash"
      ? shellMessage("dash", text, { name: shell.name, line: 0, interactive: false, input: "stdin" })
      : `${shell.name}: ${text}\n`;
  yield* shell.print(2, message);
}

function* importEnvironment(shell: Shell): Steps<void> {
  const { variables, process, dialect } = shell;
  for (const pair of process.env) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at);
    if (!/^[A-Za-z_]\w*$/.test(name) || name === "IFS") continue;
    variables.set(name, pair.slice(at + 1));
    variables.mark(name, { exported: true });
  }
  const directory = yield* startDirectory(variables.get("PWD"));
  variables.set("PWD", directory);
  variables.mark("PWD", { exported: true });
  if (dialect !== "dash") {
    const level = Number(variables.get("SHLVL") ?? 0);
    variables.set("SHLVL", String(Number.isInteger(level) ? level + 1 : 1));
    variables.mark("SHLVL", { exported: true });
  }
  if (variables.get("PATH") === undefined) {
    variables.set("PATH", defaultPath[dialect]);
    if (dialect === "ash") variables.mark("PATH", { exported: true });
  }
  variables.set("IFS", " \t\n");
  variables.set("OPTIND", "1");
  variables.set("PPID", String(yield* sys.getppid()));
  variables.set("PS4", "+ ");
  if (dialect === "bash") {
    const { uid, euid } = yield* sys.getuid();
    variables.set("UID", String(uid));
    variables.set("EUID", String(euid));
    variables.set("BASH", "/bin/bash");
    variables.set("BASH_VERSION", `${process.identity.version || "5.2.15"}(1)-release`);
    if (variables.get("HOSTNAME") === undefined) variables.set("HOSTNAME", (yield* sys.uname()).nodename);
  } else if (dialect === "ash" && variables.get("HOSTNAME") === undefined) {
    variables.set("HOSTNAME", (yield* sys.uname()).nodename);
  }
}

/** PWD as it was handed down if it still names the working directory, else as the kernel knows it. */
function* startDirectory(inherited: string | undefined): Steps<string> {
  const actual = yield* sys.getcwd();
  if (inherited === undefined || !inherited.startsWith("/") || inherited === actual) return actual;
  try {
    const [there, here] = [yield* sys.stat(inherited), yield* sys.stat(".")];
    return there.ino === here.ino && there.dev === here.dev ? inherited : actual;
  } catch (error) {
    if (error instanceof Errno) return actual;
    throw error;
  }
}
