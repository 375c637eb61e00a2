import { command, minimum } from "../command.ts";
import { int64, string, uint16 } from "../flags/basic.ts";
import { bytes, memorySwap, processors } from "../flags/sizes.ts";
import { containerPath } from "./container_path.ts";
import { restartPolicyOf } from "./restart_policy.ts";

export const update = command({
  usage: "update [OPTIONS] CONTAINER [CONTAINER...]",
  aliasLine: "docker container update, docker update",
  short: "Change the limits and the restart policy of containers",
  flags: {
    "blkio-weight": uint16({ usage: "Block IO weight, from 10 to 1000, 0 for none (default 0)" }),
    "cpu-period": int64({ usage: "The period of the CPU scheduler (CFS)" }),
    "cpu-quota": int64({ usage: "The share of that period (CFS)" }),
    "cpu-rt-period": int64({ usage: "Real-time period in microseconds", version: "1.25" }),
    "cpu-rt-runtime": int64({ usage: "Real-time runtime in microseconds", version: "1.25" }),
    "cpuset-cpus": string({ usage: "CPUs to run on (0-3, 0,1)" }),
    "cpuset-mems": string({ usage: "Memory nodes to run on (0-3, 0,1)" }),
    "cpu-shares": int64({ short: "c", usage: "Weight against other containers" }),
    memory: bytes({ short: "m", usage: "Limit of memory" }),
    "memory-reservation": bytes({ usage: "Soft limit of memory" }),
    "memory-swap": memorySwap({
      usage: "Limit of memory and swap together: -1 for as much swap as there is",
    }),
    "kernel-memory": bytes({ usage: "Limit of kernel memory", hidden: true }),
    restart: string({ usage: "What to do when the container exits" }),
    "pids-limit": int64({ usage: "Limit of processes (-1 for none)", version: "1.40" }),
    cpus: processors({ usage: "How many CPUs it may use", version: "1.29" }),
  },
  arguments: minimum(1),
  async run(cli, names, flags, { changed }) {
    if (changed.size === 0) throw new Error("you must provide one or more flags when using this command");
    const policy = flags.restart ? restartPolicyOf(flags.restart) : { Name: "", MaximumRetryCount: 0 };
    const body = {
      CpuShares: flags["cpu-shares"],
      Memory: flags.memory,
      NanoCpus: flags.cpus,
      CgroupParent: "",
      BlkioWeight: flags["blkio-weight"],
      BlkioWeightDevice: null,
      BlkioDeviceReadBps: null,
      BlkioDeviceWriteBps: null,
      BlkioDeviceReadIOps: null,
      BlkioDeviceWriteIOps: null,
      CpuPeriod: flags["cpu-period"],
      CpuQuota: flags["cpu-quota"],
      CpuRealtimePeriod: flags["cpu-rt-period"],
      CpuRealtimeRuntime: flags["cpu-rt-runtime"],
      CpusetCpus: flags["cpuset-cpus"],
      CpusetMems: flags["cpuset-mems"],
      Devices: null,
      DeviceCgroupRules: null,
      DeviceRequests: null,
      ...(flags["kernel-memory"] ? { KernelMemory: flags["kernel-memory"] } : {}),
      MemoryReservation: flags["memory-reservation"],
      MemorySwap: flags["memory-swap"],
      MemorySwappiness: null,
      OomKillDisable: null,
      PidsLimit: flags["pids-limit"] || null,
      Ulimits: null,
      CpuCount: 0,
      CpuPercent: 0,
      IOMaximumIOps: 0,
      IOMaximumBandwidth: 0,
      RestartPolicy: policy,
    };
    const client = await cli.client();
    const warnings: string[] = [];
    const errors: string[] = [];
    for (const name of names) {
      try {
        const path = `${containerPath(name)}/update`;
        const answer = await client.json<{ Warnings: string[] | null }>("POST", path, { body });
        await cli.out.line(name);
        warnings.push(...(answer.Warnings ?? []));
      } catch (error) {
        errors.push((error as Error).message);
      }
    }
    if (warnings.length > 0) await cli.out.line(warnings.join("\n"));
    if (errors.length > 0) throw new Error(errors.join("\n"));
  },
});
