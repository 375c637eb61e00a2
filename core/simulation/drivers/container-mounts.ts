import { Errno } from "../../files/filesystem.ts";
import type { Inode } from "../../files/filesystem.ts";
import type { Trace } from "../../steps/trace.ts";
import type { MountSpec, TaskSpec } from "../../tasks/spec.ts";
import { rootCredentials } from "../kernel/credentials.ts";
import { DevptsFileSystem } from "../kernel/devpts.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { Mount, type Location } from "../kernel/mounts.ts";
import { bindAt, mountAt } from "../kernel/mounting.ts";
import { resolve, resolveEntry, step, type PathContext } from "../kernel/paths.ts";
import type { Process } from "../kernel/process.ts";
import type { Tty } from "../kernel/tty.ts";
import { goText, RuntimeFailure } from "./process-setup.ts";

/** A container's root: what its mount namespace begins with, and how to take it off the host. */
export interface ContainerRoot {
  mount: Mount;
  unmount(): void;
}

/** Mounts the root on the host, where Docker shows it ("…/merged"), and makes of it the root of a new tree. */
export function mountRoot(kernel: Kernel, spec: TaskSpec, trace?: Trace): ContainerRoot {
  const root = spec.mounts[0]!;
  if (root.type === "bind" || root.options.includes("bind") || root.options.includes("rbind")) {
    const from = resolve(kernel.init, root.source);
    const mount = new Mount(kernel.takeMountId(), from.mount.fileSystem, {
      root: from.inode,
      rootPath: from.path,
      source: from.mount.source,
    });
    return { mount, unmount: () => {} };
  }
  const upper = root.options.find((option) => option.startsWith("upperdir="))?.slice("upperdir=".length);
  const merged = `${(upper ?? `/var/lib/docker/overlay2/${spec.id}/diff`).replace(/\/[^/]*$/, "")}/merged`;
  const target = ensure(kernel.init, merged, "directory");
  const onHost = mountAt(kernel, kernel.init, {
    source: root.source,
    target,
    type: root.type,
    options: root.options,
  })!;
  trace?.note("kernel", `mount ${root.type}`, { target: merged, options: root.options });
  const mount = new Mount(kernel.takeMountId(), onHost.fileSystem, {
    source: onHost.source,
    options: onHost.options,
  });
  return { mount, unmount: () => onHost.detach() };
}

/** The place at `path`, made (with directories above it) where it is missing. Links are followed, within the root. */
export function ensure(context: PathContext, path: string, kind: "file" | "directory"): Location {
  const asRoot: PathContext = { root: context.root, cwd: context.root, credentials: rootCredentials };
  try {
    return resolve(asRoot, path);
  } catch (error) {
    if (!(error instanceof Errno && error.code === "ENOENT")) throw error;
  }
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  let at: Location = asRoot.root;
  names.forEach((name, index) => {
    const entry = resolveEntry({ ...asRoot, cwd: at }, name, true);
    if (entry.location) {
      at = entry.location;
      return;
    }
    const last = index === names.length - 1;
    const made: Inode = entry.directory.inode.create(entry.name, {
      kind: last ? kind : "directory",
      mode: last && kind === "file" ? 0o644 : 0o755,
      uid: 0,
      gid: 0,
    });
    at = step(entry.directory, entry.name, made);
  });
  return at;
}

const bindWords = new Set(["bind", "rbind"]);
const msFlags: Record<string, string> = {
  bind: "MS_BIND",
  rbind: "MS_BIND|MS_REC",
  ro: "MS_RDONLY",
  nosuid: "MS_NOSUID",
  nodev: "MS_NODEV",
  noexec: "MS_NOEXEC",
};
const notFlags = new Set([
  "rw",
  "rprivate",
  "private",
  "rshared",
  "shared",
  "rslave",
  "slave",
  "strictatime",
  "relatime",
  "tmpcopyup",
  "newinstance",
]);

