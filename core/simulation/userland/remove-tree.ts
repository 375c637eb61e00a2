import { sys } from "../kernel/syscalls.ts";
import type { Steps } from "./user-program.ts";

/** Removes a path with all below it. Throws Errno. */
export function* removeTree(path: string): Steps<void> {
  const { kind } = yield* sys.lstat(path);
  if (kind !== "directory") return yield* sys.unlink(path);
  for (const { name } of yield* sys.readdir(path)) yield* removeTree(`${path}/${name}`);
  yield* sys.rmdir(path);
}
