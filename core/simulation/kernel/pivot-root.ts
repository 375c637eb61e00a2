import { Errno } from "../../files/filesystem.ts";
import type { Location } from "./mounts.ts";
import type { Process } from "./process.ts";

/** pivot_root(2): the mount at `newRoot` becomes the root of the namespace; the old one shows at `putOld` below it. */
export function pivotRoot(process: Process, newRoot: Location, putOld: Location): void {
  const { mnt } = process.namespaces;
  const { mount } = newRoot;
  if (newRoot.path !== "/" || !mount.parent || mount === mnt.root || putOld.mount !== mount)
    throw new Errno("EINVAL");
  const old = mnt.root;
  mount.detach();
  mnt.root = mount;
  // With "." for both, as runc does it, the old root lies on top of the new one until it is unmounted.
  mount.attach(old, putOld.path);
  const root: Location = { mount, path: "/", inode: mount.root, parent: undefined, name: "" };
  for (const other of process.pidNamespace.processes.values()) {
    if (other.namespaces.mnt !== mnt || other.root.mount !== old) continue;
    other.root = root;
    if (other.cwd.mount === old) other.cwd = root;
  }
}
