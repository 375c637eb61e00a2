import type { Container } from "../../containers/container.ts";
import { conflict, DockerError } from "../../errors/errors.ts";
import { enterExited } from "../../containers/state.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { signalName, signalNumber } from "./signals.ts";

const kill = 9;
const terminate = 15;

/** Sends a signal ("" is KILL). Throws conflict when it does not run, invalidParameter for no signal. */
export async function containerKill(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  signal: string,
): Promise<void> {
  const { container, number } = prefixed(`cannot kill container: ${containerRef}: `, () => ({
    container: engine.containers.resolve(containerRef),
    number: signal === "" ? kill : signalNumber(signal),
  }));
  if (!container.record.state.running)
    throw conflict(`cannot kill container: ${containerRef}: container ${container.id} is not running`);
  await sendSignal(engine, operation, container, number);
  if (number === kill && container.record.state.running)
    await container.wait("not-running", new Cancellation());
}

/** Does `work`; its errors begin with `prefix`. */
export function prefixed<T>(prefix: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof DockerError
      ? new DockerError(error.kind, prefix + error.message, error.data)
      : error;
  }
}

/** The signal that docker stop sends: the image's or the container's own, else TERM. */
export function stopSignal(container: Container): number {
  const { StopSignal } = container.record.config;
  return StopSignal ? signalNumber(StopSignal) : terminate;
}

/** Signals a container's first process; one that only waits for its next restart stays down. */
export async function sendSignal(
  engine: Engine,
  operation: Operation,
  container: Container,
  number: number,
): Promise<void> {
  const { record } = container;
  const deadly = number === kill || number === stopSignal(container);
  if (deadly) record.stoppedByHand = true;
  if (record.state.restarting) {
    if (deadly) giveUpRestart(engine, container);
    return;
  }
  if (!container.task) return;
  try {
    operation.trace.note("engine", "signal", { container: record.id, signal: signalName(number) });
    await container.task.kill(signalName(number));
  } catch (error) {
    // It has ended by itself in this moment: what was wanted.
    if (!(error instanceof DockerError) || error.kind !== "notFound") throw error;
  }
  containerEvent(engine, container, "kill", { signal: String(number) });
  // A frozen process gets its signal once it thaws.
  if (deadly && record.state.paused && container.task) {
    await container.task.resume(operation.trace);
    record.state.paused = false;
    containerEvent(engine, container, "unpause");
  }
  engine.containers.save(container);
}

function giveUpRestart(engine: Engine, container: Container): void {
  const { state } = container.record;
  container.background.cancel("stopped");
  enterExited(state, {
    exitCode: state.exitCode,
    oomKilled: state.oomKilled,
    finishedAt: state.finishedAt || formatTime(engine.clock.now()),
  });
  engine.containers.save(container);
  container.announceExit({ exitCode: state.exitCode });
}
