import { realpathSync, statSync } from "node:fs";

/** The real paths of directories that are to be shared (`--with DIR`). Throws an Error that names what cannot be. */
export function sharedPaths(directories: readonly string[]): string[] {
  return directories.map((directory) => {
    let path: string;
    try {
      path = realpathSync(directory);
    } catch {
      throw new Error(`--with ${directory}: no such directory`);
    }
    if (!statSync(path).isDirectory()) throw new Error(`--with ${directory}: not a directory`);
    if (path === "/") throw new Error("--with /: the whole disk cannot be shared");
    return path;
  });
}
