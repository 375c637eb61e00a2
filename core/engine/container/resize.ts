import { conflict } from "../../errors/errors.ts";
import type { Engine } from "../engine.ts";
import { containerEvent } from "./events.ts";

/** Tells a container's terminal its size. Throws conflict while it does not run. */
export async function containerResize(
  engine: Engine,
  containerRef: string,
  height: number,
  width: number,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  if (!container.record.state.running || !container.task)
    throw conflict(`container ${container.id} is not running`);
  await container.task.resize({ width, height });
  containerEvent(engine, container, "resize", { height: String(height), width: String(width) });
}
