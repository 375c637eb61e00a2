import { Cancellation } from "../../platform/cancellation.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { containerStart } from "./start.ts";
import { stopContainer, type StopOptions } from "./stop.ts";
import { signalNumber } from "./signals.ts";

/** Stops a container, if it runs, and starts it again. */
export async function containerRestart(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  options: StopOptions,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  const signal = options.signal === "" ? undefined : signalNumber(options.signal);
  if (container.record.state.running) {
    container.keepOnExit = true;
    try {
      await stopContainer(engine, operation, container, { signal, timeout: options.timeout });
      if (container.record.state.running) await container.wait("not-running", new Cancellation());
    } finally {
      container.keepOnExit = false;
    }
  }
  await containerStart(engine, operation, container.id);
  containerEvent(engine, container, "restart");
}
