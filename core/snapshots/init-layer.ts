import type { Inode } from "../files/filesystem.ts";
import { Tree } from "../files/tree.ts";

/** What Docker makes in a container's root before anything is mounted over it; a text is a symbolic link's target. */
const places: readonly [path: string, kind: "directory" | "file" | { target: string }][] = [
  ["/dev/pts", "directory"],
  ["/dev/shm", "directory"],
  ["/proc", "directory"],
  ["/sys", "directory"],
  ["/.dockerenv", "file"],
  ["/etc/resolv.conf", "file"],
  ["/etc/hosts", "file"],
  ["/etc/hostname", "file"],
  ["/dev/console", "file"],
  ["/etc/mtab", { target: "/proc/mounts" }],
];

const owner = { mode: 0o755, uid: 0, gid: 0 };

/** Makes, in a container's root, the files and directories that will be mounted over, where the image lacks them. */
export function makeInitLayer(root: Inode): void {
  const tree = new Tree(root);
  for (const [path, kind] of places) {
    if (kind === "directory") {
      tree.mkdir(path, owner);
      continue;
    }
    tree.mkdir(path.slice(0, path.lastIndexOf("/")), owner);
    const place = tree.locate(path, { follow: false });
    if (place.inode) continue;
    if (kind === "file") place.parent.create(place.name, { kind, ...owner });
    else place.parent.create(place.name, { kind: "symlink", ...owner, mode: 0o777, target: kind.target });
  }
}
