import { readTar } from "../archive/read.ts";
import type { TarEntry } from "../archive/entry.ts";
import { contentPieces } from "../files/content.ts";
import type { ByteSource } from "../platform/bytes.ts";
import { makeDirectories } from "./config.ts";
import type { Console } from "./console.ts";
import { quote } from "./go/strconv.ts";
import { cleanFilePath, directoryOf } from "./paths.ts";

/**
 * Unpacks a tar archive below `directory`, owned by whoever unpacks it. `rename` may change the names. Rejects with
 * docker's texts for entries that lead out of it and for a directory that would take the place of a file, or the reverse.
 */
export async function extractArchive(
  console: Console,
  source: ByteSource,
  directory: string,
  rename: (name: string) => string = (same) => same,
): Promise<void> {
  const directories: TarEntry[] = [];
  for await (const member of readTar(source)) {
    const entry = { ...member, name: cleanFilePath(rename(member.name)) };
    if (entry.kind === "hardlink") entry.linkname = rename(entry.linkname);
    if (await place(console, entry, directory)) directories.push(entry);
  }
  // Last, since what is put into a directory changes its time.
  for (const entry of directories) await console.files.utimes(pathOf(directory, entry.name), seconds(entry));
}

const seconds = (entry: TarEntry) => Number(entry.mtime / 1_000_000n) / 1000;

const pathOf = (directory: string, name: string) => cleanFilePath(`${directory}/${name}`);

function isBelow(path: string, directory: string): boolean {
  return directory === "/" || path === directory || path.startsWith(`${directory}/`);
}

/** Makes one entry; whether it is a directory whose time is still to be set. */
async function place(console: Console, entry: TarEntry, directory: string): Promise<boolean> {
  const { files } = console;
  const root = cleanFilePath(directory);
  const path = pathOf(root, entry.name);
  if (!isBelow(path, root)) throw new Error(`${quote(entry.name)} is outside of ${quote(root)}`);
  if (path !== root) await makeDirectories(console, directoryOf(path), 0o755);
  const there = await files.lstat(path).catch(() => undefined);
  if (there) {
    const [was, is] = [there.kind === "directory", entry.kind === "directory"];
    if (was && !is)
      throw new Error(`cannot overwrite directory ${quote(path)} with non-directory ${quote(root)}`);
    if (!was && is)
      throw new Error(`cannot overwrite non-directory ${quote(path)} with directory ${quote(root)}`);
    if (was && entry.name === ".") return false;
    if (!was) await files.remove(path);
  }
  if (entry.kind === "directory") {
    if (!there) await files.mkdir(path, entry.mode);
    await files.chmod(path, entry.mode);
    return true;
  }
  if (entry.kind === "symlink") {
    const target = entry.linkname.startsWith("/")
      ? pathOf(directoryOf(path), entry.linkname)
      : cleanFilePath(`${directoryOf(path)}/${entry.linkname}`);
    if (!isBelow(target, root)) throw new Error(`invalid symlink ${quote(path)} -> ${quote(entry.linkname)}`);
    await files.symlink(entry.linkname, path);
    return false;
  }
  if (entry.kind === "hardlink") {
    const target = pathOf(root, entry.linkname);
    if (!isBelow(target, root))
      throw new Error(`invalid hardlink ${quote(target)} -> ${quote(entry.linkname)}`);
    await files.link(target, path);
  } else if (entry.kind === "file") await writeFile(console, entry, path);
  else if (entry.kind === "other") throw new Error(`unhandled tar header type ${entry.typeflag}`);
  else throw new Error(`mknod ${path}: operation not permitted`);
  await files.chmod(path, entry.mode);
  await files.utimes(path, seconds(entry));
  return false;
}

async function writeFile(console: Console, entry: TarEntry, path: string): Promise<void> {
  const { sink, closed } = await console.files.create(path, entry.mode);
  for (const piece of contentPieces(entry.content)) await sink.write(piece);
  sink.close();
  await closed;
}
