import type { VolumeDriver } from "../../volumes/driver.ts";
import { MemoryRootFs } from "../../files/memory-rootfs.ts";
import { resolve } from "../kernel/paths.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { SimulatedHostPaths } from "./host-paths.ts";
export class SimulatedVolumeDriver implements VolumeDriver {
  readonly name = "local";
  readonly #kernel: Kernel; readonly #root: string; readonly #paths: SimulatedHostPaths;
  constructor(kernel: Kernel, root: string) { this.#kernel = kernel; this.#root = root; this.#paths = new SimulatedHostPaths(kernel); }
  async create(name: string) { const mountpoint = `${this.#root}/${name}/_data`; await this.#paths.mkdir(mountpoint); return { mountpoint }; }
  async remove(name: string) { await this.#paths.remove(`${this.#root}/${name}`); }
  async open(name: string) { return new MemoryRootFs(resolve(this.#kernel.init, `${this.#root}/${name}/_data`).inode as any, [] as any); }
  async usage(name: string) { let n = 0; const rec = (i: any) => { if (i.kind === "directory") for (const [, c] of i.entries()) rec(c); else n += i.attributes().size; }; rec(resolve(this.#kernel.init, `${this.#root}/${name}/_data`).inode); return n; }
}
