import { headerBytes } from "../archive/write.ts";
import { BLOCK, padding } from "../archive/entry.ts";
import type { NewTarEntry } from "../archive/entry.ts";
import type { ByteSink } from "../platform/bytes.ts";
import type { Console, FileInfo } from "./console.ts";

/**
 * Writes the file or directory at `path`, with all below it, to `sink` as a tar archive whose first entry is `name`;
 * `rename` may change the names. Directories come before what is in them, names in byte order.
 */
export async function packLocal(
  console: Console,
  path: string,
  name: string,
  sink: ByteSink,
  rename: (name: string) => string = (same) => same,
): Promise<void> {
  await packEntry(console, path, name, sink, rename);
  await sink.write(new Uint8Array(2 * BLOCK));
  sink.close();
}

async function packEntry(
  console: Console,
  path: string,
  name: string,
  sink: ByteSink,
  rename: (name: string) => string,
): Promise<void> {
  const info = await console.files.lstat(path);
  if (info.kind === "other") return;
  const linkname = info.kind === "symlink" ? await console.files.readlink(path) : "";
  await sink.write(
    headerBytes(entryOf(info, rename(info.kind === "directory" ? `${name}/` : name), linkname)),
  );
  if (info.kind === "file") await packContent(console, path, info.size, sink);
  if (info.kind !== "directory") return;
  for (const child of await console.files.readdir(path))
    await packEntry(console, join(path, child), `${name}/${child}`, sink, rename);
}

function entryOf(info: FileInfo, name: string, linkname: string): NewTarEntry {
  return {
    name,
    kind: info.kind as "file" | "directory" | "symlink",
    mode: info.mode,
    uid: info.uid,
    gid: info.gid,
    mtime: BigInt(Math.floor(info.mtime)) * 1_000_000_000n,
    linkname,
    // The header wants the size alone: the content is read from the disk as it is sent.
    ...(info.kind === "file" ? { content: { size: info.size, read: () => new Uint8Array() } } : {}),
  };
}

/** A file that changes its size meanwhile is cut, or filled with zeros, to what its header said. */
async function packContent(console: Console, path: string, size: number, sink: ByteSink): Promise<void> {
  const source = await console.files.open(path);
  let left = size;
  while (left > 0) {
    const chunk = await source.read();
    if (!chunk) break;
    await sink.write(chunk.subarray(0, left));
    left -= Math.min(left, chunk.length);
  }
  source.cancel();
  for (let missing = left + padding(size); missing > 0; missing -= BLOCK)
    await sink.write(new Uint8Array(Math.min(missing, BLOCK)));
}

const join = (directory: string, name: string) =>
  directory.endsWith("/") ? directory + name : `${directory}/${name}`;
