import type { Inode } from "../files/filesystem.ts";

/** Bytes of the files below a directory, as Docker counts a layer: not the directories, and each hard link once. */
export function directoryUsage(directory: Inode): { size: number; inodes: number } {
  const linked = new Set<number>();
  const usage = { size: 0, inodes: 0 };
  const count = (inode: Inode) => {
    for (const [, child] of inode.entries()) {
      const { nlink, ino, size } = child.attributes();
      if (child.kind !== "directory" && nlink > 1) {
        if (linked.has(ino)) continue;
        linked.add(ino);
      }
      usage.inodes++;
      if (child.kind === "directory") count(child);
      else usage.size += size;
    }
  };
  count(directory);
  return usage;
}
