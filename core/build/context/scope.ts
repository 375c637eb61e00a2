import { Errno } from "../../files/filesystem.ts";
import type { PathStat, RootFs } from "../../files/rootfs.ts";
import { cleanPath } from "../../files/clean-path.ts";

/** What is at `path`, symbolic links followed within the root; undefined when nothing is. */
export async function statIn(root: RootFs, path: string): Promise<PathStat | undefined> {
  return present(root.stat(path));
}

/** The same, of a symbolic link itself. */
export async function lstatIn(root: RootFs, path: string): Promise<PathStat | undefined> {
  return present(root.lstat(path));
}

async function present(stat: Promise<PathStat>): Promise<PathStat | undefined> {
  try {
    return await stat;
  } catch (error) {
    if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}

/** `path` with its symbolic links resolved within the root, as far as it exists; what is missing stays as written. */
export async function followInScope(root: RootFs, path: string): Promise<string> {
  const left = cleanPath(`/${path}`).split("/").filter(Boolean);
  const done: string[] = [];
  for (let links = 0; left.length > 0;) {
    const part = left.shift()!;
    if (part === "..") {
      done.pop();
      continue;
    }
    if (part === ".") continue;
    const stat = await lstatIn(root, `/${[...done, part].join("/")}`);
    if (stat?.kind !== "symlink") {
      done.push(part);
      continue;
    }
    if (++links > 255) throw new Errno("ELOOP");
    if (stat.linkTarget.startsWith("/")) done.length = 0;
    left.unshift(...stat.linkTarget.split("/").filter(Boolean));
  }
  return `/${done.join("/")}`;
}

/** Paths below `path` (itself first when it is not the root), relative to the root, directories before what is in them. */
export async function* walk(root: RootFs, path: string): AsyncGenerator<{ path: string; stat: PathStat }> {
  const relative = cleanPath(`/${path}`).slice(1);
  const stat = await lstatIn(root, `/${relative}`);
  if (!stat) return;
  if (relative !== "") yield { path: relative, stat };
  if (stat.kind !== "directory") return;
  for (const name of await root.readdir(`/${relative}`))
    yield* walk(root, relative === "" ? name : `${relative}/${name}`);
}
