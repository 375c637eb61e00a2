import type { Inode } from "../files/filesystem.ts";
import type { Change } from "./snapshotter.ts";

/**
 * What differs between two trees, as docker diff has it: a directory is changed when something in it is, a deleted
 * directory is one line, its times alone do not change a directory. In byte order, deletions last in each directory.
 * `upper` is the upper directory of the new tree: what has not been copied there is the same in both.
 */
export function treeChanges(now: Inode, before: Inode | undefined, upper: Inode): Change[] {
  const changes: Change[] = [];
  compareDirectories("", now, before, upper, changes);
  return changes;
}

function compareDirectories(
  path: string,
  now: Inode,
  before: Inode | undefined,
  upper: Inode | undefined,
  changes: Change[],
): void {
  for (const [name, inode] of sorted(now)) {
    const touched = upper?.lookup(name);
    // Lower directories are common to both, unless the directory that holds this is new.
    if (upper && !touched) continue;
    compare(
      `${path}/${name}`,
      inode,
      before?.lookup(name),
      touched?.kind === "directory" ? touched : undefined,
      changes,
    );
  }
  if (!before) return;
  for (const [name] of sorted(before))
    if (!now.lookup(name)) changes.push({ kind: "D", path: `${path}/${name}` });
}

function compare(
  path: string,
  now: Inode,
  before: Inode | undefined,
  upper: Inode | undefined,
  changes: Change[],
): void {
  const at = changes.length;
  const changed = before !== undefined && differs(now, before);
  if (!before) changes.push({ kind: "A", path });
  else if (changed) changes.push({ kind: "C", path });
  if (now.kind !== "directory") return;
  compareDirectories(path, now, before?.kind === "directory" ? before : undefined, upper, changes);
  if (before && !changed && changes.length > at) changes.splice(at, 0, { kind: "C", path });
}

function differs(now: Inode, before: Inode): boolean {
  if (now.kind !== before.kind) return true;
  const [a, b] = [now.attributes(), before.attributes()];
  if (a.mode !== b.mode || a.uid !== b.uid || a.gid !== b.gid) return true;
  if (a.rdev?.major !== b.rdev?.major || a.rdev?.minor !== b.rdev?.minor) return true;
  if (String(now.getxattr("security.capability")) !== String(before.getxattr("security.capability")))
    return true;
  return now.kind !== "directory" && (a.size !== b.size || !sameTime(a.mtime, b.mtime));
}

/** Archives keep whole seconds, so a time without a fraction stands for all of its second. */
function sameTime(a: bigint, b: bigint): boolean {
  const second = 1_000_000_000n;
  return a === b || (a / second === b / second && (a % second === 0n || b % second === 0n));
}

function sorted(directory: Inode): [string, Inode][] {
  return [...directory.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
}
