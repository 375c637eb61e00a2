import { collect, contentSource } from "../archive/collect.ts";
import { packTree } from "../archive/pack.ts";
import { parseTar } from "../archive/read.ts";
import { unpack } from "../archive/unpack.ts";
import type { Digest, KnownLayer } from "../content/store.ts";
import { conflict, invalidParameter, notFound } from "../errors/errors.ts";
import { contentPieces } from "../files/content.ts";
import type { FileContent, Inode, InodeKind } from "../files/filesystem.ts";
import { MemoryRootFs } from "../files/memory-rootfs.ts";
import { OverlayFileSystem } from "../files/overlay.ts";
import { Tree } from "../files/tree.ts";
import { chainId as chainIdOf } from "../oci/digest.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Codecs } from "../platform/digests.ts";
import type { MetadataStore } from "../platform/metadata.ts";
import type { Random } from "../platform/random.ts";
import type { Trace } from "../steps/trace.ts";
import type { MountSpec } from "../tasks/spec.ts";
import { treeChanges } from "./changes.ts";
import { makeInitLayer } from "./init-layer.ts";
import { LayerArchives } from "./layer-archives.ts";
import { Overlay2Directory } from "./overlay2-directory.ts";
import type { Change, Snapshotter } from "./snapshotter.ts";
import { directoryUsage } from "./usage.ts";

const table = "snapshots";

/** Docker's own limit, so that the mount options of overlay fit into a page. */
const DEPTH_LIMIT = 125;

/** What is kept of a snapshot. */
interface Record {
  /** Its directory's name below overlay2. */
  cacheId: string;
  parent: string | null;
  /** Of a committed one. */
  layer?: { diffId: Digest; size: number };
  /** Of an active one: it lies on an init layer of its own. */
  init?: boolean;
}

export interface MemorySnapshotterOptions {
  /** The host's root directory, and where in it Docker keeps its data: "/var/lib/docker". */
  host: Inode;
  dataRoot: string;
  codecs: Codecs;
  random: Random;
  metadata: MetadataStore;
  /** What a path of the host leads to through the host's own mounts, for binds; `host` alone when not said. */
  bindSource?: (path: string) => Inode;
}

/** Docker's overlay2 driver over a disk in memory: every snapshot is a directory that a learner can look into. */
export class MemorySnapshotter implements Snapshotter {
  readonly driver = "overlay2";
  readonly #host: Tree;
  readonly #bindSource: (path: string) => Inode;
  readonly #directories: Overlay2Directory;
  readonly #archives: LayerArchives;
  readonly #codecs: Codecs;
  readonly #metadata: MetadataStore;
  readonly #records = new Map<string, Record>();
  /** How many snapshots lie on each. */
  readonly #children = new Map<string, number>();

  constructor({ host, dataRoot, codecs, random, metadata, bindSource }: MemorySnapshotterOptions) {
    this.#host = new Tree(host);
    this.#bindSource = bindSource ?? ((path) => this.#host.inode(path));
    this.#host.mkdir(dataRoot, { mode: 0o710, uid: 0, gid: 0 });
    this.#directories = new Overlay2Directory(this.#host, `${dataRoot}/overlay2`, random);
    this.#archives = new LayerArchives(this.#host, `${dataRoot}/image/overlay2/layerdb/sha256`);
    this.#codecs = codecs;
    this.#metadata = metadata;
    for (const [key, value] of metadata.load(table)) this.#remember(key, value as Record);
  }

  has(key: string): boolean {
    return this.#records.has(key);
  }

  keys(): Iterable<string> {
    return this.#records.keys();
  }

  parent(key: string): string | undefined {
    return this.#record(key).parent ?? undefined;
  }

  layer(name: string): { diffId: Digest; size: number } | undefined {
    return this.#record(name).layer;
  }

