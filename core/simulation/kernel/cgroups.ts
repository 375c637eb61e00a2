import type { Process, Thread } from "./process.ts";
import { WaitQueue } from "./wait-queue.ts";

/** A control group of version 2: its processes, what they use, and what they may. Bytes, nanoseconds. */
export class Cgroup {
  readonly name: string;
  readonly parent: Cgroup | undefined;
  readonly children = new Map<string, Cgroup>();
  readonly processes = new Set<Process>();
  readonly ino: number;
  /** Controllers that its children have (cgroup.subtree_control). */
  subtreeControl = new Set<string>();

  /** cgroup.freeze. */
  freeze = false;
  /** Threads that were to run while it was frozen or out of quota. */
  readonly parked: Thread[] = [];
  readonly thawed = new WaitQueue();

  cpuUser = 0;
  cpuSystem = 0;
  cpuWeight = 100;
  /** Nanoseconds in each period; undefined is "max". */
  cpuQuota: number | undefined;
  cpuPeriod = 100_000_000;
  periodStart = 0;
  periodUsed = 0;
  /** Out of quota until then (nanoseconds since boot). */
  throttledUntil = 0;
  periods = 0;
  throttledPeriods = 0;
  throttledTime = 0;

  memoryCurrent = 0;
  memoryPeak = 0;
  memoryMax: number | undefined;
  memoryHigh: number | undefined;
  memoryLow = 0;
  memoryMin = 0;
  swapMax: number | undefined;
  oomGroup = false;
  memoryEvents = { low: 0, high: 0, max: 0, oom: 0, oom_kill: 0, oom_group_kill: 0 };

  pidsMax: number | undefined;
  pidsPeak = 0;
  pidsEventsMax = 0;

  cpusetCpus = "";
  cpusetMems = "";
  ioWeight = 100;
  /** io.max by "major:minor". */
  readonly ioMax = new Map<string, Record<"rbps" | "wbps" | "riops" | "wiops", number | undefined>>();
  readonly io = new Map<string, { rbytes: number; wbytes: number; rios: number; wios: number }>();

  constructor(name: string, parent: Cgroup | undefined, ino: number) {
    this.name = name;
    this.parent = parent;
    this.ino = ino;
    parent?.children.set(name, this);
  }

  /** "/docker/0123…"; "/" for the root. */
  get path(): string {
    if (!this.parent) return "/";
    const above = this.parent.path;
    return above === "/" ? `/${this.name}` : `${above}/${this.name}`;
  }

  /** It, or one above it, is frozen. */
  get frozen(): boolean {
    for (let at: Cgroup | undefined = this; at; at = at.parent) if (at.freeze) return true;
    return false;
  }

  /** How many processes are in it and below. */
  get population(): number {
    let count = this.processes.size;
    for (const child of this.children.values()) count += child.population;
    return count;
  }

  *allProcesses(): Generator<Process> {
    yield* this.processes;
    for (const child of this.children.values()) yield* child.allProcesses();
  }

  *ancestors(): Generator<Cgroup> {
    for (let at: Cgroup | undefined = this; at; at = at.parent) yield at;
  }

  /** Adds (or with a negative number, takes away) bytes, here and above. */
  chargeMemory(bytes: number): void {
    for (const group of this.ancestors()) {
      group.memoryCurrent += bytes;
      if (group.memoryCurrent > group.memoryPeak) group.memoryPeak = group.memoryCurrent;
    }
  }

  /** The nearest group whose memory.max does not allow `bytes` more. */
  overLimit(bytes: number): Cgroup | undefined {
    for (const group of this.ancestors()) {
      if (group.memoryMax !== undefined && group.memoryCurrent + bytes > group.memoryMax) return group;
    }
    return undefined;
  }

  /** The nearest group that may have no more processes. */
  pidsExhausted(): Cgroup | undefined {
    for (const group of this.ancestors()) {
      if (group.pidsMax !== undefined && group.population >= group.pidsMax) return group;
    }
    return undefined;
  }

  /** Counts processor time, and takes it from the quotas. */
  chargeCpu(user: number, system: number, now: number): void {
    for (let group: Cgroup | undefined = this; group; group = group.parent) {
      group.cpuUser += user;
      group.cpuSystem += system;
      if (group.cpuQuota === undefined) continue;
      if (now >= group.periodStart + group.cpuPeriod) {
        group.periodStart = now - (now % group.cpuPeriod);
        group.periodUsed = 0;
        group.periods++;
      }
      group.periodUsed += user + system;
      if (group.periodUsed >= group.cpuQuota && group.throttledUntil <= now) {
        group.throttledUntil = group.periodStart + group.cpuPeriod;
        group.throttledPeriods++;
        group.throttledTime += group.throttledUntil - now;
      }
    }
  }

  /** The nearest group that keeps its processes from running now: frozen, or out of quota. */
  holding(now: number): Cgroup | undefined {
    for (let group: Cgroup | undefined = this; group; group = group.parent) {
      if (group.freeze || group.throttledUntil > now) return group;
    }
    return undefined;
  }

  /** "/a/b" below this group, made where missing. */
  ensure(path: string, takeIno: () => number): Cgroup {
    let at: Cgroup = this;
    for (const name of path.split("/")) {
      if (name === "") continue;
      at = at.children.get(name) ?? new Cgroup(name, at, takeIno());
    }
    return at;
  }

  find(path: string): Cgroup | undefined {
    let at: Cgroup | undefined = this;
    for (const name of path.split("/")) if (name !== "") at = at?.children.get(name);
    return at;
  }
}
