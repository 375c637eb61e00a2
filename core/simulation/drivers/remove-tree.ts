import { Errno, type Inode } from "../../files/filesystem.ts";
import type { Entry } from "../kernel/paths.ts";

/** Removes an entry with all below it. ENOENT, EBUSY for a mount point. */
export function removeBelow(entry: Entry): void {
  if (!entry.location) throw new Errno("ENOENT");
  if (entry.name === "" || entry.location.mount !== entry.directory.mount) throw new Errno("EBUSY");
  remove(entry.directory.inode, entry.name, entry.location.inode);
}

function remove(directory: Inode, name: string, inode: Inode): void {
  if (inode.kind !== "directory") return directory.unlink(name);
  for (const [child, below] of [...inode.entries()]) remove(inode, child, below);
  directory.rmdir(name);
}
