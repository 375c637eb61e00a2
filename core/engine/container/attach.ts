import type { Container } from "../../containers/container.ts";
import { conflict } from "../../errors/errors.ts";
import { BrokenPipe, type ByteDuplex } from "../../platform/bytes.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerEvent } from "./events.ts";
import { joinStreams, type Framing } from "./stream-client.ts";

/** What docker attach asks for. */
export interface AttachRequest {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  /** Stays with the streams. */
  stream: boolean;
  /** First what it has written so far. */
  logs: boolean;
  detachKeys: readonly number[];
}

/** Checks that a container can be attached to. Throws conflict while it is paused or restarting. */
export function attachable(engine: Engine, containerRef: string): Container {
  const container = engine.containers.resolve(containerRef);
  const { state } = container.record;
  if (state.paused)
    throw conflict(`container ${containerRef} is paused, unpause the container before attach`);
  if (state.restarting)
    throw conflict(`container ${containerRef} is restarting, wait until the container is running`);
  return container;
}

/** Joins a client to a container's streams until the container ends or the client goes. */
export async function containerAttach(
  engine: Engine,
  operation: Operation,
  container: Container,
  request: AttachRequest,
  connection: ByteDuplex,
  frame: Framing,
): Promise<void> {
  const { config } = container.record;
  containerEvent(engine, container, "attach");
  const joined = request.stream
    ? joinStreams(container.streams, {
        connection,
        stdin: request.stdin && (config.OpenStdin ?? false),
        stdout: request.stdout,
        stderr: request.stderr,
        closeStdin: (config.StdinOnce ?? false) && !config.Tty,
        detachKeys: request.detachKeys,
        frame,
      })
    : undefined;
  if (request.logs) await replay(container, operation, request, connection, frame);
  if ((await joined) === "detached") containerEvent(engine, container, "detach");
}

async function replay(
  container: Container,
  operation: Operation,
  { stdout, stderr }: AttachRequest,
  { sink }: ByteDuplex,
  frame: Framing,
): Promise<void> {
  try {
    for await (const record of container.log.read({ stdout, stderr, follow: false }, operation.cancellation))
      await sink.write(frame(record.stream, record.line));
  } catch (error) {
    if (!(error instanceof BrokenPipe)) throw error;
  }
}
