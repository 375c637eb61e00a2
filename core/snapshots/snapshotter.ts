import type { Digest, KnownLayer } from "../content/store.ts";
import type { RootFs } from "../files/rootfs.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Trace } from "../steps/trace.ts";
import type { MountSpec } from "../tasks/spec.ts";

/** "A" added, "C" changed, "D" deleted: a line of docker diff. */
export interface Change {
  kind: "A" | "C" | "D";
  /** Absolute within the container's root. */
  path: string;
}

/**
 * Copy-on-write trees. A snapshot is *committed* (read-only, named by its chainId) or *active* (writable, named by
 * its container); each but the lowest lies on a committed parent. After containerd's snapshotter.
 */
export interface Snapshotter {
  /** "overlay2": what docker info calls the storage driver. */
  readonly driver: string;
  has(key: string): boolean;
  parent(key: string): string | undefined;
  /**
   * Makes an active snapshot over committed `parent` (null: over nothing). Between the two lies Docker's init layer (empty
   * /etc/hosts, /.dockerenv and so on, where things get mounted) unless `init` is false, as for a build's own layers.
   */
  prepare(key: string, parent: string | null, trace?: Trace, options?: { init?: boolean }): Promise<void>;
  /** How to mount an active snapshot as a root: an overlay with its lower directories, nearest first. */
  mounts(key: string): MountSpec[];
  /** Docker's GraphDriver.Data of a snapshot: LowerDir, UpperDir, WorkDir, MergedDir. */
  describe(key: string): Record<string, string>;
  /**
   * Unpacks a layer archive (tar; already decompressed) as a committed snapshot over `parent`. Its name is its chainId;
   * where that is known beforehand, `name` says so, and another layer is refused. Taking the same layer again changes nothing.
   */
  apply(
    name: string | null,
    parent: string | null,
    layer: ByteSource | KnownLayer,
    trace?: Trace,
  ): Promise<{ diffId: Digest; chainId: Digest; size: number }>;
  /** Turns what active `key` has changed into committed snapshot over the same parent; `key` itself goes on unchanged. */
  commit(key: string, trace?: Trace): Promise<{ diffId: Digest; chainId: Digest; size: number }>;
  /** The layer archive of a committed snapshot, the same bytes that gave its diffId, every time. */
  archive(name: string): ByteSource;
  /** What active `key` has changed against its parent, in Docker's order. */
  changes(key: string): Promise<Change[]>;
  /** Bytes that a snapshot adds to its parent, as Docker counts a layer's size or a container's SizeRw. */
  usage(key: string): Promise<{ size: number; inodes: number }>;
  /** The merged tree, with further mounts (volumes, binds) in place. */
  open(key: string, mounts?: readonly MountSpec[]): Promise<RootFs>;
  /** ENOENT-like notFound; conflict while another snapshot lies on it. */
  remove(key: string, trace?: Trace): Promise<void>;
  keys(): Iterable<string>;
  /** What is recorded of a committed snapshot; undefined for an active one. */
  layer(name: string): { diffId: Digest; size: number } | undefined;
}
