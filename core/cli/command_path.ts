import type { Command } from "./command.ts";

/** "docker container ls": the names of a command and of those above it. */
export function commandPath(path: readonly Command[]): string {
  return path.map((command) => command.name).join(" ");
}

/** "docker container ls [OPTIONS]". */
export function usageLine(path: readonly Command[]): string {
  const above = commandPath(path.slice(0, -1));
  return above ? `${above} ${path.at(-1)!.usage}` : path.at(-1)!.usage;
}
