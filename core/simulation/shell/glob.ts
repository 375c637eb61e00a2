import { Errno } from "../../files/filesystem.ts";
import { sys } from "../kernel/syscalls.ts";
import { hasWildcard, patternRegExp, unquotePattern } from "./pattern.ts";
import type { Steps } from "./shell.ts";

/** The paths that a pattern matches, sorted; empty when there is none. */
export function* globPaths(pattern: string): Steps<string[]> {
  const parts = pattern.split("/");
  let bases = [""];
  for (const [at, part] of parts.entries()) {
    const last = at === parts.length - 1;
    const found: string[] = [];
    for (const base of bases) {
      if (!hasWildcard(part)) {
        const path = base + unquotePattern(part);
        if (last ? part === "" || (yield* present(path)) : true) found.push(last ? path : path + "/");
      } else {
        for (const name of yield* matchingNames(base, part))
          found.push(last ? base + name : base + name + "/");
      }
    }
    bases = found;
    if (bases.length === 0) return [];
  }
  // Directories in the middle of the path may not be there.
  const there: string[] = [];
  for (const path of bases) if (yield* present(path)) there.push(path);
  return there.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
}

function* matchingNames(directory: string, pattern: string): Steps<string[]> {
  const wanted = patternRegExp(pattern);
  try {
    const names = (yield* sys.readdir(directory === "" ? "." : directory)).map((entry) => entry.name);
    if (pattern.startsWith(".")) names.push(".", "..");
    return names.filter((name) => wanted.test(name) && (!name.startsWith(".") || pattern.startsWith(".")));
  } catch (error) {
    if (error instanceof Errno) return [];
    throw error;
  }
}

function* present(path: string): Steps<boolean> {
  try {
    yield* sys.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Errno) return false;
    throw error;
  }
}
