import type { Inode } from "../files/filesystem.ts";
import { utf8 } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";
import type { MemoryMetadataStore } from "../platform/metadata.ts";

/** What a simulated machine is, as far as it can be told from within: two replays of one log agree on all of it. */
export interface MachineState {
  disk: Inode;
  metadata: MemoryMetadataStore;
  /** What runs: one line for each process. */
  processes: Iterable<string>;
  /** Virtual nanoseconds since the epoch. */
  elapsed: number;
}

/** Content beyond this is told by its size and its ends: a layer of the catalogue is only made when it is read. */
const wholeUpTo = 1 << 20;
const ends = 4096;

/** SHA-256 over a machine's state: every file with its attributes and content, the engine's records, processes, time. */
export function stateDigest(state: MachineState, codecs: Codecs): string {
  const hash = codecs.sha256();
  const seen = new Map<Inode, number>();
  const visit = (path: string, inode: Inode): void => {
    const first = seen.get(inode);
    if (first !== undefined) {
      hash.update(utf8(`${path} is ${first}\n`));
      return;
    }
    seen.set(inode, seen.size);
    const { mode, uid, gid, nlink, size, mtime, rdev } = inode.attributes();
    hash.update(
      utf8(
        `${path} ${inode.kind} ${mode} ${uid} ${gid} ${nlink} ${mtime} ${rdev ? `${rdev.major}:${rdev.minor}` : ""}\n`,
      ),
    );
    for (const name of inode.listxattr().sort()) hash.update(utf8(`${name}=`)).update(inode.getxattr(name)!);
    if (inode.kind === "symlink") hash.update(utf8(inode.readlink()));
    if (inode.kind === "file") {
      hash.update(utf8(`${size}\n`));
      if (size <= wholeUpTo) hash.update(inode.read(0, size));
      else hash.update(inode.read(0, ends)).update(inode.read(size - ends, ends));
    }
    if (inode.kind === "directory") {
      const entries = [...inode.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [name, child] of entries) visit(`${path}/${name}`, child);
    }
  };
  visit("", state.disk);
  for (const [table, key, value] of state.metadata.records())
    hash.update(utf8(`${table} ${key} ${JSON.stringify(value)}\n`));
  for (const line of state.processes) hash.update(utf8(`${line}\n`));
  return hash.update(utf8(`${state.elapsed}\n`)).hex();
}
