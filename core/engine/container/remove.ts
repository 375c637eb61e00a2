import type { Container } from "../../containers/container.ts";
import { conflict, DockerError, notFound, systemError } from "../../errors/errors.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import { statusName } from "../../containers/state.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { containerDirectory } from "./files.ts";
import { sendSignal } from "./kill.ts";
import { parseLink } from "./links.ts";
import { releaseMounts } from "./mounts/create.ts";

/** How docker rm removes. */
export interface RemoveOptions {
  /** Kills it first. */
  force: boolean;
  /** Its anonymous volumes too. */
  volumes: boolean;
  /** Only the link of that name. */
  link: boolean;
}

/** Removes a container. Throws conflict while it runs, unless forced. */
export async function containerRemove(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  options: RemoveOptions,
): Promise<void> {
  if (options.link) return removeLink(engine, containerRef);
  const container = engine.containers.resolve(containerRef);
  const { record } = container;
  if (record.state.removing) throw conflict(`removal of container ${containerRef} is already in progress`);
  await removeContainer(engine, operation, container, options, containerRef);
}

export async function removeContainer(
  engine: Engine,
  operation: Operation,
  container: Container,
  options: Pick<RemoveOptions, "force" | "volumes">,
  containerRef = container.name,
): Promise<void> {
  const { record } = container;
  if (record.state.running) {
    if (!options.force) throw stillRunning(container, containerRef);
    record.stoppedByHand = true;
    await sendSignal(engine, operation, container, 9);
    if (record.state.running) await container.wait("not-running", new Cancellation());
  }
  await container.lock.run(async () => {
    if (container.removed) return;
    if (record.state.running) throw stillRunning(container, containerRef);
    record.state.removing = true;
    await operation.trace.step(
      "engine",
      "container remove",
      { container: record.id, name: record.name },
      (trace) => takeAway(engine, { ...operation, trace }, container, options.volumes),
    );
  });
}

function stillRunning(container: Container, _containerRef: string): Error {
  const status = statusName(container.record.state);
  return conflict(
    status === "paused"
      ? `cannot remove container "${container.name}": container is paused and must be unpaused first`
      : `cannot remove container "${container.name}": container is ${status}: stop the container before removing or force remove`,
    { container: container.id },
  );
}

async function takeAway(
  engine: Engine,
  operation: Operation,
  container: Container,
  volumes: boolean,
): Promise<void> {
  const { record } = container;
  try {
    container.background.cancel("removed");
    await engine.snapshotter.remove(record.id, operation.trace);
    const directory = containerDirectory(engine, record.id);
    if (record.startedOnce && (await engine.hostPaths.stat(directory)))
      await engine.hostPaths.remove(directory);
    await releaseMounts(engine, operation, record, volumes);
    if (record.chainId !== null) await engine.images.collect(record.chainId);
  } catch (error) {
    record.state.removing = false;
    record.state.dead = true;
    engine.containers.save(container);
    throw error;
  }
  for (const execId of container.execs.keys()) engine.execs.delete(execId);
  engine.containers.delete(container);
  containerEvent(engine, container, "destroy");
  container.announceRemoval({ exitCode: record.state.exitCode });
}

/** Removes what docker run --rm left, once it has ended. */
export function autoRemove(engine: Engine, container: Container): void {
  const operation: Operation = { trace: engine.steps.root(), cancellation: new Cancellation() };
  void removeContainer(engine, operation, container, { force: true, volumes: true }).catch(
    (error: unknown) => {
      // Somebody else has removed it, or it is dead now and docker ps shows that; nobody waits for this.
      if (!(error instanceof DockerError)) throw error;
      container.announceRemoval({ exitCode: container.record.state.exitCode, error: error.message });
    },
  );
}

/** docker rm --link /web/db takes the name db from the container web. */
function removeLink(engine: Engine, linkRef: string): void {
  const [, parent = "", alias = ""] = /^\/?([^/]+)\/([^/]+)$/.exec(linkRef) ?? [];
  if (alias === "") engine.containers.resolve(linkRef);
  if (alias === "") throw systemError("Conflict, cannot remove the default link name of the container");
  const container = engine.containers.byName(parent);
  if (!container) throw notFound(`No such container: ${linkRef}`);
  const { record } = container;
  if (!record.links[alias]) throw notFound(`cannot get parent /${parent} for link /${parent}/${alias}`);
  delete record.links[alias];
  const links = (record.hostConfig.Links ?? []).filter((link) => parseLink(link).alias !== alias);
  if (links.length > 0) record.hostConfig.Links = links;
  else delete record.hostConfig.Links;
  engine.containers.save(container);
}
