import { Errno } from "../../files/filesystem.ts";
import type { FileSystem, Inode } from "../../files/filesystem.ts";
import { MemoryFileSystem } from "../../files/memory.ts";
import { OverlayFileSystem } from "../../files/overlay.ts";
import { CgroupFileSystem } from "./cgroup-files.ts";
import { DevptsFileSystem } from "./devpts.ts";
import type { Kernel } from "./kernel.ts";
import { copyMountTree, defaultMountFlags, Mount, type Location, type MountFlags } from "./mounts.ts";
import { resolve } from "./paths.ts";
import type { Process } from "./process.ts";
import { ProcFileSystem } from "./proc/proc.ts";
import { SysFileSystem } from "./proc/sysfs.ts";

export interface MountRequest {
  source: string;
  /** A path, or the place itself. */
  target: string | Location;
  type: string;
  options: readonly string[];
}

/** Words of mount options that are the mount's, not the file system's. */
const flagWords: Record<string, Partial<MountFlags>> = {
  ro: { readonly: true },
  rw: { readonly: false },
  nosuid: { nosuid: true },
  suid: { nosuid: false },
  nodev: { nodev: true },
  dev: { nodev: false },
  noexec: { noexec: true },
  exec: { noexec: false },
};
const propagationWords: Record<string, Mount["propagation"]> = {
  private: "private", rprivate: "private", shared: "shared", rshared: "shared", slave: "slave", rslave: "slave",
  unbindable: "private", runbindable: "private",
}; // prettier-ignore
const otherWords = new Set(
  "bind rbind remount defaults relatime norelatime strictatime noatime nodiratime async sync silent loud".split(
    " ",
  ),
);

/** What mount(2) does for a process (which may: that has been checked): a new file system, a bind mount, a remount. */
export function mountAt(kernel: Kernel, process: Process, request: MountRequest): Mount | undefined {
  const target = typeof request.target === "string" ? resolve(process, request.target) : request.target;
  const words = request.options.flatMap((option) => option.split(","));
  const flags: MountFlags = { ...defaultMountFlags };
  const data: string[] = [];
  let propagation: Mount["propagation"] | undefined;
  for (const word of words) {
    if (word in flagWords) Object.assign(flags, flagWords[word]);
    else if (word in propagationWords) propagation = propagationWords[word];
    else if (word !== "" && !otherWords.has(word)) data.push(word);
  }
  if (words.includes("remount")) {
    if (target.path !== "/") throw new Errno("EINVAL");
    target.mount.flags = { ...target.mount.flags, ...flags };
    return target.mount;
  }
  if (words.includes("bind") || words.includes("rbind")) {
    const mount = bind(kernel, process, request.source, target, words.includes("rbind"), flags);
    if (propagation) mount.propagation = propagation;
    return mount;
  }
  if (propagation && request.type === "" && data.length === 0) {
    target.mount.propagation = propagation;
    return target.mount;
  }
  if (target.inode.kind !== "directory") throw new Errno("ENOTDIR");
  const fileSystem = makeFileSystem(kernel, process, request.type, request.source, data);
  const mount = new Mount(kernel.takeMountId(), fileSystem, {
    flags,
    source: request.source || request.type,
    options: data.join(","),
  });
  if (propagation) mount.propagation = propagation;
  target.mount.attach(mount, target.path);
  kernel.observe({
    kind: "mount",
    pid: process.pid,
    type: fileSystem.type,
    source: request.source,
    target: mount.path(),
  });
  return mount;
}

function bind(
  kernel: Kernel,
  process: Process,
  source: string,
  target: Location,
  recursive: boolean,
  flags: MountFlags,
): Mount {
  const from = resolve(process, source);
  if ((from.inode.kind === "directory") !== (target.inode.kind === "directory")) throw new Errno("ENOTDIR");
  return bindAt(kernel, from, target, recursive, flags);
}

