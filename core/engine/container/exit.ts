import type { Container } from "../../containers/container.ts";
import { enterExited, enterRestarting } from "../../containers/state.ts";
import { Cancelled, Cancellation } from "../../platform/cancellation.ts";
import { formatTime, parseTime } from "../../platform/time.ts";
import type { Exit, Task } from "../../tasks/runtime.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { volumeEvents } from "./mounts/start.ts";
import { releaseNetworking } from "./network-endpoints.ts";
import { nextRestart } from "./restart-policy.ts";
import { startLocked } from "./start.ts";

/** Waits for a container's process to end, and does what is due then. */
export function watchTask(engine: Engine, container: Container, task: Task): void {
  void task.wait().then((exit) => {
    const operation: Operation = { trace: engine.steps.root(), cancellation: new Cancellation() };
    return container.lock.run(() => handleExit(engine, operation, container, task, exit));
  });
}

async function handleExit(
  engine: Engine,
  operation: Operation,
  container: Container,
  task: Task,
  exit: Exit,
): Promise<void> {
  const { record } = container;
  if (container.task !== task) return;
  const cleanUp = operation.trace.step(
    "engine",
    "container exit",
    { container: record.id, name: record.name, status: exit.status },
    async (trace) => {
      await container.streams.drained;
      await task.delete(trace);
      container.closeLog();
      container.streams.renew();
      if (exit.oomKilled) containerEvent(engine, container, "oom");
      await releaseNetworking(engine, { ...operation, trace }, record);
      volumeEvents(engine, record, "unmount");
    },
  );
  try {
    await cleanUp;
  } catch (error) {
    // Its process has ended whatever a driver says: the container must not stay "running". The step tells of the failure.
    record.state.error = (error as Error).message;
  }
  container.task = undefined;
  container.background.cancel("container stopped");
  settle(engine, operation, container, exit);
}

/** The container's new state, and whether it is started again. */
function settle(engine: Engine, operation: Operation, container: Container, exit: Exit): void {
  const { record } = container;
  const ran = exit.at - parseTime(record.state.startedAt);
  const outcome = { exitCode: exit.status, oomKilled: exit.oomKilled, finishedAt: formatTime(exit.at) };
  const delay = nextRestart(container, exit.status, ran);
  if (record.state.health) record.state.health.status = delay === undefined ? "unhealthy" : "starting";
  if (delay === undefined) enterExited(record.state, outcome);
  else {
    record.restartCount++;
    enterRestarting(record.state, outcome);
  }
  engine.containers.save(container);
  if (container.stopping) containerEvent(engine, container, "stop");
  containerEvent(engine, container, "die", {
    exitCode: String(exit.status),
    execDuration: String(ran / 1_000_000_000n),
  });
  container.announceExit({ exitCode: exit.status });
  if (delay !== undefined) void restartLater(engine, operation, container, delay);
  else if (record.hostConfig.AutoRemove && !container.keepOnExit) engine.autoRemove(container);
}

/** Starts it again after a pause, unless somebody stops or removes it meanwhile. */
async function restartLater(
  engine: Engine,
  operation: Operation,
  container: Container,
  delay: number,
): Promise<void> {
  container.background = new Cancellation();
  try {
    await engine.clock.sleep(delay, container.background);
  } catch (error) {
    if (error instanceof Cancelled) return;
    throw error;
  }
  await container.lock.run(async () => {
    if (!container.record.state.restarting || container.removed) return;
    try {
      await startLocked(engine, operation, container);
    } catch {
      // The reason stands in its state, where docker inspect shows it; nobody waits for this start.
    }
  });
}
