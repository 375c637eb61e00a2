import { invalidParameter, systemError } from "../../errors/errors.ts";
import { Errno, type Inode } from "../../files/filesystem.ts";
import { MemoryRootFs } from "../../files/memory-rootfs.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { Trace } from "../../steps/trace.ts";
import type { VolumeDriver } from "../../volumes/driver.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { bindAt, mountAt } from "../kernel/mounting.ts";
import type { Mount } from "../kernel/mounts.ts";
import { resolve, resolveEntry } from "../kernel/paths.ts";
import { ensure } from "./container-mounts.ts";
import { goText } from "./process-setup.ts";
import { removeBelow } from "./remove-tree.ts";

const knownOptions = ["type", "o", "device", "size"];

/** Volumes as directories of the simulated host: /var/lib/docker/volumes/NAME/_data. */
export class SimulatedVolumeDriver implements VolumeDriver {
  readonly name = "local";
  readonly #kernel: Kernel;
  readonly #root: string;
  readonly #mounts = new Map<string, Mount>();

  /** `root`: "/var/lib/docker/volumes". */
  constructor(kernel: Kernel, root: string) {
    this.#kernel = kernel;
    this.#root = root;
  }

  async create(
    volumeName: string,
    options: Record<string, string>,
    trace?: Trace,
  ): Promise<{ mountpoint: string }> {
    for (const key of Object.keys(options)) {
      if (!knownOptions.includes(key)) throw invalidParameter(`invalid option: ${JSON.stringify(key)}`);
    }
    if (options["size"] !== undefined) throw systemError("quota size requested but no quota support");
    const mountpoint = this.#path(volumeName);
    ensure(this.#kernel.init, mountpoint, "directory");
    trace?.note("storage", "make volume directory", { volume: volumeName, path: mountpoint, options });
    if (options["type"] || options["device"]) this.#mount(volumeName, mountpoint, options, trace);
    return { mountpoint };
  }

  async remove(volumeName: string, trace?: Trace): Promise<void> {
    this.#mounts.get(volumeName)?.detach();
    this.#mounts.delete(volumeName);
    const path = `${this.#root}/${volumeName}`;
    try {
      removeBelow(resolveEntry(this.#kernel.init, path));
    } catch (error) {
      if (!(error instanceof Errno && error.code === "ENOENT")) throw error;
    }
    trace?.note("storage", "remove volume directory", { volume: volumeName, path });
  }

  async open(volumeName: string): Promise<RootFs> {
    return new MemoryRootFs(resolve(this.#kernel.init, this.#path(volumeName)).inode);
  }

  async usage(volumeName: string): Promise<number> {
    return sizeOf(resolve(this.#kernel.init, this.#path(volumeName)).inode, new Set());
  }

  #path(volumeName: string): string {
    return `${this.#root}/${volumeName}/_data`;
  }

  /** -o type=tmpfs, or -o type=none -o o=bind -o device=/path. */
  #mount(volumeName: string, mountpoint: string, options: Record<string, string>, trace?: Trace): void {
    const { type = "", device = "", o = "" } = options;
    const words = o.split(",").filter(Boolean);
    const recursive = words.includes("rbind");
    const { init } = this.#kernel;
    const target = resolve(init, mountpoint);
    try {
      const mount =
        recursive || words.includes("bind")
          ? bindAt(this.#kernel, resolve(init, device), target, recursive)
          : mountAt(this.#kernel, init, { source: device || type, target, type, options: words })!;
      this.#mounts.set(volumeName, mount);
    } catch (error) {
      throw systemError(
        `failed to mount local volume: mount ${device}:${mountpoint}${o ? `, data: ${o}` : ""}: ${goText(error)}`,
      );
    }
    trace?.note("kernel", "mount volume", { type, source: device, target: mountpoint, options: words });
  }
}

/** Bytes of the files below, each counted once. */
function sizeOf(inode: Inode, seen: Set<number>): number {
  if (inode.kind !== "directory") {
    const { ino, size } = inode.attributes();
    if (seen.has(ino)) return 0;
    seen.add(ino);
    return inode.kind === "file" || inode.kind === "symlink" ? size : 0;
  }
  let bytes = 0;
  for (const [, child] of inode.entries()) bytes += sizeOf(child, seen);
  return bytes;
}