  async prepare(
    key: string,
    parent: string | null,
    trace?: Trace,
    options: { init?: boolean } = {},
  ): Promise<void> {
    if (this.#records.has(key)) throw conflict(`snapshot ${key} exists already`, { snapshot: key });
    const below = this.#committed(parent)?.cacheId;
    this.#checkDepth(parent);
    const cacheId = this.#directories.newId();
    const init = options.init ?? true;
    if (init) {
      const diff = this.#directories.create(`${cacheId}-init`, below);
      makeInitLayer(this.#overlay(`${cacheId}-init`, diff).root);
    }
    this.#directories.create(cacheId, init ? `${cacheId}-init` : below);
    this.#save(key, { cacheId, parent, ...(init ? { init } : {}) });
    trace?.note("storage", "make writable layer", { key, parent, directory: this.#path(cacheId) });
  }

  mounts(key: string): MountSpec[] {
    const { cacheId } = this.#active(key);
    return [
      {
        destination: "/",
        type: "overlay",
        source: "overlay",
        options: this.#directories.mountOptions(cacheId),
      },
    ];
  }

  describe(key: string): { [name: string]: string } {
    const { cacheId, layer } = this.#record(key);
    const lowers = this.#directories.lowerPaths(cacheId);
    return {
      ...(layer ? {} : { ID: key }),
      ...(lowers.length > 0 ? { LowerDir: lowers.join(":") } : {}),
      MergedDir: `${this.#path(cacheId)}/merged`,
      UpperDir: `${this.#path(cacheId)}/diff`,
      WorkDir: `${this.#path(cacheId)}/work`,
    };
  }

  async apply(
    name: string | null,
    parent: string | null,
    layer: ByteSource | KnownLayer,
    trace?: Trace,
  ): Promise<{ diffId: Digest; chainId: Digest; size: number }> {
    this.#committed(parent);
    this.#checkDepth(parent);
    const { archive, diffId } = "archive" in layer ? layer : await this.#receive(layer);
    const chainId = chainIdOf(this.#codecs, parent, diffId);
    if (name !== null && name !== chainId) {
      throw invalidParameter(`layers from manifest don't match image configuration`, {
        expected: name,
        found: chainId,
      });
    }
    const size = this.#keep(chainId, parent, diffId, archive, (diff) =>
      unpack(new Tree(diff), "/", parseTar(archive), { whiteouts: "overlay" }),
    );
    trace?.note("storage", "unpack layer", {
      diffId,
      chainId,
      parent,
      size,
      directory: this.#path(this.#record(chainId).cacheId),
    });
    return { diffId, chainId, size };
  }

  async #receive(source: ByteSource): Promise<KnownLayer> {
    const hash = this.#codecs.sha256();
    const archive = await collect(source, hash);
    return { archive, diffId: `sha256:${hash.hex()}` };
  }

  async commit(key: string, trace?: Trace): Promise<{ diffId: Digest; chainId: Digest; size: number }> {
    const { cacheId, parent } = this.#active(key);
    const archive = packTree(new Tree(this.#directories.diff(cacheId)), "/", { name: "", whiteouts: true });
    const hash = this.#codecs.sha256();
    for (const piece of contentPieces(archive)) hash.update(piece);
    const diffId = `sha256:${hash.hex()}`;
    const chainId = chainIdOf(this.#codecs, parent, diffId);
    this.#checkDepth(parent);
    const size = this.#keep(chainId, parent, diffId, archive, (diff) =>
      unpack(new Tree(diff), "/", parseTar(archive), { whiteouts: "overlay" }),
    );
    trace?.note("storage", "commit layer", { key, diffId, chainId, parent, size });
    return { diffId, chainId, size };
  }

  /** Makes a committed snapshot, whole or not at all; the one that is there already when it is the same. */
  #keep(
    chainId: Digest,
    parent: string | null,
    diffId: Digest,
    archive: FileContent,
    fill: (diff: Inode) => void,
  ): number {
    const existing = this.#records.get(chainId)?.layer;
    if (existing) return existing.size;
    const cacheId = this.#directories.newId();
    const diff = this.#directories.create(cacheId, this.#committed(parent)?.cacheId);
    try {
      fill(diff);
    } catch (error) {
      this.#directories.remove(cacheId);
      throw error;
    }
    const { size } = directoryUsage(diff);
    this.#archives.keep(chainId, archive, {
      "cache-id": cacheId,
      diff: diffId,
      parent: parent ?? "",
      size: String(size),
    });
    this.#save(chainId, { cacheId, parent, layer: { diffId, size } });
    return size;
  }

  archive(name: string): ByteSource {
    const record = this.#record(name);
    if (!record.layer) throw invalidParameter(`snapshot ${name} is not committed`);
    return contentSource(this.#archives.get(name));
  }

  async changes(key: string): Promise<Change[]> {
    const { cacheId, init, parent } = this.#active(key);
    const upper = this.#directories.diff(cacheId);
    const lowers = this.#directories.lowers(cacheId);
    if (!init && parent === null) return treeChanges(upper, undefined, upper);
    const before = new OverlayFileSystem({ lowers, upper: null }).root;
    return treeChanges(this.#overlay(cacheId, upper).root, before, upper);
  }

  async usage(key: string): Promise<{ size: number; inodes: number }> {
    const { cacheId } = this.#record(key);
    return directoryUsage(this.#directories.diff(cacheId));
  }

  async open(key: string, mounts: readonly MountSpec[] = []): Promise<MemoryRootFs> {
    const record = this.#record(key);
    const diff = this.#directories.diff(record.cacheId);
    const { root } = record.layer
      ? new OverlayFileSystem({ lowers: [diff, ...this.#directories.lowers(record.cacheId)], upper: null })
      : this.#overlay(record.cacheId, diff);
    const tree = new Tree(root);
    const mounted = new Map<string, Inode>();
    for (const { destination, type, source } of mounts) {
      if (type !== "bind" && !source.startsWith("/")) continue;
      const inode = this.#bindSource(source);
      if (!record.layer) makeMountPoint(tree, destination, inode.kind);
      mounted.set(tree.locate(destination).path, inode);
    }
    return new MemoryRootFs(root, mounted);
  }

  async remove(key: string, trace?: Trace): Promise<void> {
    const { cacheId, parent, layer, init } = this.#record(key);
    if (this.#children.has(key))
      throw conflict(`snapshot ${key} is in use by another one`, { snapshot: key });
    this.#directories.remove(cacheId);
    if (init) this.#directories.remove(`${cacheId}-init`);
    if (layer) this.#archives.remove(key);
    this.#records.delete(key);
    if (parent !== null) {
      const left = this.#children.get(parent)! - 1;
      if (left > 0) this.#children.set(parent, left);
      else this.#children.delete(parent);
    }
    this.#metadata.transaction([{ table, key, value: undefined }]);
    trace?.note("storage", "remove layer", { key, directory: this.#path(cacheId) });
  }

  #overlay(cacheId: string, upper: Inode): OverlayFileSystem {
    return new OverlayFileSystem({ lowers: this.#directories.lowers(cacheId), upper });
  }

  #path(cacheId: string): string {
    return `${this.#directories.path}/${cacheId}`;
  }

  #record(key: string): Record {
    const record = this.#records.get(key);
    if (!record) throw notFound(`snapshot ${key} does not exist`, { snapshot: key });
    return record;
  }

  #active(key: string): Record {
    const record = this.#record(key);
    if (record.layer) throw invalidParameter(`snapshot ${key} is committed`, { snapshot: key });
    return record;
  }

  #committed(name: string | null): Record | undefined {
    if (name === null) return undefined;
    const record = this.#record(name);
    if (!record.layer) throw invalidParameter(`snapshot ${name} is not committed`, { snapshot: name });
    return record;
  }

  #checkDepth(parent: string | null): void {
    let depth = 1;
    for (let below = parent; below !== null; below = this.#record(below).parent) depth++;
    if (depth > DEPTH_LIMIT) throw invalidParameter("max depth exceeded");
  }

  #save(key: string, record: Record): void {
    this.#remember(key, record);
    this.#metadata.transaction([{ table, key, value: record }]);
  }

  #remember(key: string, record: Record): void {
    this.#records.set(key, record);
    if (record.parent !== null)
      this.#children.set(record.parent, (this.#children.get(record.parent) ?? 0) + 1);
  }
}

/** Docker makes what something is to be mounted on when it is missing: a directory, or an empty file for a file. */
function makeMountPoint(tree: Tree, path: string, kind: InodeKind): void {
  const owner = { mode: 0o755, uid: 0, gid: 0 };
  if (kind === "directory") {
    tree.mkdir(path, owner);
    return;
  }
  tree.mkdir(path.slice(0, path.lastIndexOf("/")), owner);
  const place = tree.locate(path);
  if (!place.inode) place.parent.create(place.name, { kind: "file", ...owner });
}
