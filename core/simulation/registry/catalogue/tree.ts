import { TarBuilder } from "../../../archive/write.ts";
import { bytesContent } from "../../../files/content.ts";
import type { FileContent } from "../../../files/filesystem.ts";
import { utf8 } from "../../../platform/bytes.ts";
import { syntheticElf } from "../../kernel/elf.ts";
import { bulk } from "./content.ts";

/** The files of a layer by absolute path; directories above them are implied. */
export type LayerTree = Record<string, LayerFile>;

export type LayerFile = FileText | SymbolicLink | HardLink | ProgramFile | BulkFile | Directory | Whiteout;

interface Owned {
  mode?: number;
  uid?: number;
  gid?: number;
}

export interface FileText extends Owned {
  text: string;
}

export interface SymbolicLink {
  link: string;
}

/** Another name of a file of the same layer, whose own name comes first in byte order. */
export interface HardLink {
  same: string;
}

/** An executable that the simulated kernel knows by this name. */
export interface ProgramFile extends Owned {
  program: string;
  version?: string;
  size?: number;
}

/** A file of which only the size matters. */
export interface BulkFile extends Owned {
  size: number;
}

export interface Directory extends Owned {
  directory: true;
}

/** A file of a lower layer that this one takes away. */
export interface Whiteout {
  removed: true;
}

/**
 * The tar archive of a layer, byte for byte as committing these files gives it: entries in byte order, directories before
 * what is in them. `time` in nanoseconds.
 */
export function layerArchive(tree: LayerTree, time: bigint): FileContent {
  const archive = new TarBuilder();
  const root = directories(tree);
  const add = (directory: DirectoryNode, prefix: string) => {
    for (const [name, node] of [...directory.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const path = prefix + name;
      const { file } = node;
      const owner = {
        uid: 0,
        gid: 0,
        ...(file && ("uid" in file || "gid" in file) ? owners(file as Owned) : {}),
      };
      const entry = { name: path, mtime: time, ...owner };
      if (!file || "directory" in file) {
        archive.add({ ...entry, kind: "directory", mode: file?.mode ?? 0o755 });
        add(node, `${path}/`);
      } else if ("link" in file) {
        archive.add({ ...entry, kind: "symlink", mode: 0o777, linkname: file.link });
      } else if ("same" in file) {
        const first = tree[file.same] as ProgramFile;
        archive.add({ ...entry, kind: "hardlink", mode: first.mode ?? 0o755, linkname: file.same.slice(1) });
      } else if ("removed" in file) {
        archive.add({ ...entry, name: `${prefix}.wh.${name}`, kind: "file", mode: 0o600 });
      } else {
        const mode = file.mode ?? ("program" in file ? 0o755 : 0o644);
        archive.add({ ...entry, kind: "file", mode, content: contentOf(`/${path}`, file) });
      }
    }
  };
  add(root, "");
  return archive.finish();
}

/** Bytes of a layer's files, as docker history counts them. */
export function treeSize(tree: LayerTree): number {
  return Object.entries(tree).reduce((sum, [path, file]) => sum + sizeOf(path, file), 0);
}

/** `tree` with a file at `path` that makes the whole `size` bytes. */
export function filledTo(size: number, path: string, tree: LayerTree): LayerTree {
  const rest = size - treeSize(tree);
  if (rest <= 0) throw new RangeError(`${path}: the files are ${-rest} bytes too large already`);
  return { ...tree, [path]: { size: rest } };
}

interface DirectoryNode {
  file: LayerFile | undefined;
  entries: Map<string, DirectoryNode>;
}

function directories(tree: LayerTree): DirectoryNode {
  const root: DirectoryNode = { file: undefined, entries: new Map() };
  for (const [path, file] of Object.entries(tree)) {
    let at = root;
    for (const name of path.split("/").slice(1)) {
      let next = at.entries.get(name);
      if (!next) at.entries.set(name, (next = { file: undefined, entries: new Map() }));
      at = next;
    }
    at.file = file;
  }
  return root;
}

const owners = ({ uid = 0, gid = 0 }: Owned) => ({ uid, gid });

function contentOf(path: string, file: FileText | ProgramFile | BulkFile): FileContent {
  if ("text" in file) return bytesContent(utf8(file.text));
  if ("program" in file)
    return syntheticElf(file.program, {
      ...(file.version === undefined ? {} : { version: file.version }),
      ...(file.size === undefined ? {} : { size: file.size }),
    });
  return bulk(path, file.size);
}

function sizeOf(path: string, file: LayerFile): number {
  return "text" in file || "program" in file || "size" in file ? contentOf(path, file).size : 0;
}
