import { Errno } from "../../files/filesystem.ts";
import type { Trace } from "../../steps/trace.ts";
import type { ResourceLimits, TaskSpec } from "../../tasks/spec.ts";
import { cgroupInterface, controllers } from "../kernel/cgroup-interface.ts";
import { Cgroup } from "../kernel/cgroups.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { RuntimeFailure } from "./process-setup.ts";

/** Where a container's cgroup is: a scope below a slice (systemd's driver), else below the parent by its identifier. */
export function cgroupPathOf(spec: TaskSpec): string {
  const parent = spec.cgroupParent || "/docker";
  if (!parent.endsWith(".slice")) return `${parent.startsWith("/") ? "" : "/"}${parent}/${spec.id}`;
  return `${slicePath(parent)}/docker-${spec.id}.scope`;
}

/** systemd's nesting: "a-b.slice" lies in "a.slice". */
function slicePath(slice: string): string {
  const parts = slice.replace(/\.slice$/, "").split("-");
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("-")}.slice`).join("");
}

/** Makes the cgroup with those above it, each of which hands its controllers on. */
export function makeCgroup(kernel: Kernel, path: string, trace?: Trace): Cgroup {
  const cgroup = kernel.cgroups.ensure(path, kernel.takeIno);
  for (const above of cgroup.parent?.ancestors() ?? [])
    for (const each of controllers) above.subtreeControl.add(each);
  trace?.note("kernel", "make cgroup", { path: `/sys/fs/cgroup${path}` });
  return cgroup;
}

/** Writes one file of a cgroup, as a step. */
export function writeCgroupFile(
  kernel: Kernel,
  cgroup: Cgroup,
  file: string,
  value: string,
  trace?: Trace,
): void {
  const path = `/sys/fs/cgroup${cgroup.path}/${file}`;
  try {
    cgroupInterface[file]!.write!(cgroup, value, kernel);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    throw new RuntimeFailure(
      `error setting cgroup config for procHooks process: failed to write ${JSON.stringify(value)}: write ${path}: ${strerror(error.code).toLowerCase()}`,
    );
  }
  trace?.note("kernel", "write cgroup file", { path, value });
}

/** Docker's limits as runc writes them to a cgroup of version 2. */
export function applyResources(kernel: Kernel, cgroup: Cgroup, limits: ResourceLimits, trace?: Trace): void {
  for (const [file, value] of cgroupFilesOf(limits)) writeCgroupFile(kernel, cgroup, file, value, trace);
}

/** File and value for each limit that is set. */
export function cgroupFilesOf(limits: ResourceLimits): [file: string, value: string][] {
  const files: [string, string][] = [];
  const most = (value: number) => (value < 0 ? "max" : String(value));
  if (limits.memory) files.push(["memory.max", most(limits.memory)]);
  // Docker counts swap with memory, cgroups of version 2 count it apart.
  if (limits.memorySwap) {
    files.push([
      "memory.swap.max",
      limits.memorySwap < 0 ? "max" : String(Math.max(0, limits.memorySwap - (limits.memory ?? 0))),
    ]);
  }
  if (limits.memoryReservation) files.push(["memory.low", String(limits.memoryReservation)]);
  if (limits.cpuShares) files.push(["cpu.weight", String(cpuWeight(limits.cpuShares))]);
  const period = limits.cpuPeriod || 100000;
  if (limits.nanoCpus) files.push(["cpu.max", `${Math.round((limits.nanoCpus / 1e9) * 100000)} 100000`]);
  else if (limits.cpuQuota || limits.cpuPeriod)
    files.push(["cpu.max", `${limits.cpuQuota && limits.cpuQuota > 0 ? limits.cpuQuota : "max"} ${period}`]);
  if (limits.cpusetCpus) files.push(["cpuset.cpus", limits.cpusetCpus]);
  if (limits.cpusetMems) files.push(["cpuset.mems", limits.cpusetMems]);
  if (limits.pidsLimit) files.push(["pids.max", most(limits.pidsLimit)]);
  if (limits.blkioWeight)
    files.push(["io.weight", `default ${Math.floor(1 + ((limits.blkioWeight - 10) * 9999) / 990)}`]);
  const keys = { readBps: "rbps", writeBps: "wbps", readIops: "riops", writeIops: "wiops" } as const;
  for (const { kind, rate } of limits.blkioThrottle ?? [])
    files.push(["io.max", `8:0 ${keys[kind]}=${rate}`]);
  return files;
}

/** cpu.weight for Docker's shares: 2…262144 become 1…10000, as runc computes it. */
export function cpuWeight(shares: number): number {
  return 1 + Math.floor(((Math.max(2, Math.min(262144, shares)) - 2) * 9999) / 262142);
}
