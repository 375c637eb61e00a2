import type { Container } from "../../containers/container.ts";
import { enterExited } from "../../containers/state.ts";
import { DockerError } from "../../errors/errors.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { removeContainer } from "./remove.ts";
import { startLocked } from "./start.ts";

/**
 * After a restart of the engine, or a power cut: nothing runs any more. What ran is marked as ended, what --rm left is
 * taken away, half-removed containers are removed, and those whose policy says so are started.
 */
export async function recoverContainers(engine: Engine, operation: Operation): Promise<void> {
  const again: Container[] = [];
  for (const container of [...engine.containers.all()]) {
    const { record } = container;
    for (const mount of record.mounts)
      if (mount.type === "volume") engine.volumes.use(mount.name!, record.id);
    const ran = record.state.running;
    const leftOver = record.state.removing;
    if (ran) markEnded(engine, container);
    record.state.removing = false;
    if (leftOver || (ran && record.hostConfig.AutoRemove)) {
      await removeContainer(engine, operation, container, { force: true, volumes: true });
      continue;
    }
    if (startsAgain(container, ran)) again.push(container);
  }
  for (const container of again) {
    try {
      await container.lock.run(() => startLocked(engine, operation, container));
    } catch (error) {
      // Why it did not start stands in its state.
      if (!(error instanceof DockerError)) throw error;
    }
  }
}

function markEnded(engine: Engine, container: Container): void {
  const { record } = container;
  for (const attachment of Object.values(record.networks)) delete attachment.endpoint;
  Object.assign(record, { ports: [], sandboxId: "", sandboxKey: "" });
  // A process that nobody saw end has the status of one that was killed.
  enterExited(record.state, { exitCode: 137, oomKilled: false, finishedAt: formatTime(engine.clock.now()) });
  engine.containers.save(container);
}

function startsAgain({ record }: Container, ran: boolean): boolean {
  const policy = record.hostConfig.RestartPolicy?.Name ?? "no";
  if (policy === "always") return record.startedOnce;
  if (policy === "unless-stopped") return record.startedOnce && !record.stoppedByHand;
  return policy === "on-failure" && ran && !record.stoppedByHand;
}