/** Mounts one of a container's mounts inside it; what is missing in the root is made first. */
export function mountInContainer(kernel: Kernel, init: Process, mount: MountSpec, trace?: Trace): void {
  const bind = mount.type === "bind" || mount.options.some((option) => bindWords.has(option));
  try {
    if (bind) bindInContainer(kernel, init, mount);
    else {
      const target = ensure(init, mount.destination, "directory");
      const options = mount.options.filter((option) => option !== "newinstance" && option !== "tmpcopyup");
      mountAt(kernel, init, {
        source: mount.source,
        target,
        type: mount.type,
        options: shownOptions(mount.type, options),
      });
    }
  } catch (error) {
    const reason = goText(error);
    const words = mount.options.map((option) => msFlags[option]).filter((word) => word !== undefined);
    const data = bind ? [] : mount.options.filter((option) => !(option in msFlags) && !notFlags.has(option));
    const details = `mount src=${mount.source}, dst=${mount.destination}, dstFd=/proc/thread-self/fd/14, flags=${words.join("|")}${data.length > 0 ? `, data=${data.join(",")}` : ""}`;
    const hint =
      reason === "not a directory"
        ? ": Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type"
        : "";
    throw new RuntimeFailure(
      `error mounting ${JSON.stringify(mount.source)} to rootfs at ${JSON.stringify(mount.destination)}: ${details}: ${reason}${hint}`,
    );
  }
  trace?.note("kernel", `mount ${bind ? "bind" : mount.type}`, {
    source: mount.source,
    target: mount.destination,
    options: mount.options,
  });
}

function bindInContainer(kernel: Kernel, init: Process, mount: MountSpec): void {
  const from = resolve(kernel.init, mount.source);
  const kind = from.inode.kind === "directory" ? "directory" : "file";
  const target = ensure(init, mount.destination, kind);
  if ((target.inode.kind === "directory") !== (kind === "directory")) throw new Errno("ENOTDIR");
  const recursive = mount.options.includes("rbind");
  const flags: { readonly?: boolean; nosuid?: boolean; nodev?: boolean; noexec?: boolean } = {};
  if (mount.options.includes("ro")) flags.readonly = true;
  for (const word of ["nosuid", "nodev", "noexec"] as const)
    if (mount.options.includes(word)) flags[word] = true;
  bindAt(kernel, from, target, recursive, flags);
}

/** As the kernel shows them in /proc/mounts: cgroup2's own options are none, a devpts' modes are octal without a zero. */
function shownOptions(type: string, options: readonly string[]): string[] {
  if (type !== "devpts") return [...options];
  const order = ["gid", "mode", "ptmxmode"];
  const key = (option: string) => order.indexOf(option.split("=")[0]!);
  const own = options.filter((option) => key(option) >= 0).map((option) => option.replace("=0", "="));
  return [...options.filter((option) => key(option) < 0), ...own.sort((a, b) => key(a) - key(b))];
}

