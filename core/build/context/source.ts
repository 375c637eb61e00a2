import { collect, contentSource } from "../../archive/collect.ts";
import type { TarEntry } from "../../archive/entry.ts";
import { parseTar } from "../../archive/read.ts";
import { contentPieces } from "../../files/content.ts";
import type { InodeKind } from "../../files/filesystem.ts";
import type { RootFs } from "../../files/rootfs.ts";
import { type ByteSource, utf8 } from "../../platform/bytes.ts";
import type { Sha256 } from "../../platform/digests.ts";
import type { BuildBackend } from "../backend.ts";
import { cleanPath } from "../../files/clean-path.ts";
import { followInScope, lstatIn } from "./scope.ts";

/** Files that COPY and ADD take from: a context, another stage, an image, a download. */
export interface BuildSource {
  root: RootFs;
  /** The sum of a path's attributes (but for its time) and content; symbolic links are followed. */
  hash(path: string): Promise<string>;
}

/** A context that came as an archive; sums are those of the archive's own headers. */
export async function contextSource(archive: ByteSource, backend: BuildBackend): Promise<BuildSource> {
  const root = await backend.scratch();
  const sums = new Map<string, string>();
  try {
    const whole = await collect(await backend.decompress(archive));
    for (const entry of parseTar(whole)) {
      const path = cleanPath(`/${entry.name}`).slice(1);
      if (!sums.has(path)) sums.set(path, entrySum(backend.sha256(), entry));
    }
    await root.extract("/", contentSource(whole));
  } catch (error) {
    await root.close();
    throw error;
  }
  return {
    root,
    // What no header speaks of (a directory that only its files imply) goes by its name.
    hash: async (path) => sums.get((await followInScope(root, path)).slice(1)) ?? path,
  };
}

/** Files that are there already; sums are made as archiving them would. */
export function treeSource(root: RootFs, backend: Pick<BuildBackend, "sha256">): BuildSource {
  return {
    root,
    async hash(path) {
      const resolved = (await followInScope(root, path)).slice(1);
      const stat = await lstatIn(root, `/${resolved}`);
      if (!stat) return resolved;
      const sum = headerSum(backend.sha256(), {
        name: stat.kind === "directory" ? `${resolved}/` : resolved,
        kind: stat.kind,
        mode: stat.mode,
        uid: stat.uid,
        gid: stat.gid,
        size: stat.kind === "file" ? stat.size : 0,
        linkname: stat.linkTarget,
      });
      if (stat.kind === "file" && stat.size > 0) sum.update(await root.read(`/${resolved}`));
      return sum.hex();
    },
  };
}

function entrySum(sha256: Sha256, entry: TarEntry): string {
  const kind = entry.kind === "hardlink" || entry.kind === "other" ? "file" : entry.kind;
  const sum = headerSum(
    sha256,
    { ...entry, kind, size: entry.kind === "file" ? entry.content.size : 0 },
    String.fromCharCode(entry.typeflag),
  );
  for (const [name, value] of Object.entries(entry.xattrs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)))
    sum.update(utf8(name)).update(value);
  for (const piece of contentPieces(entry.content)) sum.update(piece);
  return sum.hex();
}

const TYPEFLAGS: Record<InodeKind, string> = {
  file: "0",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
  socket: "0",
};

/** Docker's "tarsum": the fields of a header one after the other, the time left out. */
function headerSum(
  sum: Sha256,
  header: {
    name: string;
    kind: InodeKind;
    mode: number;
    uid: number;
    gid: number;
    size: number;
    linkname: string;
    devmajor?: number;
    devminor?: number;
  },
  flag = TYPEFLAGS[header.kind],
): Sha256 {
  const fields = [
    `name${header.name}`,
    `mode${header.mode}`,
    `uid${header.uid}`,
    `gid${header.gid}`,
    `size${header.size}`,
    `typeflag${flag}`,
    `linkname${header.linkname}`,
    // Docker blanks the names, to be the same whatever the machine calls its users.
    "uname",
    "gname",
    `devmajor${header.devmajor ?? 0}`,
    `devminor${header.devminor ?? 0}`,
  ];
  return sum.update(utf8(fields.join("")));
}
