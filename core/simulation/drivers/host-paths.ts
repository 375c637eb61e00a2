import type { HostPaths } from "../../volumes/driver.ts";
import { Errno } from "../../files/filesystem.ts";
import { resolve } from "../kernel/paths.ts";
import type { Kernel } from "../kernel/kernel.ts";
export class SimulatedHostPaths implements HostPaths {
  readonly #kernel: Kernel;
  constructor(kernel: Kernel) { this.#kernel = kernel; }
  async stat(path: string) {
    try {
      const kind = resolve(this.#kernel.init, path).inode.kind;
      return { kind: kind === "file" || kind === "directory" ? kind : ("other" as const) };
    } catch (e) { if (e instanceof Errno && (e.code === "ENOENT" || e.code === "ENOTDIR")) return undefined; throw e; }
  }
  async mkdir(path: string) {
    let at = "";
    for (const name of path.split("/").filter(Boolean)) {
      const parent = resolve(this.#kernel.init, at || "/").inode;
      if (!parent.lookup(name)) { try { resolve(this.#kernel.init, at + "/" + name); } catch { parent.create(name, { kind: "directory", mode: 0o755, uid: 0, gid: 0 }); } }
      at += "/" + name;
    }
  }
  async read(path: string) { const i = resolve(this.#kernel.init, path).inode; return i.read(0, i.attributes().size); }
  async write(path: string, bytes: Uint8Array) {
    const at = path.lastIndexOf("/");
    const dir = resolve(this.#kernel.init, path.slice(0, at) || "/").inode; const name = path.slice(at + 1);
    const i = dir.lookup(name) ?? dir.create(name, { kind: "file", mode: 0o644, uid: 0, gid: 0 });
    i.truncate(0); i.write(0, bytes);
  }
  async remove(path: string) {
    const at = path.lastIndexOf("/");
    try {
      const dir = resolve(this.#kernel.init, path.slice(0, at) || "/").inode; const name = path.slice(at + 1);
      const rec = (d: any, n: string) => { const i = d.lookup(n); if (!i) return; if (i.kind === "directory") { for (const [c] of [...i.entries()]) rec(i, c); d.rmdir(n); } else d.unlink(n); };
      rec(dir, name);
    } catch (e) { if (!(e instanceof Errno)) throw e; }
  }
}
