import type { Container } from "../../containers/container.ts";
import { systemError } from "../../errors/errors.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";

/** Lets a container go on. Throws (Docker answers with status 500) when it is not frozen. */
export async function containerUnpause(
  engine: Engine,
  operation: Operation,
  containerRef: string,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  await container.lock.run(() => unpauseLocked(engine, operation, container));
}

export async function unpauseLocked(
  engine: Engine,
  operation: Operation,
  container: Container,
): Promise<void> {
  const { state, id } = container.record;
  if (!state.paused || !container.task) throw systemError(`Container ${id} is not paused`);
  await container.task.resume(operation.trace);
  state.paused = false;
  engine.containers.save(container);
  containerEvent(engine, container, "unpause");
}
