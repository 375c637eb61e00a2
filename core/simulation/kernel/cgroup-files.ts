import { Errno } from "../../files/filesystem.ts";
import type { Attributes, FileSystem, Inode, NewInode } from "../../files/filesystem.ts";
import { cgroupInterface } from "./cgroup-interface.ts";
import { Cgroup } from "./cgroups.ts";
import type { Kernel } from "./kernel.ts";
import { TextInode } from "./proc/text-inode.ts";
import { SyntheticInode, syntheticAttributes } from "./synthetic-inode.ts";

/** The cgroup2 file system: a directory for each group, whose files show and change it. */
export class CgroupFileSystem implements FileSystem {
  readonly type = "cgroup2";
  readonly device: number;
  readonly root: Inode;

  constructor(kernel: Kernel, root: Cgroup, device: number) {
    this.device = device;
    this.root = new CgroupDirectory(kernel, root);
  }
}

class CgroupDirectory extends SyntheticInode {
  readonly kind = "directory";
  readonly #kernel: Kernel;
  readonly #cgroup: Cgroup;

  constructor(kernel: Kernel, cgroup: Cgroup) {
    super();
    this.#kernel = kernel;
    this.#cgroup = cgroup;
  }
  attributes(): Attributes {
    return syntheticAttributes(this.#cgroup.ino, 0o755, this.#kernel.time.boot, {
      nlink: 2 + this.#cgroup.children.size,
    });
  }
  override setAttributes(): void {}
  override lookup(name: string): Inode | undefined {
    const child = this.#cgroup.children.get(name);
    return child ? new CgroupDirectory(this.#kernel, child) : this.#file(name);
  }
  override *entries(): Iterable<[string, Inode]> {
    for (const name of Object.keys(cgroupInterface)) {
      const file = this.#file(name);
      if (file) yield [name, file];
    }
    for (const [name, child] of this.#cgroup.children) yield [name, new CgroupDirectory(this.#kernel, child)];
  }
  override create(name: string, inode: NewInode): Inode {
    if (inode.kind !== "directory") throw new Errno("EACCES");
    if (this.lookup(name)) throw new Errno("EEXIST");
    return new CgroupDirectory(this.#kernel, new Cgroup(name, this.#cgroup, this.#kernel.takeIno()));
  }
  override rmdir(name: string): void {
    const child = this.#cgroup.children.get(name);
    if (!child) throw new Errno("ENOENT");
    if (child.processes.size > 0 || child.children.size > 0) throw new Errno("EBUSY");
    this.#cgroup.children.delete(name);
  }
  override unlink(): void {
    throw new Errno("EPERM");
  }

  /** A file of the interface; those of a controller are there only when the parent hands it on, and few in the root. */
  #file(name: string): Inode | undefined {
    const file = cgroupInterface[name];
    const controller = name.split(".")[0]!;
    if (!file) return undefined;
    const { parent } = this.#cgroup;
    if (!parent && !file.inRoot) return undefined;
    if (parent && controller !== "cgroup" && !parent.subtreeControl.has(controller) && name !== "cpu.stat")
      return undefined;
    const { write } = file;
    return new TextInode(
      {
        ino: this.#cgroup.ino * 100 + Object.keys(cgroupInterface).indexOf(name),
        time: this.#kernel.time.boot,
        ...(file.mode ? { mode: file.mode } : {}),
      },
      () => file.read(this.#cgroup, this.#kernel),
      write && ((text) => write(this.#cgroup, text.trim(), this.#kernel)),
    );
  }
}
