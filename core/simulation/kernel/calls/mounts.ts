import { Errno } from "../../../files/filesystem.ts";
import type { Kernel } from "../kernel.ts";
import { mountAt, unmount } from "../mounting.ts";
import { resolve } from "../paths.ts";
import type { Process } from "../process.ts";
import { pivotRoot } from "../pivot-root.ts";
import type { Handlers } from "./handler.ts";

function mayMount(process: Process): void {
  if (!process.has("CAP_SYS_ADMIN")) throw new Errno("EPERM");
}

export const mountCalls: Pick<Handlers, "mount" | "umount" | "pivotRoot"> = {
  mount(kernel: Kernel, { process }, source, target, type, options) {
    mayMount(process);
    mountAt(kernel, process, { source, target, type, options });
  },
  umount(_kernel, { process }, target, options = []) {
    mayMount(process);
    const location = resolve(process, target);
    if (location.path !== "/" || !location.mount.parent) throw new Errno("EINVAL");
    unmount(location.mount, options.includes("lazy"));
  },
  pivotRoot(_kernel, { process }, newRoot, putOld) {
    mayMount(process);
    pivotRoot(process, resolve(process, newRoot), resolve(process, putOld));
  },
};
