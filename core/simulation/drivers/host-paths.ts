import { Errno } from "../../files/filesystem.ts";
import type { HostPaths } from "../../volumes/driver.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { mayWriteTo, resolve, resolveEntry } from "../kernel/paths.ts";
import { ensure } from "./container-mounts.ts";
import { removeBelow } from "./remove-tree.ts";

/** The simulated host's files, as the daemon (root, in the host's own tree) reaches them. */
export class SimulatedHostPaths implements HostPaths {
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  async stat(path: string): Promise<{ kind: "file" | "directory" | "other" } | undefined> {
    try {
      const { kind } = resolve(this.#kernel.init, path).inode;
      return { kind: kind === "file" || kind === "directory" ? kind : "other" };
    } catch (error) {
      if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
      throw error;
    }
  }

  async mkdir(path: string): Promise<void> {
    if (ensure(this.#kernel.init, path, "directory").inode.kind !== "directory") throw new Errno("ENOTDIR");
  }

  async read(path: string): Promise<Uint8Array> {
    const { inode } = resolve(this.#kernel.init, path);
    return inode.read(0, inode.attributes().size);
  }

  async write(path: string, bytes: Uint8Array): Promise<void> {
    ensure(this.#kernel.init, path.slice(0, path.lastIndexOf("/")) || "/", "directory");
    const location = ensure(this.#kernel.init, path, "file");
    mayWriteTo(location);
    location.inode.truncate(0);
    location.inode.write(0, bytes);
  }

  /** A file, or a directory with all below; nothing there is no error. */
  async remove(path: string): Promise<void> {
    try {
      removeBelow(resolveEntry(this.#kernel.init, path));
    } catch (error) {
      if (!(error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR"))) throw error;
    }
  }
}
