import type { Container } from "../../containers/container.ts";
import { conflict } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";

/** Freezes all processes of a container. Throws conflict when it does not run or is frozen already. */
export async function containerPause(
  engine: Engine,
  operation: Operation,
  containerRef: string,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  await container.lock.run(() => pauseLocked(engine, operation, container));
}

export async function pauseLocked(engine: Engine, operation: Operation, container: Container): Promise<void> {
  const { state, id } = container.record;
  if (!state.running) throw conflict(`container ${id} is not running`);
  if (state.paused) throw conflict(`Container ${id} is already paused`);
  if (state.restarting || !container.task)
    throw conflict(`Container ${id} is restarting, wait until the container is running`);
  await container.task.pause(operation.trace);
  state.paused = true;
  engine.containers.save(container);
  containerEvent(engine, container, "pause");
}
