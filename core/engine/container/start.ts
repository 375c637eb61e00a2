import type { Container } from "../../containers/container.ts";
import type { ContainerRecord } from "../../containers/record.ts";
import { enterRunning } from "../../containers/state.ts";
import { conflict, DockerError, invalidParameter, notModified, systemError } from "../../errors/errors.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { watchTask } from "./exit.ts";
import { writeEngineFiles } from "./files.ts";
import { startHealthChecks } from "./health.ts";
import { createSandbox, joinNetworks, releaseNetworking } from "./network-endpoints.ts";
import { mountSources, volumeEvents } from "./mounts/start.ts";
import { sharedContainer, taskSpec } from "./spec.ts";

/** Starts a container. Throws notModified when it runs already, conflict when it is paused or being removed. */
export async function containerStart(
  engine: Engine,
  operation: Operation,
  containerRef: string,
): Promise<void> {
  const container = engine.containers.resolve(containerRef);
  await container.lock.run(async () => {
    const { state } = container.record;
    if (state.paused) throw conflict("cannot start a paused container, try unpause instead");
    if (state.running) throw notModified();
    if (state.removing || state.dead || container.removed)
      throw conflict("container is marked for removal and cannot be started");
    container.record.restartCount = 0;
    container.restartDelay = 0;
    container.record.stoppedByHand = false;
    await startLocked(engine, operation, container);
  });
}

/** Starts a container whose lock is held. What goes wrong stays in its state, as docker inspect shows it. */
export async function startLocked(engine: Engine, operation: Operation, container: Container): Promise<void> {
  const { record } = container;
  await operation.trace.step(
    "engine",
    "container start",
    { container: record.id, name: record.name },
    async (trace) => {
      const parts = { ...operation, trace };
      try {
        await launch(engine, parts, container);
      } catch (error) {
        await undo(engine, parts, container);
        const failure = startFailure(error as Error);
        const wasRestarting = record.state.restarting;
        record.state.exitCode = failure.exitCode;
        record.state.error = failure.error.message;
        record.state.running = false;
        record.state.restarting = false;
        engine.containers.save(container);
        container.streams.renew();
        // Who waits for a container that never ran goes on waiting; one that was to run again has ended now.
        if (wasRestarting)
          container.announceExit({ exitCode: failure.exitCode, error: failure.error.message });
        if (record.hostConfig.AutoRemove) engine.autoRemove(container);
        throw failure.error;
      }
    },
  );
}

async function launch(engine: Engine, operation: Operation, container: Container): Promise<void> {
  const { record } = container;
  const mode = record.hostConfig.NetworkMode ?? "bridge";
  if (mode.startsWith("container:")) {
    const other = sharedContainer(engine, mode, "joining network namespace of container");
    record.config.Hostname = other.record.config.Hostname;
  }
  record.startedOnce = true;
  record.state.oomKilled = false;
  container.background = new Cancellation();
  await mountSources(engine, operation, record);
  volumeEvents(engine, record, "mount");
  await createSandbox(engine, operation, record);
  await writeEngineFiles(engine, record);
  await checkDevices(engine, record);
  // Docker looks users up in the container's own layers, whatever is mounted over /etc.
  const root = await engine.snapshotter.open(record.id);
  let spec;
  try {
    spec = await taskSpec(engine, container, root);
  } finally {
    await root.close();
  }
  if (container.logDriver !== "none") openLog(container);
  let task;
  try {
    task = await engine.runtime.create(spec, container.streams.io, operation.trace);
  } catch (error) {
    throw wrap("failed to create task for container: ", error as Error);
  }
  try {
    await joinNetworks(engine, operation, container);
    await task.start();
  } catch (error) {
    await task.delete(operation.trace);
    throw error;
  }
  container.task = task;
  enterRunning(record.state, task.pid, formatTime(engine.clock.now()));
  engine.containers.save(container);
  startHealthChecks(engine, container);
  containerEvent(engine, container, "start");
  watchTask(engine, container, task);
}

async function undo(engine: Engine, operation: Operation, container: Container): Promise<void> {
  const { record } = container;
  container.task = undefined;
  container.background.cancel();
  container.closeLog();
  await releaseNetworking(engine, operation, record);
  volumeEvents(engine, record, "unmount");
}

/** The daemon itself looks at the devices, before it asks the runtime for anything. */
async function checkDevices(engine: Engine, { hostConfig }: ContainerRecord): Promise<void> {
  if (hostConfig.Privileged) return;
  for (const { PathOnHost } of hostConfig.Devices ?? [])
    if (!(await engine.hostPaths.stat(PathOnHost)))
      throw systemError(
        `error gathering device information while adding custom device ${JSON.stringify(PathOnHost)}: no such file or directory`,
      );
}

function openLog(container: Container): void {
  try {
    container.log.open();
  } catch (error) {
    throw wrap("failed to create task for container: failed to initialize logging driver: ", error as Error);
  }
}

function wrap(prefix: string, error: Error): Error {
  if (error instanceof DockerError) return new DockerError(error.kind, prefix + error.message, error.data);
  return systemError(prefix + error.message);
}

/** What a failed start leaves as exit status: 126 cannot be run, 127 not found, 128 anything else. */
function startFailure(error: Error): { exitCode: number; error: Error } {
  const message = error.message.toLowerCase();
  const invalid = (text: string) => invalidParameter(text);
  if (error.message.startsWith("failed to create task")) {
    if (message.includes("permission denied")) return { exitCode: 126, error: invalid(error.message) };
    if (message.includes("not a directory") && !message.includes("exec:"))
      return {
        exitCode: 127,
        error: invalid(
          `${error.message}: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type`,
        ),
      };
    if (message.includes("executable file not found") || message.includes("no such file or directory"))
      return { exitCode: 127, error: invalid(error.message) };
  }
  return { exitCode: 128, error };
}