const deviceNodes = [
  ["null", 1, 3],
  ["random", 1, 8],
  ["full", 1, 7],
  ["tty", 5, 0],
  ["zero", 1, 5],
  ["urandom", 1, 9],
] as const;
const deviceLinks = [
  ["fd", "/proc/self/fd"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
  ["ptmx", "pts/ptmx"],
] as const;

/** The rest of a container's tree: devices, its console, what is hidden and what is read-only. */
export function finishRoot(
  kernel: Kernel,
  init: Process,
  spec: TaskSpec,
  console: Tty | undefined,
  trace?: Trace,
): void {
  const dev = ensure(init, "/dev", "directory");
  for (const [name, major, minor] of deviceNodes) makeDevice(dev, name, 0o666, { major, minor });
  for (const [name, target] of deviceLinks) {
    if (!dev.inode.lookup(name))
      dev.inode.create(name, { kind: "symlink", mode: 0o777, uid: 0, gid: 0, target });
  }
  for (const { path, hostPath } of spec.devices) addDevice(kernel, init, path, hostPath);
  if (spec.privileged) {
    const hostDev = resolve(kernel.init, "/dev");
    for (const [name, inode] of hostDev.inode.entries()) {
      const { mode, rdev } = inode.attributes();
      if (rdev && !dev.inode.lookup(name) && name !== "console")
        makeDevice(dev, name, mode, rdev, inode.kind as "character" | "block");
    }
  }
  if (console) bindConsole(kernel, init, console);
  for (const path of spec.readonlyPaths) makeReadonly(kernel, init, path);
  for (const path of spec.maskedPaths) mask(kernel, init, path);
  if (spec.readonlyRoot)
    init.namespaces.mnt.root.flags = { ...init.namespaces.mnt.root.flags, readonly: true };
  trace?.note("kernel", "pivot_root", {
    newRoot: "/",
    readonly: spec.readonlyRoot,
    masked: spec.maskedPaths,
    readonlyPaths: spec.readonlyPaths,
  });
}

function makeDevice(
  directory: Location,
  name: string,
  mode: number,
  rdev: { major: number; minor: number },
  kind: "character" | "block" = "character",
): void {
  if (!directory.inode.lookup(name)) directory.inode.create(name, { kind, mode, uid: 0, gid: 0, rdev });
}

function addDevice(kernel: Kernel, init: Process, path: string, hostPath: string): void {
  let device: Location;
  try {
    device = resolve(kernel.init, hostPath);
  } catch {
    throw new RuntimeFailure(
      `error gathering device information while adding custom device ${JSON.stringify(hostPath)}: no such file or directory`,
    );
  }
  const { mode, rdev } = device.inode.attributes();
  if (!rdev)
    throw new RuntimeFailure(
      `error gathering device information while adding custom device ${JSON.stringify(hostPath)}: not a device node`,
    );
  const at = path.lastIndexOf("/");
  makeDevice(
    ensure(init, path.slice(0, at) || "/", "directory"),
    path.slice(at + 1),
    mode,
    rdev,
    device.inode.kind as "character" | "block",
  );
}

/** The devpts that is mounted in a container. */
export function devptsOf(process: Process): Mount | undefined {
  return process.namespaces.mnt.mounts().find((mount) => mount.fileSystem instanceof DevptsFileSystem);
}

/** Where a terminal shows in a container: /dev/pts/N. */
export function terminalLocation(process: Process, mount: Mount, tty: Tty): Location {
  const pts = resolve({ root: process.root, cwd: process.root, credentials: rootCredentials }, "/dev/pts");
  const root: Location = { mount, path: "/", inode: mount.root, parent: pts.parent, name: pts.name };
  return { mount, path: `/${tty.index}`, inode: tty.inode, parent: root, name: String(tty.index) };
}

function bindConsole(kernel: Kernel, init: Process, tty: Tty): void {
  const mount = devptsOf(init);
  if (!mount) return;
  bindAt(kernel, terminalLocation(init, mount, tty), ensure(init, "/dev/console", "file"), false);
}

function existing(init: Process, path: string): Location | undefined {
  try {
    return resolve({ root: init.root, cwd: init.root, credentials: rootCredentials }, path);
  } catch (error) {
    if (error instanceof Errno) return undefined;
    throw error;
  }
}

function makeReadonly(kernel: Kernel, init: Process, path: string): void {
  const location = existing(init, path);
  if (location) bindAt(kernel, location, location, true, { readonly: true });
}

/** Hides a path: a directory under an empty one, a file under /dev/null. */
function mask(kernel: Kernel, init: Process, path: string): void {
  const location = existing(init, path);
  if (!location) return;
  if (location.inode.kind === "directory") {
    mountAt(kernel, init, { source: "tmpfs", target: location, type: "tmpfs", options: ["ro", "size=4k"] });
  } else bindAt(kernel, existing(init, "/dev/null")!, location, false);
}
