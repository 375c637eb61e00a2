import { collect, contentSource } from "../../archive/collect.ts";
import type { NewTarEntry } from "../../archive/entry.ts";
import { parseTar } from "../../archive/read.ts";
import { TarBuilder } from "../../archive/write.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import type { BuildBackend } from "../backend.ts";
import { followInScope, statIn } from "../context/scope.ts";
import { baseName, parentPath } from "../../files/clean-path.ts";
import type { CopiedPath } from "./copy_sources.ts";

interface Owner {
  uid: number;
  gid: number;
}

/**
 * Copies one path to `target` (absolute; a final slash says that it is a directory). `owner` undefined keeps the
 * owners that the files have. What a directory holds is copied, not the directory itself.
 */
export async function copyInto(
  root: RootFs,
  target: string,
  copied: CopiedPath,
  { owner, unpack }: { owner: Owner | undefined; unpack: boolean },
  backend: Pick<BuildBackend, "decompress">,
): Promise<void> {
  const from = copied.source.root;
  const path = await followInScope(from, copied.path);
  const destination = await followInScope(root, target);
  const stat = await from.stat(path);
  const there = await statIn(root, destination);
  if (stat.kind === "directory") {
    if (there && there.kind !== "directory") throw new Error(`mkdir ${destination}: not a directory`);
    await makeDirectories(root, parentPath(destination), ROOT);
    if (!there) await root.mkdir(destination, { mode: 0o755, ...(owner ?? ROOT) });
    const archive = from.archive(path, { rename: TOP });
    return root.extract(destination, await rewrite(archive, (entry) => owned(withoutTop(entry), owner)));
  }
  if (unpack) {
    const archive = await openArchive(from, path, backend);
    if (archive) {
      await makeDirectories(root, destination, ROOT);
      return await root.extract(destination, archive);
    }
  }
  const isDirectory = there?.kind === "directory" || target.endsWith("/");
  const file = isDirectory ? `${destination}/${baseName(copied.path)}` : destination;
  const directory = parentPath(file);
  await makeDirectories(root, directory, owner ?? ROOT);
  const archive = from.archive(path, { rename: baseName(file), followLink: true });
  await root.extract(directory, await rewrite(archive, (entry) => owned(entry, owner)));
}

const ROOT: Owner = { uid: 0, gid: 0 };

/** What the archive of a directory calls the directory. */
const TOP = "top";

function withoutTop(entry: NewTarEntry): NewTarEntry | undefined {
  const strip = (name: string) => (name.startsWith(`${TOP}/`) ? name.slice(TOP.length + 1) : name);
  const name = strip(entry.name);
  if (name === "" || name === TOP) return undefined;
  return {
    ...entry,
    name,
    linkname: entry.kind === "hardlink" ? strip(entry.linkname ?? "") : (entry.linkname ?? ""),
  };
}

/** Changing a file's owner takes its setuid bit away, as the kernel does it. */
function owned(entry: NewTarEntry | undefined, owner: Owner | undefined): NewTarEntry | undefined {
  if (!entry || !owner) return entry;
  const groupRuns = (entry.mode & 0o010) !== 0;
  const mode = entry.kind === "file" ? entry.mode & ~(groupRuns ? 0o6000 : 0o4000) : entry.mode;
  return { ...entry, mode, uid: owner.uid, gid: owner.gid };
}

/** An archive with other entries; undefined leaves one out. Contents are not read. */
async function rewrite(
  archive: ByteSource,
  change: (entry: NewTarEntry) => NewTarEntry | undefined,
): Promise<ByteSource> {
  const rewritten = new TarBuilder();
  for (const { kind, typeflag: _, ...entry } of parseTar(await collect(archive))) {
    const changed = kind === "other" ? undefined : change({ ...entry, kind });
    if (changed) rewritten.add(changed);
  }
  return contentSource(rewritten.finish());
}

/** A file as a tar archive, decompressed; undefined when it is none: not even the first header can be read. */
async function openArchive(
  root: RootFs,
  path: string,
  backend: Pick<BuildBackend, "decompress">,
): Promise<ByteSource | undefined> {
  const [file] = parseTar(await collect(root.archive(path)));
  if (!file) return undefined;
  try {
    const opened = await collect(await backend.decompress(contentSource(file.content)));
    const { done } = parseTar(opened).next();
    return done ? undefined : contentSource(opened);
  } catch {
    return undefined;
  }
}

/** mkdir -p; only what is made belongs to `owner`. */
async function makeDirectories(root: RootFs, path: string, owner: Owner): Promise<void> {
  if (path === "/") return;
  const there = await statIn(root, path);
  if (there?.kind === "directory") return;
  if (there) throw new Error(`mkdir ${path}: not a directory`);
  await makeDirectories(root, parentPath(path), owner);
  await root.mkdir(path, { mode: 0o755, ...owner });
}
