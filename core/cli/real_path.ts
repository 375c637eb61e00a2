import type { Console } from "./console.ts";
import { cleanFilePath, directoryOf } from "./paths.ts";

/** The path with every symbolic link in it followed (Go's filepath.EvalSymlinks). Rejects with Go's texts. */
export async function realPath(console: Console, path: string): Promise<string> {
  let left = cleanFilePath(path)
    .split("/")
    .filter((part) => part !== "");
  let at = "";
  for (let links = 0; left.length > 0;) {
    const [part = "", ...rest] = left;
    left = rest;
    if (part === "..") {
      at = at === "" ? "" : directoryOf(at) === "/" ? "" : directoryOf(at);
      continue;
    }
    const next = `${at}/${part}`;
    const info = await console.files.lstat(next);
    if (info.kind !== "symlink") {
      at = next;
      continue;
    }
    if (++links > 255) throw new Error("EvalSymlinks: too many links");
    const target = await console.files.readlink(next);
    if (target.startsWith("/")) at = "";
    left = [...target.split("/").filter((piece) => piece !== "" && piece !== "."), ...left];
  }
  return at || "/";
}

/** `path` as it is reached from the directory `from`; both absolute and clean. */
export function relativePath(from: string, path: string): string {
  const [base, target] = [from, path].map((one) => one.split("/").filter((part) => part !== "")) as [
    string[],
    string[],
  ];
  let common = 0;
  while (common < base.length && base[common] === target[common]) common++;
  return [...base.slice(common).map(() => ".."), ...target.slice(common)].join("/") || ".";
}
