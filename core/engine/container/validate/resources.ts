import type { HostConfig } from "../../../containers/hostconfig.ts";
import { invalidParameter } from "../../../errors/errors.ts";
import type { EngineSettings } from "../../settings.ts";

const leastMemory = 6 * 2 ** 20;

/**
 * Checks limits against each other and against the host. Returns warnings, and takes out of `limits` what the host's
 * cgroup version cannot do, as Docker does. Throws invalidParameter with Docker's texts. `update`: for docker update.
 */
export function validateResources(limits: HostConfig, settings: EngineSettings, update = false): string[] {
  return [
    ...validateMemory(limits, settings, update),
    ...validateProcessors(limits, settings),
    ...validateBlockIo(limits),
  ];
}

function validateMemory(limits: HostConfig, settings: EngineSettings, update: boolean): string[] {
  const warnings: string[] = [];
  const { Memory = 0, MemorySwap = 0, MemoryReservation = 0 } = limits;
  if (Memory !== 0 && Memory < leastMemory) throw invalidParameter("Minimum memory limit allowed is 6MB");
  if (Memory > 0 && MemorySwap > 0 && MemorySwap < Memory)
    throw invalidParameter("Minimum memoryswap limit should be larger than memory limit, see usage");
  if (Memory === 0 && MemorySwap > 0 && !update)
    throw invalidParameter("You should always set the Memory limit when using Memoryswap limit, see usage");
  if (limits.MemorySwappiness !== undefined && settings.cgroupVersion === "2") {
    if (limits.MemorySwappiness !== -1)
      warnings.push(
        "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.",
      );
    delete limits.MemorySwappiness;
  }
  const swappiness = limits.MemorySwappiness;
  if (swappiness !== undefined) {
    if (swappiness < -1 || swappiness > 100)
      throw invalidParameter(`Invalid value: ${swappiness}, valid memory swappiness range is 0-100`);
    if (swappiness === -1) delete limits.MemorySwappiness;
  }
  if (MemoryReservation > 0 && MemoryReservation < leastMemory)
    throw invalidParameter("Minimum memory reservation allowed is 6MB");
  if (Memory > 0 && MemoryReservation > 0 && Memory < MemoryReservation)
    throw invalidParameter("Minimum memory limit can not be less than memory reservation limit, see usage");
  if (limits.KernelMemory) {
    warnings.push(
      settings.cgroupVersion === "2"
        ? "Your kernel does not support kernel memory limit capabilities or the cgroup is not mounted. Limitation discarded."
        : "Specifying a kernel memory limit is deprecated and will be removed in a future release.",
    );
    delete limits.KernelMemory;
  }
  if (limits.OomKillDisable !== undefined && settings.cgroupVersion === "2") {
    if (limits.OomKillDisable)
      warnings.push("Your kernel does not support OomKillDisable. OomKillDisable discarded.");
    delete limits.OomKillDisable;
  }
  if (limits.OomKillDisable && Memory === 0)
    warnings.push(
      "OOM killer is disabled for the container, but no memory limit is set, this can result in the system running out of resources.",
    );
  return warnings;
}

function validateProcessors(limits: HostConfig, { cpus }: EngineSettings): string[] {
  const { NanoCpus = 0, CpuPeriod = 0, CpuQuota = 0, CpusetCpus = "", CpusetMems = "" } = limits;
  if (NanoCpus > 0 && CpuPeriod > 0)
    throw invalidParameter("Conflicting options: Nano CPUs and CPU Period cannot both be set");
  if (NanoCpus > 0 && CpuQuota > 0)
    throw invalidParameter("Conflicting options: Nano CPUs and CPU Quota cannot both be set");
  if (NanoCpus < 0 || NanoCpus > cpus * 1e9)
    throw invalidParameter(
      `range of CPUs is from 0.01 to ${cpus}.00, as there are only ${cpus} CPUs available`,
    );
  if (CpuPeriod !== 0 && (CpuPeriod < 1000 || CpuPeriod > 1_000_000))
    throw invalidParameter(
      "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)",
    );
  if (CpuQuota > 0 && CpuQuota < 1000)
    throw invalidParameter("CPU cfs quota can not be less than 1ms (i.e. 1000)");
  const processors = parseSet(CpusetCpus);
  if (!processors)
    throw invalidParameter(`Invalid value ${CpusetCpus} for cpuset cpus: invalid format: ${CpusetCpus}`);
  if (processors.some((processor) => processor >= cpus))
    throw invalidParameter(
      `Requested CPUs are not available - requested ${CpusetCpus}, available: ${cpus === 1 ? "0" : `0-${cpus - 1}`}`,
    );
  const nodes = parseSet(CpusetMems);
  if (!nodes)
    throw invalidParameter(`Invalid value ${CpusetMems} for cpuset mems: invalid format: ${CpusetMems}`);
  if (nodes.some((node) => node > 0))
    throw invalidParameter(
      `Requested memory nodes are not available - requested ${CpusetMems}, available: 0`,
    );
  if (limits.CpuPercent) {
    delete limits.CpuPercent;
    return ["linux does not support CPU percent. Percent discarded."];
  }
  return [];
}

/** "0-2,4" as numbers; undefined for what is no such list. */
function parseSet(text: string): number[] | undefined {
  const numbers: number[] = [];
  if (text === "") return numbers;
  for (const part of text.split(",")) {
    const range = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(part);
    if (!range || Number(range[2] ?? range[1]) < Number(range[1])) return undefined;
    for (let at = Number(range[1]); at <= Number(range[2] ?? range[1]); at++) numbers.push(at);
  }
  return numbers;
}

function validateBlockIo(limits: HostConfig): string[] {
  const { BlkioWeight = 0 } = limits;
  if (BlkioWeight !== 0 && (BlkioWeight < 10 || BlkioWeight > 1000))
    throw invalidParameter("Range of blkio weight is from 10 to 1000");
  if (!limits.BlkioWeightDevice?.length) return [];
  delete limits.BlkioWeightDevice;
  return [
    "Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.",
  ];
}