/** A bind mount of what is at `from`. */
export function bindAt(
  kernel: Kernel,
  from: Location,
  target: Location,
  recursive: boolean,
  flags: Partial<MountFlags> = {},
): Mount {
  const base = from.mount.rootPath === "/" ? "" : from.mount.rootPath;
  const mount = new Mount(kernel.takeMountId(), from.mount.fileSystem, {
    root: from.inode,
    rootPath: from.path === "/" ? from.mount.rootPath : base + from.path,
    flags: { ...from.mount.flags, ...flags },
    source: from.mount.source,
    options: from.mount.options,
  });
  if (recursive) {
    const prefix = from.path === "/" ? "/" : `${from.path}/`;
    for (const [point, child] of from.mount.children) {
      if (!point.startsWith(prefix)) continue;
      mount.attach(copyMountTree(child, kernel.takeMountId), `/${point.slice(prefix.length)}`);
    }
  }
  target.mount.attach(mount, target.path);
  return mount;
}

/** umount(2). EBUSY while other mounts lie on it, unless `lazy`. */
export function unmount(mount: Mount, lazy: boolean): void {
  if (mount.children.size > 0 && !lazy) throw new Errno("EBUSY");
  mount.detach();
}

/** Makes the file system that mount(2) is asked for; ENODEV for a type that there is not. */
function makeFileSystem(
  kernel: Kernel,
  process: Process,
  type: string,
  source: string,
  data: readonly string[],
): FileSystem {
  const device = kernel.takeDevice();
  const option = (name: string) => data.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  switch (type) {
    case "tmpfs":
    case "mqueue":
    case "devtmpfs": {
      const { mode, uid, gid, size } = {
        mode: option("mode"),
        uid: option("uid"),
        gid: option("gid"),
        size: option("size"),
      };
      return new MemoryFileSystem({
        now: () => kernel.time.realtime(),
        type: type === "mqueue" ? "mqueue" : "tmpfs",
        device,
        mode: mode === undefined ? 0o1777 : parseInt(mode, 8),
        uid: Number(uid ?? 0),
        gid: Number(gid ?? 0),
        capacity: size === undefined ? kernel.memory / 2 : parseSize(size, kernel.memory),
      });
    }
    case "proc":
      return new ProcFileSystem(kernel, process.namespaces.pid, device);
    case "sysfs":
      return new SysFileSystem(kernel, process.namespaces.net, device);
    case "cgroup2":
    case "cgroup":
      return new CgroupFileSystem(kernel, process.namespaces.cgroup.root, device);
    case "devpts":
      return new DevptsFileSystem(device, kernel.terminalSignals, () => kernel.time.realtime());
    case "overlay":
      return makeOverlay(process, data, device);
    default: {
      const made = kernel.fileSystemTypes.get(type)?.(source, data, device);
      if (!made) throw new Errno("ENODEV");
      return made;
    }
  }
}

function makeOverlay(process: Process, data: readonly string[], device: number): FileSystem {
  const option = (name: string) => data.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const lowerdir = option("lowerdir");
  if (lowerdir === undefined) throw new Errno("EINVAL");
  const directory = (path: string): Inode => {
    const { inode } = resolve(process, path);
    if (inode.kind !== "directory") throw new Errno("ENOTDIR");
    return inode;
  };
  const upper = option("upperdir");
  if (upper !== undefined && option("workdir") === undefined) throw new Errno("EINVAL");
  if (option("workdir") !== undefined) directory(option("workdir")!);
  return new OverlayFileSystem({
    lowers: lowerdir.split(":").map(directory),
    upper: upper === undefined ? null : directory(upper),
    device,
  });
}

/** "64m", "65536k", "50%": bytes. EINVAL. */
function parseSize(size: string, memory: number): number {
  const match = /^(\d+)([kmgKMG%]?)$/.exec(size);
  if (!match) throw new Errno("EINVAL");
  const number = Number(match[1]);
  if (match[2] === "%") return (memory * number) / 100;
  const shift = { "": 1, k: 1024, m: 1 << 20, g: 1 << 30 }[match[2]!.toLowerCase() as "" | "k" | "m" | "g"];
  return number * shift || Infinity;
}
