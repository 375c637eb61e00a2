import { Errno } from "../../files/filesystem.ts";
import type { Cgroup } from "./cgroups.ts";
import type { Kernel } from "./kernel.ts";
import { joinCgroup } from "./lifecycle.ts";

interface CgroupFile {
  read(cgroup: Cgroup, kernel: Kernel): string;
  /** Acts on what is written, without its newline. EINVAL, ERANGE, ESRCH, EBUSY. */
  write?(cgroup: Cgroup, text: string, kernel: Kernel): void;
  /** The root group has it too. */
  inRoot?: boolean;
  mode?: number;
}

/** Controllers that the kernel has, in cgroup.controllers' order. */
export const controllers = ["cpuset", "cpu", "io", "memory", "pids"];

/** A number with a unit as memory files take it ("64M"), or undefined for "max". EINVAL. */
function limit(text: string): number | undefined {
  if (text === "max") return undefined;
  const match = /^(\d+)([KMGkmg]?)$/.exec(text);
  if (!match) throw new Errno("EINVAL");
  const unit = { "": 1, k: 1024, m: 1 << 20, g: 1024 ** 3 }[match[2]!.toLowerCase() as "" | "k" | "m" | "g"];
  const bytes = Number(match[1]) * unit;
  return bytes >= 2 ** 63 - 4096 ? undefined : Math.floor(bytes / 4096) * 4096;
}

function number(text: string, least: number, most: number): number {
  if (!/^-?\d+$/.test(text)) throw new Errno("EINVAL");
  const value = Number(text);
  if (value < least || value > most) throw new Errno("ERANGE");
  return value;
}

const shown = (bytes: number | undefined) => `${bytes ?? "max"}\n`;
const keys = (values: Record<string, number>) =>
  Object.entries(values)
    .map(([key, value]) => `${key} ${value}\n`)
    .join("");
const microseconds = (nanoseconds: number) => Math.floor(nanoseconds / 1000);

const memoryLimit = (field: "memoryMax" | "memoryHigh" | "swapMax"): CgroupFile => ({
  read: (cgroup) => shown(cgroup[field]),
  write: (cgroup, text) => void (cgroup[field] = limit(text)),
});
const memoryProtection = (field: "memoryLow" | "memoryMin"): CgroupFile => ({
  read: (cgroup) => `${cgroup[field]}\n`,
  write: (cgroup, text) => void (cgroup[field] = limit(text) ?? Number.MAX_SAFE_INTEGER),
});

/** What memory.stat says: processes hold all of it as anonymous memory here. */
export function memoryStat(cgroup: Cgroup): Record<string, number> {
  return {
    anon: cgroup.memoryCurrent, file: 0, kernel: 0, kernel_stack: 16384 * cgroup.population, pagetables: 0, sec_pagetables: 0, percpu: 0,
    sock: 0, vmalloc: 0, shmem: 0, zswap: 0, zswapped: 0, file_mapped: 0, file_dirty: 0, file_writeback: 0, swapcached: 0, anon_thp: 0,
    file_thp: 0, shmem_thp: 0, inactive_anon: cgroup.memoryCurrent, active_anon: 0, inactive_file: 0, active_file: 0, unevictable: 0,
    slab_reclaimable: 0, slab_unreclaimable: 0, slab: 0, pgfault: Math.ceil(cgroup.memoryPeak / 4096), pgmajfault: 0,
  }; // prettier-ignore
}

