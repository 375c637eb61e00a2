import { Errno } from "../../../files/filesystem.ts";
import { strerror } from "../../kernel/errno-text.ts";
import { sys } from "../../kernel/syscalls.ts";
import type { Shell, Steps } from "../shell.ts";
import type { Builtin } from "./builtin.ts";

/** `cd [-LP] [DIR]`. Keeps the path as it was walked (PWD), unless -P. */
export const cd: Builtin = {
  *run(shell, words) {
    const args = words.slice(1);
    let physical = false;
    while (args[0] !== undefined && /^-[LP]+$/.test(args[0])) physical = args.shift()!.endsWith("P");
    if (args[0] === "--") args.shift();
    if (shell.dialect === "bash" && args.length > 1) {
      yield* shell.complain("too many arguments", "cd");
      return 1;
    }
    let target = args[0] ?? shell.variables.get("HOME");
    if (target === undefined) {
      if (shell.dialect !== "bash") target = "";
      else {
        yield* shell.complain("HOME not set", "cd");
        return 1;
      }
    }
    let tell = false;
    if (target === "-") {
      const old = shell.variables.get("OLDPWD");
      if (old === undefined && shell.dialect === "bash") {
        yield* shell.complain("OLDPWD not set", "cd");
        return 1;
      }
      target = old ?? (yield* workingDirectory(shell));
      tell = true;
    }
    for (const path of candidates(shell, target)) {
      const failure = yield* change(shell, path, physical);
      if (failure) {
        if (path !== target && failure.code === "ENOENT") continue;
        yield* shell.complain(message(shell, target, strerror(failure.code)), "cd");
        return shell.dialect === "dash" ? 2 : 1;
      }
      if (tell || path !== target) yield* shell.print(1, `${yield* workingDirectory(shell)}\n`);
      return 0;
    }
    return 1;
  },
};

function message(shell: Shell, target: string, reason: string): string {
  if (shell.dialect === "dash") return `can't cd to ${target}`;
  if (shell.dialect === "bash") return `${target}: ${reason}`;
  return `can't cd to ${target}: ${reason}`;
}

function candidates(shell: Shell, target: string): string[] {
  const paths = shell.variables.get("CDPATH");
  if (!paths || /^(\/|\.\.?(\/|$))/.test(target)) return [target];
  return [...paths.split(":").map((path) => (path === "" ? target : `${path}/${target}`)), target];
}

function* change(shell: Shell, path: string, physical: boolean): Steps<Errno | undefined> {
  const from = yield* workingDirectory(shell);
  const logical = normalPath(path.startsWith("/") ? path : `${from}/${path}`);
  try {
    yield* sys.chdir(physical || path === "" ? path || "." : logical);
  } catch (error) {
    if (error instanceof Errno) return error;
    throw error;
  }
  shell.variables.set("OLDPWD", from);
  shell.variables.set("PWD", physical ? yield* sys.getcwd() : logical);
  return undefined;
}

function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return "/" + parts.join("/");
}

/** The working directory as the shell knows it. */
export function* workingDirectory(shell: Shell): Steps<string> {
  return shell.variables.get("PWD") ?? (yield* sys.getcwd());
}

export const pwd: Builtin = {
  *run(shell, words) {
    const directory = words[1] === "-P" ? yield* sys.getcwd() : yield* workingDirectory(shell);
    yield* shell.print(1, directory + "\n");
    return 0;
  },
};
