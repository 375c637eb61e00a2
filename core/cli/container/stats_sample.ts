import type { StatsEntry } from "../formatter/stats.ts";

/** The fields of GET /containers/ID/stats that are shown. */
export interface StatsSample {
  name: string;
  id: string;
  cpu_stats: CpuStats;
  precpu_stats: CpuStats;
  memory_stats: {
    usage?: number;
    limit?: number;
    stats?: Record<string, number>;
    privateworkingset?: number;
  };
  networks?: Record<string, { rx_bytes: number; tx_bytes: number }>;
  blkio_stats: { io_service_bytes_recursive?: { op: string; value: number }[] | null };
  pids_stats: { current?: number };
}

interface CpuStats {
  cpu_usage: { total_usage: number; percpu_usage?: number[] | null };
  system_cpu_usage?: number;
  online_cpus?: number;
}

/** What a sample says, in the terms of the table. */
export function statsEntryOf(container: string, sample: StatsSample): StatsEntry {
  const memory = memoryInUse(sample.memory_stats);
  const limit = sample.memory_stats.limit ?? 0;
  const networks = Object.values(sample.networks ?? {});
  const blocks = sample.blkio_stats.io_service_bytes_recursive ?? [];
  const blockSum = (letter: string) =>
    sum(
      blocks.filter(({ op }) => op[0]?.toLowerCase() === letter),
      ({ value }) => value,
    );
  return {
    container,
    name: sample.name,
    id: sample.id,
    cpuPercent: cpuPercent(sample),
    memory,
    memoryLimit: limit,
    memoryPercent: limit === 0 ? 0 : (memory / limit) * 100,
    networkReceived: sum(networks, ({ rx_bytes }) => rx_bytes),
    networkSent: sum(networks, ({ tx_bytes }) => tx_bytes),
    blockRead: blockSum("r"),
    blockWritten: blockSum("w"),
    processes: sample.pids_stats.current ?? 0,
    invalid: false,
  };
}

/** The share of one CPU: two CPUs at work are 200 %. */
function cpuPercent({ cpu_stats: now, precpu_stats: before }: StatsSample): number {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  const cpus = now.online_cpus || (now.cpu_usage.percpu_usage?.length ?? 0);
  return used > 0 && passed > 0 ? (used / passed) * cpus * 100 : 0;
}

/** Without the cache that the kernel would give back: cgroups v1 and v2 name it differently. */
function memoryInUse({ usage = 0, stats = {} }: StatsSample["memory_stats"]): number {
  const first = stats["total_inactive_file"];
  if (first !== undefined && first < usage) return usage - first;
  const second = stats["inactive_file"] ?? 0;
  return second < usage ? usage - second : usage;
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