/** The files of a cgroup's directory, in the order that they are listed. */
export const cgroupInterface: Record<string, CgroupFile> = {
  "cgroup.type": { read: () => "domain\n", write: () => {} },
  "cgroup.procs": {
    inRoot: true,
    read: pids,
    write(cgroup, text, kernel) {
      const pid = number(text, 0, 4194304);
      const writer = kernel.current ?? kernel.init;
      const process = pid === 0 ? writer : writer.pidNamespace.processes.get(pid);
      if (!process) throw new Errno("ESRCH");
      joinCgroup(process, cgroup);
    },
  },
  "cgroup.threads": { inRoot: true, read: pids },
  "cgroup.controllers": {
    inRoot: true,
    read: (cgroup) =>
      `${controllers.filter((each) => !cgroup.parent || cgroup.parent.subtreeControl.has(each)).join(" ")}\n`,
  },
  "cgroup.subtree_control": {
    inRoot: true,
    read: (cgroup) => `${controllers.filter((each) => cgroup.subtreeControl.has(each)).join(" ")}\n`,
    write(cgroup, text) {
      for (const word of text.split(/\s+/).filter(Boolean)) {
        const name = word.slice(1);
        if (!controllers.includes(name) || !/^[+-]/.test(word)) throw new Errno("EINVAL");
        if (word.startsWith("-")) cgroup.subtreeControl.delete(name);
        else if (cgroup.parent && cgroup.processes.size > 0) throw new Errno("EBUSY");
        else cgroup.subtreeControl.add(name);
      }
    },
  },
  "cgroup.events": {
    read: (cgroup) => `populated ${cgroup.population > 0 ? 1 : 0}\nfrozen ${cgroup.frozen ? 1 : 0}\n`,
  },
  "cgroup.max.descendants": { inRoot: true, read: () => "max\n", write: () => {} },
  "cgroup.max.depth": { inRoot: true, read: () => "max\n", write: () => {} },
  "cgroup.stat": {
    inRoot: true,
    read: (cgroup) => `nr_descendants ${descendants(cgroup)}\nnr_dying_descendants 0\n`,
  },
  "cgroup.freeze": {
    read: (cgroup) => `${cgroup.freeze ? 1 : 0}\n`,
    write: (cgroup, text, kernel) => setFrozen(kernel, cgroup, number(text, 0, 1) === 1),
  },
  "cgroup.kill": {
    mode: 0o200,
    read: () => "",
    write(cgroup, text, kernel) {
      number(text, 1, 1);
      for (const process of [...cgroup.allProcesses()]) kernel.kill(process, "SIGKILL");
    },
  },
  "cpu.stat": {
    inRoot: true,
    read: (cgroup) =>
      keys({
        usage_usec: microseconds(cgroup.cpuUser + cgroup.cpuSystem),
        user_usec: microseconds(cgroup.cpuUser),
        system_usec: microseconds(cgroup.cpuSystem),
        nr_periods: cgroup.periods,
        nr_throttled: cgroup.throttledPeriods,
        throttled_usec: microseconds(cgroup.throttledTime),
      }),
  },
  "cpu.weight": {
    read: (cgroup) => `${cgroup.cpuWeight}\n`,
    write: (cgroup, text) => void (cgroup.cpuWeight = number(text, 1, 10000)),
  },
  "cpu.max": {
    read: (cgroup) =>
      `${cgroup.cpuQuota === undefined ? "max" : microseconds(cgroup.cpuQuota)} ${microseconds(cgroup.cpuPeriod)}\n`,
    write(cgroup, text) {
      const [quota = "", period] = text.split(/\s+/);
      const nanoseconds = quota === "max" ? undefined : number(quota, 1000, 1e12) * 1000;
      if (period !== undefined) cgroup.cpuPeriod = number(period, 1000, 1000000) * 1000;
      cgroup.cpuQuota = nanoseconds;
    },
  },
  "cpuset.cpus": {
    read: (cgroup) => `${cgroup.cpusetCpus}\n`,
    write: (cgroup, text, kernel) => void (cgroup.cpusetCpus = numberList(text, kernel.processors - 1)),
  },
  "cpuset.cpus.effective": {
    inRoot: true,
    read: (cgroup, kernel) => `${effective(cgroup, "cpusetCpus") || range(kernel.processors)}\n`,
  },
  "cpuset.mems": {
    read: (cgroup) => `${cgroup.cpusetMems}\n`,
    write: (cgroup, text) => void (cgroup.cpusetMems = numberList(text, 0)),
  },
  "cpuset.mems.effective": { inRoot: true, read: (cgroup) => `${effective(cgroup, "cpusetMems") || "0"}\n` },
  "io.stat": {
    inRoot: true,
    read: (cgroup) =>
      [...cgroup.io]
        .map(
          ([device, io]) =>
            `${device} rbytes=${io.rbytes} wbytes=${io.wbytes} rios=${io.rios} wios=${io.wios} dbytes=0 dios=0\n`,
        )
        .join(""),
  },
  "io.weight": {
    read: (cgroup) => `default ${cgroup.ioWeight}\n`,
    write: (cgroup, text) => void (cgroup.ioWeight = number(text.replace(/^default\s+/, ""), 1, 10000)),
  },
  "io.max": {
    read: (cgroup) =>
      [...cgroup.ioMax]
        .map(
          ([device, max]) =>
            `${device} ${Object.entries(max)
              .map(([key, value]) => `${key}=${value ?? "max"}`)
              .join(" ")}\n`,
        )
        .join(""),
    write(cgroup, text) {
      const [device = "", ...words] = text.split(/\s+/);
      if (!/^\d+:\d+$/.test(device)) throw new Errno("EINVAL");
      const max = cgroup.ioMax.get(device) ?? {
        rbps: undefined,
        wbps: undefined,
        riops: undefined,
        wiops: undefined,
      };
      for (const word of words) {
        const [key, value = ""] = word.split("=");
        if (!key || !(key in max)) throw new Errno("EINVAL");
        max[key as keyof typeof max] =
          value === "max" ? undefined : number(value, 1, Number.MAX_SAFE_INTEGER);
      }
      cgroup.ioMax.set(device, max);
    },
  },
  "memory.current": { read: (cgroup) => `${cgroup.memoryCurrent}\n` },
  "memory.peak": { read: (cgroup) => `${cgroup.memoryPeak}\n` },
  "memory.min": memoryProtection("memoryMin"),
  "memory.low": memoryProtection("memoryLow"),
  "memory.high": memoryLimit("memoryHigh"),
  "memory.max": memoryLimit("memoryMax"),
  "memory.events": { read: (cgroup) => keys(cgroup.memoryEvents) },
  "memory.stat": { inRoot: true, read: (cgroup) => keys(memoryStat(cgroup)) },
  "memory.swap.current": { read: () => "0\n" },
  "memory.swap.max": memoryLimit("swapMax"),
  "memory.oom.group": {
    read: (cgroup) => `${cgroup.oomGroup ? 1 : 0}\n`,
    write: (cgroup, text) => void (cgroup.oomGroup = number(text, 0, 1) === 1),
  },
  "pids.current": { read: (cgroup) => `${cgroup.population}\n` },
  "pids.peak": { read: (cgroup) => `${cgroup.pidsPeak}\n` },
  "pids.max": {
    read: (cgroup) => shown(cgroup.pidsMax),
    write: (cgroup, text) => void (cgroup.pidsMax = text === "max" ? undefined : number(text, 0, 4194304)),
  },
  "pids.events": { read: (cgroup) => `max ${cgroup.pidsEventsMax}\n` },
};

/** Freezes a group and all below, or lets them go on. */
export function setFrozen(kernel: Kernel, cgroup: Cgroup, frozen: boolean): void {
  cgroup.freeze = frozen;
  if (!frozen) kernel.scheduler.unpark(cgroup);
}

function pids(cgroup: Cgroup, kernel: Kernel): string {
  const reader = kernel.current?.pidNamespace;
  return [...cgroup.processes]
    .map((process) => `${reader ? reader.numberOf(process) : process.pid}\n`)
    .join("");
}

function descendants(cgroup: Cgroup): number {
  let count = 0;
  for (const child of cgroup.children.values()) count += 1 + descendants(child);
  return count;
}

function effective(cgroup: Cgroup, field: "cpusetCpus" | "cpusetMems"): string {
  for (const group of cgroup.ancestors()) if (group[field]) return group[field];
  return "";
}

function range(count: number): string {
  return count === 1 ? "0" : `0-${count - 1}`;
}

/** "0-2,4": EINVAL for what is no list, or goes beyond `last`. */
function numberList(text: string, last: number): string {
  if (text !== "" && !/^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(text)) throw new Errno("EINVAL");
  for (const each of text.split(/[-,]/)) if (Number(each) > last) throw new Errno("EINVAL");
  return text;
}
