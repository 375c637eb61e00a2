import type { Container } from "../../containers/container.ts";
import { notModified } from "../../errors/errors.ts";
import { Cancellation, Cancelled } from "../../platform/cancellation.ts";
import type { Engine, Operation } from "../engine.ts";
import { prefixed, sendSignal, stopSignal } from "./kill.ts";
import { signalNumber } from "./signals.ts";

const defaultTimeout = 10;

/** How docker stop asks a container to end. */
export interface StopOptions {
  /** "" is the container's own. */
  signal: string;
  /** Seconds until it is killed; negative: never; undefined: the container's own, else 10. */
  timeout?: number;
}

/** Stops a container: its stop signal, and KILL after a while. Throws notModified when it does not run. */
export async function containerStop(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  options: StopOptions,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  if (!container.record.state.running) throw notModified();
  const signal = prefixed(`cannot stop container: ${containerRef}: `, () =>
    options.signal === "" ? stopSignal(container) : signalNumber(options.signal),
  );
  await stopContainer(engine, operation, container, { signal, timeout: options.timeout });
}

/** As containerStop, for a container that runs. */
export async function stopContainer(
  engine: Engine,
  operation: Operation,
  container: Container,
  { signal = stopSignal(container), timeout }: { signal?: number; timeout?: number },
): Promise<void> {
  const seconds = timeout ?? container.record.config.StopTimeout ?? defaultTimeout;
  await operation.trace.step(
    "engine",
    "container stop",
    { container: container.id, signal, seconds },
    async (trace) => {
      container.stopping = true;
      try {
        container.record.stoppedByHand = true;
        await sendSignal(engine, { ...operation, trace }, container, signal);
        if (await endsWithin(engine, container, seconds)) return;
        await sendSignal(engine, { ...operation, trace }, container, 9);
        if (container.record.state.running) await container.wait("not-running", new Cancellation());
      } finally {
        container.stopping = false;
      }
    },
  );
}

async function endsWithin(engine: Engine, container: Container, seconds: number): Promise<boolean> {
  if (!container.record.state.running) return true;
  const limit = new Cancellation();
  const ended = container.wait("not-running", limit).then(
    () => true,
    (error: Error) => {
      if (error instanceof Cancelled) return false;
      throw error;
    },
  );
  if (seconds < 0) return ended;
  const late = engine.clock.sleep(seconds * 1000, limit).then(
    () => false,
    () => true,
  );
  const inTime = await Promise.race([ended, late]);
  limit.cancel();
  return inTime;
}
