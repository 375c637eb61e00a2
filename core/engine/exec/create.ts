import type { Container } from "../../containers/container.ts";
import type { Exec, ExecRequest } from "../../containers/exec.ts";
import { ProcessStreams } from "../../containers/streams.ts";
import { conflict, invalidParameter } from "../../errors/errors.ts";
import { randomId } from "../../platform/random.ts";
import { containerEvent } from "../container/events.ts";
import type { Engine } from "../engine.ts";
import { execUser } from "./user.ts";

/** Prepares a process in a running container. Throws conflict while it does not run, invalidParameter without a command. */
export async function execCreate(
  engine: Engine,
  containerRef: string,
  request: ExecRequest,
): Promise<string> {
  const container = engine.containers.resolve(containerRef);
  requireExecutable(container);
  if (!request.Cmd?.length) throw invalidParameter("No exec command specified");
  // A user who is not there is told now, not when it starts.
  await execUser(engine, container, request);
  return createExec(engine, container, request).id;
}

/** Throws conflict, with Docker's texts, for a container in which nothing can be run now. */
export function requireExecutable(container: Container): void {
  const { state, id, name } = container.record;
  if (!state.running) throw conflict(`container ${id} is not running`);
  if (state.paused) throw conflict(`Container ${name} is paused, unpause the container before exec`);
  if (state.restarting) throw conflict(`Container ${id} is restarting, wait until the container is running`);
}

export function createExec(engine: Engine, container: Container, request: ExecRequest): Exec {
  const [entrypoint = "", ...args] = request.Cmd ?? [];
  const exec: Exec = {
    id: randomId(engine.random),
    container,
    request,
    entrypoint,
    args,
    detachKeys: request.DetachKeys ?? "",
    running: false,
    exitCode: null,
    pid: 0,
    started: false,
    process: undefined,
    streams: new ProcessStreams(request.AttachStdin ?? false),
  };
  container.execs.set(exec.id, exec);
  engine.execs.set(exec.id, exec);
  execEvent(engine, exec, `exec_create: ${entrypoint} ${args.join(" ")}`);
  return exec;
}

/** Tells what happened to an exec; its container's attributes go with it. */
export function execEvent(
  engine: Engine,
  exec: Exec,
  action: string,
  attributes: Record<string, string> = {},
): void {
  containerEvent(engine, exec.container, action, { execID: exec.id, ...attributes });
}
