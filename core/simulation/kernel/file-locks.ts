import type { OpenFile } from "./open-file.ts";
import { WaitQueue } from "./wait-queue.ts";

/** flock(2)'s locks: of open files, by inode. */
export class FileLocks {
  readonly released = new WaitQueue();
  readonly #locks = new Map<string, { exclusive: boolean; holders: Set<OpenFile> }>();

  /** False when another holds it. */
  change(file: OpenFile, operation: "shared" | "exclusive" | "unlock"): boolean {
    const key = `${file.location?.mount.fileSystem.device ?? 0}:${file.inode.attributes().ino}`;
    const lock = this.#locks.get(key);
    // A holder whose descriptors are all closed holds nothing any more.
    for (const holder of lock?.holders ?? []) if (holder.references === 0) lock!.holders.delete(holder);
    if (operation === "unlock") {
      if (lock?.holders.delete(file)) this.released.wake();
      return true;
    }
    const others = lock ? [...lock.holders].filter((holder) => holder !== file).length : 0;
    const exclusive = operation === "exclusive";
    if (lock && others > 0 && (exclusive || lock.exclusive)) return false;
    const holders = lock?.holders ?? new Set();
    this.#locks.set(key, { exclusive, holders: holders.add(file) });
    return true;
  }
}
