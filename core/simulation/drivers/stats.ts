import type { TaskStats } from "../../tasks/runtime.ts";
import { memoryStat } from "../kernel/cgroup-interface.ts";
import type { Cgroup } from "../kernel/cgroups.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { NetNamespace } from "../network/net-namespace.ts";

/** What a cgroup and the interfaces of a network stack say now. */
export function readStats(kernel: Kernel, cgroup: Cgroup, net: NetNamespace): TaskStats {
  const { cpuUser, cpuSystem } = cgroup;
  const networks: TaskStats["networks"] = {};
  for (const each of net.interfaces) {
    if (each.kind === "loopback") continue;
    const { rxBytes, rxPackets, txBytes, txPackets } = each;
    networks[each.name] = {
      rxBytes,
      rxPackets,
      rxErrors: 0,
      rxDropped: 0,
      txBytes,
      txPackets,
      txErrors: 0,
      txDropped: 0,
    };
  }
  return {
    at: kernel.time.realtime(),
    cpu: {
      total: cpuUser + cpuSystem,
      user: cpuUser,
      system: cpuSystem,
      throttling: {
        periods: cgroup.periods,
        throttledPeriods: cgroup.throttledPeriods,
        throttledTime: cgroup.throttledTime,
      },
    },
    system: { cpu: Math.floor(kernel.time.elapsed) * kernel.processors, online: kernel.processors },
    memory: {
      usage: cgroup.memoryCurrent,
      limit: cgroup.memoryMax ?? kernel.memory,
      stats: memoryStat(cgroup),
    },
    pids: { current: cgroup.population, ...(cgroup.pidsMax === undefined ? {} : { limit: cgroup.pidsMax }) },
    blockIo: [...cgroup.io].flatMap(([device, { rbytes, wbytes }]) => {
      const [major = 0, minor = 0] = device.split(":").map(Number);
      return [
        { major, minor, op: "read" as const, bytes: rbytes },
        { major, minor, op: "write" as const, bytes: wbytes },
      ];
    }),
    networks,
  };
}
