import { conflict, systemError } from "../../errors/errors.ts";
import type { ProcessTable } from "../../tasks/runtime.ts";
import type { Engine } from "../engine.ts";
import { containerEvent } from "./events.ts";

/** The processes of a container, as the host's ps with these arguments shows them. */
export async function containerTop(
  engine: Engine,
  containerRef: string,
  psArguments: string,
): Promise<ProcessTable> {
  const container = engine.containers.resolve(containerRef);
  const { state, id } = container.record;
  if (!state.running) throw conflict(`container ${id} is not running`);
  if (state.restarting || !container.task)
    throw conflict(`Container ${id} is restarting, wait until the container is running`);
  const table = await container.task.top(psArguments === "" ? "-ef" : psArguments);
  if (!table.titles.includes("PID")) throw systemError("Couldn't find PID field in ps output");
  containerEvent(engine, container, "top");
  return table;
}
