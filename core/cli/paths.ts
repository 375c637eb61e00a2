import type { Console } from "./console.ts";

/** `path` from the root, "." and ".." resolved: Go's filepath.Abs. */
export function absolutePath(console: Console, path: string): string {
  return cleanFilePath(isAbsolute(path) ? path : `${console.cwd}/${path}`);
}

export const isAbsolute = (path: string) => path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path);

/** Go's filepath.Clean: the shortest path to the same place; "." for "". */
export function cleanFilePath(path: string): string {
  const rooted = path.startsWith("/");
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !rooted) parts.push(part);
  }
  return (rooted ? "/" : "") + parts.join("/") || ".";
}

/** All before the last element; "/" and "." have themselves. */
export function directoryOf(path: string): string {
  return cleanFilePath(path.slice(0, path.lastIndexOf("/") + 1));
}

/** The last element; "/" for the root. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  if (trimmed === "") return path === "" ? "." : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}
