import { Mount } from "../kernel/mounts.ts";
import { resolve } from "../kernel/paths.ts";
import type { Kernel } from "../kernel/kernel.ts";

const devices: [name: string, major: number, minor: number, mode: number][] = [
  ["null", 1, 3, 0o666],
  ["zero", 1, 5, 0o666],
  ["full", 1, 7, 0o666],
  ["random", 1, 8, 0o666],
  ["urandom", 1, 9, 0o666],
  ["tty", 5, 0, 0o666],
  ["console", 5, 1, 0o600],
];

const links: [name: string, target: string][] = [
  ["fd", "/proc/self/fd"],
  ["stdin", "/proc/self/fd/0"],
  ["stdout", "/proc/self/fd/1"],
  ["stderr", "/proc/self/fd/2"],
  ["ptmx", "pts/ptmx"],
];

/** Mounts what a booting host mounts: proc, sysfs, cgroups (version 2), devices, terminals, /run. */
export function mountSystem(kernel: Kernel): void {
  kernel.mount({ source: "proc", target: "/proc", type: "proc", options: ["nosuid", "nodev", "noexec"] });
  kernel.mount({ source: "sysfs", target: "/sys", type: "sysfs", options: ["nosuid", "nodev", "noexec"] });
  kernel.mount({
    source: "cgroup2",
    target: "/sys/fs/cgroup",
    type: "cgroup2",
    options: ["nosuid", "nodev", "noexec"],
  });
  kernel.mount({ source: "udev", target: "/dev", type: "devtmpfs", options: ["nosuid", "mode=755"] });
  kernel.mount({
    source: "tmpfs",
    target: "/run",
    type: "tmpfs",
    options: ["nosuid", "nodev", "mode=755", "size=10%"],
  });
  const dev = resolve(kernel.init, "/dev").inode;
  for (const [name, major, minor, mode] of devices) {
    dev.create(name, { kind: "character", mode, uid: 0, gid: 0, rdev: { major, minor } });
  }
  for (const [name, target] of links)
    dev.create(name, { kind: "symlink", mode: 0o777, uid: 0, gid: 0, target });
  for (const name of ["pts", "shm", "mqueue"])
    dev.create(name, { kind: "directory", mode: 0o755, uid: 0, gid: 0 });
  // The terminals of the host are those of the kernel's first instance.
  const pts = resolve(kernel.init, "/dev/pts");
  pts.mount.attach(
    new Mount(kernel.takeMountId(), kernel.devpts, {
      source: "devpts",
      options: "gid=5,mode=620,ptmxmode=000",
    }),
    pts.path,
  );
  kernel.mount({ source: "tmpfs", target: "/dev/shm", type: "tmpfs", options: ["nosuid", "nodev"] });
  kernel.mount({
    source: "mqueue",
    target: "/dev/mqueue",
    type: "mqueue",
    options: ["nosuid", "nodev", "noexec"],
  });
  const run = resolve(kernel.init, "/run").inode;
  run.create("lock", { kind: "directory", mode: 0o1777, uid: 0, gid: 0 });
}
