import type { FileContent } from "../files/filesystem.ts";

export type TarKind = "file" | "hardlink" | "symlink" | "character" | "block" | "directory" | "fifo";

/** One member of a tar archive. */
export interface TarEntry {
  /** As the archive spells it. */
  name: string;
  /** "other": a type that cannot be unpacked; `typeflag` says which. */
  kind: TarKind | "other";
  typeflag: number;
  /** Permission bits with setuid, setgid, sticky. */
  mode: number;
  uid: number;
  gid: number;
  uname: string;
  gname: string;
  /** Nanoseconds since the epoch. */
  mtime: bigint;
  /** Of a hard or symbolic link. */
  linkname: string;
  devmajor: number;
  devminor: number;
  /** Extended attributes, when it has some. */
  xattrs?: Record<string, Uint8Array>;
  content: FileContent;
}

/** What a header says; the content follows it in the archive. */
export type TarHeader = Omit<TarEntry, "content"> & { size: number };

/** What a new archive is made from: what is left out is 0 or empty. */
export type NewTarEntry = Pick<TarEntry, "name" | "mode"> & { kind: TarKind } & Partial<
    Omit<TarEntry, "name" | "mode" | "kind" | "typeflag">
  >;

export const BLOCK = 512;

/** How many bytes of zeros follow `size` bytes of content. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** The letters that stand for the kinds in a header. */
export const typeflags: Record<TarKind, string> = {
  file: "0",
  hardlink: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
};
