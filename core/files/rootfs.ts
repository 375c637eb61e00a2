import type { ByteSource } from "../platform/bytes.ts";
import type { InodeKind } from "./filesystem.ts";

/** What is known of one path below a RootFs. */
export interface PathStat {
  /** The last element of the path. */
  name: string;
  kind: InodeKind;
  /** Permission bits with setuid, setgid, sticky. */
  mode: number;
  uid: number;
  gid: number;
  size: number;
  mtime: bigint;
  /** Of a symbolic link: its target as written. */
  linkTarget: string;
}

/**
 * A root directory that the engine may look into and change while no process of its own runs there: a container's
 * (with its volumes mounted), a build stage's, a build context. In both worlds paths are resolved inside the root:
 * a symbolic link never leads out of it. Missing paths reject with Errno ENOENT.
 */
export interface RootFs {
  /** Does not follow a last symbolic link. */
  lstat(path: string): Promise<PathStat>;
  /** Follows symbolic links. */
  stat(path: string): Promise<PathStat>;
  /** The path with every symbolic link (the last too) resolved, absolute within the root. */
  resolve(path: string): Promise<string>;
  /** Names in byte order. */
  readdir(path: string): Promise<string[]>;
  /** A file's whole content, or the first `limit` bytes. */
  read(path: string, limit?: number): Promise<Uint8Array>;
  mkdir(path: string, attributes: { mode: number; uid: number; gid: number }): Promise<void>;
  /** Removes a path with all below it. */
  remove(path: string): Promise<void>;
  /** A tar archive of `path` and all below; entries are named `rename` instead of the path's last element when given. */
  archive(path: string, options?: { rename?: string; followLink?: boolean }): ByteSource;
  /** Unpacks a tar archive below directory `path`. Rejects, with nothing changed outside the root, for hostile archives. */
  extract(path: string, archive: ByteSource, options?: ExtractOptions): Promise<void>;
  /** Lets go of it (unmounts, in the real world). */
  close(): Promise<void>;
}

export interface ExtractOptions {
  /** Every entry belongs to these, instead of whom the archive says. */
  owner?: { uid: number; gid: number };
  /** docker cp's --no-overwrite-dir-non-dir: a directory does not replace a file, nor the reverse. */
  noOverwriteDirNonDir?: boolean;
  /** Entries with names such as .wh.x delete (layers) instead of being plain files. */
  whiteouts?: boolean;
}
