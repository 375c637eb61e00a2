import { Errno } from "../../../files/filesystem.ts";
import type { NamespaceKind } from "../calls.ts";
import type { Kernel } from "../kernel.ts";
import { copyMountTree, MountNamespace, type Location, type Mount } from "../mounts.ts";
import { CgroupNamespace, Namespace, PidNamespace, UtsNamespace, type NamespaceSet } from "../namespaces.ts";
import { NamespaceInode } from "../proc/namespace-link.ts";
import type { Process } from "../process.ts";
import type { Handlers } from "./handler.ts";

/** The namespaces of `process` with new ones of `kinds`; unshare(2) and clone(2). EPERM without CAP_SYS_ADMIN (unless a new user namespace comes along). */
export function newNamespaces(
  kernel: Kernel,
  process: Process,
  kinds: readonly NamespaceKind[],
): NamespaceSet {
  if (!process.has("CAP_SYS_ADMIN") && !kinds.includes("user")) throw new Errno("EPERM");
  const old = process.namespaces;
  const made: { -readonly [K in keyof NamespaceSet]: NamespaceSet[K] } = { ...old };
  for (const kind of kinds) {
    const ino = kernel.takeNamespaceNumber();
    if (kind === "mnt") made.mnt = copyMountNamespace(kernel, old.mnt, ino);
    else if (kind === "pid") made.pidForChildren = new PidNamespace(ino, old.pidForChildren);
    else if (kind === "net") made.net = kernel.newNetNamespace(ino);
    else if (kind === "uts") made.uts = new UtsNamespace(ino, old.uts.hostname, old.uts.domainname);
    else if (kind === "cgroup") made.cgroup = new CgroupNamespace(ino, process.cgroup);
    else made[kind] = new Namespace(kind, ino);
  }
  return made;
}

/** Every mount again, for a new mount namespace. */
export function copyMountNamespace(kernel: Kernel, old: MountNamespace, ino: number): MountNamespace {
  return new MountNamespace(ino, copyMountTree(old.root, kernel.takeMountId));
}

/** Gives a process a new set; in a new mount namespace its root and directory are found again. */
export function applyUnshare(process: Process, before: NamespaceSet): void {
  if (process.namespaces.mnt === before.mnt) return;
  process.root = relocate(process.root, process.namespaces.mnt);
  process.cwd = relocate(process.cwd, process.namespaces.mnt);
}

/** The same place in another mount namespace. */
function relocate(location: Location, namespace: MountNamespace): Location {
  const mounts = new Map<string, Mount>();
  for (const mount of namespace.mounts()) mounts.set(`${mount.path()} ${mount.fileSystem.device}`, mount);
  const move = (at: Location): Location => {
    const mount = mounts.get(`${at.mount.path()} ${at.mount.fileSystem.device}`);
    if (!mount) return namespace.rootLocation();
    return { ...at, mount, parent: at.parent && move(at.parent) };
  };
  return move(location);
}

export const namespaceCalls: Pick<Handlers, "unshare" | "setns"> = {
  unshare(kernel, { process }, kinds) {
    const before = process.namespaces;
    process.namespaces = newNamespaces(kernel, process, kinds);
    applyUnshare(process, before);
  },
  setns(_kernel, { process }, fd, kind) {
    const { inode } = process.descriptors.get(fd);
    if (!(inode instanceof NamespaceInode) || (kind && kind !== inode.namespace.kind))
      throw new Errno("EINVAL");
    if (!process.has("CAP_SYS_ADMIN")) throw new Errno("EPERM");
    joinNamespace(process, inode.namespace);
  },
};

/** setns(2): the process enters `namespace` (its children do, where that is of process numbers). */
export function joinNamespace(process: Process, namespace: Namespace): void {
  const field = namespace.kind === "pid" ? "pidForChildren" : namespace.kind;
  process.namespaces = { ...process.namespaces, [field]: namespace };
  if (namespace instanceof MountNamespace) process.root = process.cwd = namespace.rootLocation();
}
