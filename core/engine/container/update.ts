import type { HostConfig } from "../../containers/hostconfig.ts";
import { conflict, systemError } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { resourceLimits } from "./spec.ts";
import { validateRestartPolicy } from "./validate/hostconfig.ts";
import { validateResources } from "./validate/resources.ts";

/** Changes a container's limits and restart policy; limits of a running one at once. Returns warnings. */
export async function containerUpdate(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  change: HostConfig,
): Promise<string[]> {
  const container = engine.containers.resolve(containerRef);
  const limits: HostConfig = Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) =>
        name !== "RestartPolicy" && value !== undefined && value !== null && value !== 0 && value !== "",
    ),
  );
  if (change.RestartPolicy) validateRestartPolicy(change.RestartPolicy);
  const warnings = validateResources(limits, engine.settings, true);
  await container.lock.run(async () => {
    const { record } = container;
    const refuse = (why: Error) => new Error(`Cannot update container ${record.id}: ${why.message}`);
    if (record.state.removing || container.removed)
      throw conflict(refuse(new Error("container is marked for removal and cannot be updated")).message);
    const merged: HostConfig = { ...record.hostConfig, ...limits };
    const conflicting = conflictOf(record.hostConfig, limits);
    if (conflicting) throw conflict(refuse(new Error(conflicting)).message);
    const policy = change.RestartPolicy;
    if (policy?.Name) {
      if (record.hostConfig.AutoRemove && policy.Name !== "no")
        throw conflict("Restart policy cannot be updated because AutoRemove is enabled for the container");
      if (policy.Name === "no") delete merged.RestartPolicy;
      else merged.RestartPolicy = policy;
    }
    if (container.task && Object.keys(limits).length > 0) {
      try {
        await container.task.update(resourceLimits(merged), operation.trace);
      } catch (error) {
        throw systemError(refuse(error as Error).message);
      }
    }
    record.hostConfig = merged;
    engine.containers.save(container);
    containerEvent(engine, container, "update");
  });
  return warnings;
}

/** What of the new limits cannot go with the old ones. */
function conflictOf(current: HostConfig, limits: HostConfig): string | undefined {
  if (limits.NanoCpus && (current.CpuPeriod || current.CpuQuota))
    return current.CpuPeriod
      ? "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set"
      : "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set";
  if (limits.CpuPeriod && current.NanoCpus)
    return "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set";
  if (limits.CpuQuota && current.NanoCpus)
    return "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set";
  if (limits.Memory && !limits.MemorySwap && limits.Memory > (current.MemorySwap ?? 0))
    return "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time";
  return undefined;
}
