import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { builtins } from "./builtins/builtins.ts";
import type { Shell, Steps } from "./shell.ts";

/** What the word that ends `line` may become: `start` is where it begins, each choice the whole word. */
export function* completions(shell: Shell, line: string): Steps<{ start: number; choices: string[] }> {
  const start =
    Math.max(...[" ", ";", "|", "&", "(", "<", ">", "="].map((blank) => line.lastIndexOf(blank))) + 1;
  const word = line.slice(start);
  const command = /^\s*$|[;&|(]\s*$/.test(line.slice(0, start)) && !word.includes("/");
  const choices = command
    ? yield* commandNames(shell, word)
    : word.startsWith("$")
      ? variableNames(shell, word)
      : yield* fileNames(shell, word);
  return { start, choices: [...new Set(choices)].sort() };
}

function variableNames(shell: Shell, word: string): string[] {
  return shell.variables
    .names()
    .map((name) => "$" + name)
    .filter((name) => name.startsWith(word));
}

function* commandNames(shell: Shell, prefix: string): Steps<string[]> {
  const names = [
    ...builtins.keys(),
    ...shell.functions.keys(),
    ...shell.aliases.keys(),
    ...(shell.applets ?? []),
  ];
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    for (const entry of yield* entriesOf(directory)) names.push(entry.name);
  }
  return names.filter((name) => name.startsWith(prefix) && prefix !== "");
}

function* fileNames(shell: Shell, word: string): Steps<string[]> {
  const cut = word.lastIndexOf("/") + 1;
  const shown = word.slice(0, cut);
  const prefix = word.slice(cut);
  const home = shell.variables.get("HOME") ?? "";
  const directory = shown === "" ? "." : shown.replace(/^~\//, home + "/");
  const choices: string[] = [];
  for (const entry of yield* entriesOf(directory)) {
    if (!entry.name.startsWith(prefix) || (entry.name.startsWith(".") && !prefix.startsWith("."))) continue;
    const isDirectory =
      entry.kind === "directory" ||
      (entry.kind === "symlink" && (yield* leadsToDirectory(`${directory}/${entry.name}`)));
    choices.push(shown + entry.name + (isDirectory ? "/" : ""));
  }
  return choices;
}

function* leadsToDirectory(path: string): Steps<boolean> {
  try {
    return (yield* sys.stat(path)).kind === "directory";
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}

function* entriesOf(directory: string): Steps<{ name: string; kind: string }[]> {
  try {
    return yield* sys.readdir(directory);
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}
