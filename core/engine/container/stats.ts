import type { Container } from "../../containers/container.ts";
import { Cancelled } from "../../platform/cancellation.ts";
import { zeroTime } from "../../containers/state.ts";
import { formatTime } from "../../platform/time.ts";
import type { TaskStats } from "../../tasks/runtime.ts";
import type { Engine, Operation } from "../engine.ts";

const second = 1000;

/**
 * What docker stats shows, once a second until the client goes or the container is removed. `once`: a single reading,
 * after the one a second before that rates need; with `oneShot` without it.
 */
export async function* containerStats(
  engine: Engine,
  operation: Operation,
  container: Container,
  { once, oneShot }: { once: boolean; oneShot: boolean },
): AsyncGenerator<unknown> {
  let before: TaskStats | undefined;
  if (once && !oneShot) {
    before = await reading(container);
    if (before) await engine.clock.sleep(second, operation.cancellation);
  }
  try {
    for (;;) {
      const now = await reading(container);
      yield now ? statsJson(engine, container, now, before) : emptyStats(container);
      if (once || container.removed) return;
      before = now;
      await engine.clock.sleep(second, operation.cancellation);
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error;
  }
}

function reading(container: Container): Promise<TaskStats | undefined> {
  return container.task ? container.task.stats() : Promise.resolve(undefined);
}

function emptyStats(container: Container): unknown {
  const cpu = {
    cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
  return {
    name: `/${container.name}`,
    id: container.id,
    read: zeroTime,
    preread: zeroTime,
    pids_stats: {},
    blkio_stats: blockIo([]),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpu,
    precpu_stats: cpu,
    memory_stats: {},
  };
}

function statsJson(
  engine: Engine,
  container: Container,
  now: TaskStats,
  before: TaskStats | undefined,
): unknown {
  const networks = Object.entries(now.networks).map(([name, counters]) => [
    name,
    {
      rx_bytes: counters.rxBytes,
      rx_packets: counters.rxPackets,
      rx_errors: counters.rxErrors,
      rx_dropped: counters.rxDropped,
      tx_bytes: counters.txBytes,
      tx_packets: counters.txPackets,
      tx_errors: counters.txErrors,
      tx_dropped: counters.txDropped,
    },
  ]);
  const zero = {
    cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
    throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
  };
  return {
    name: `/${container.name}`,
    id: container.id,
    read: formatTime(now.at),
    preread: before ? formatTime(before.at) : zeroTime,
    pids_stats: { current: now.pids.current, ...(now.pids.limit ? { limit: now.pids.limit } : {}) },
    blkio_stats: blockIo(now.blockIo, engine.settings.cgroupVersion),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: cpuJson(now),
    precpu_stats: before ? cpuJson(before) : zero,
    memory_stats: {
      usage: now.memory.usage,
      ...(now.memory.maxUsage === undefined ? {} : { max_usage: now.memory.maxUsage }),
      stats: now.memory.stats,
      ...(now.memory.failcnt ? { failcnt: now.memory.failcnt } : {}),
      limit: now.memory.limit,
    },
    ...(networks.length > 0 ? { networks: Object.fromEntries(networks) } : {}),
  };
}

function cpuJson({ cpu, system }: TaskStats): unknown {
  return {
    cpu_usage: {
      total_usage: cpu.total,
      ...(cpu.perCpu ? { percpu_usage: cpu.perCpu } : {}),
      usage_in_kernelmode: cpu.system,
      usage_in_usermode: cpu.user,
    },
    system_cpu_usage: system.cpu,
    online_cpus: system.online,
    throttling_data: {
      periods: cpu.throttling.periods,
      throttled_periods: cpu.throttling.throttledPeriods,
      throttled_time: cpu.throttling.throttledTime,
    },
  };
}

/** cgroups v1 counts in many ways, v2 only bytes; what it does not count is null there. */
function blockIo(readings: TaskStats["blockIo"], cgroupVersion = "2"): unknown {
  const none = cgroupVersion === "2" ? null : [];
  const bytes = readings.map(({ major, minor, op, bytes: value }) => ({ major, minor, op, value }));
  return {
    io_service_bytes_recursive: bytes.length > 0 ? bytes : none,
    io_serviced_recursive: none,
    io_queue_recursive: none,
    io_service_time_recursive: none,
    io_wait_time_recursive: none,
    io_merged_recursive: none,
    io_time_recursive: none,
    sectors_recursive: none,
  };
}
