import type { Exec } from "../../containers/exec.ts";
import type { ByteDuplex } from "../../platform/bytes.ts";
import { joinStreams, type Framing } from "../container/stream-client.ts";
import type { Engine, Operation } from "../engine.ts";
import { execEvent } from "./create.ts";
import { startProcess } from "./start.ts";

/**
 * Starts an exec and joins a client to it. The promise within settles when the process has ended or the client has
 * gone; the exec has been started by then, or this throws why not.
 */
export async function execRun(
  engine: Engine,
  operation: Operation,
  exec: Exec,
  client: {
    connection: ByteDuplex;
    detachKeys: readonly number[];
    frame: Framing;
    consoleSize?: [number, number];
  },
): Promise<{ ended: Promise<void> }> {
  const { request } = exec;
  const joined = joinStreams(exec.streams, {
    connection: client.connection,
    stdin: request.AttachStdin ?? false,
    stdout: request.AttachStdout ?? false,
    stderr: request.AttachStderr ?? false,
    closeStdin: !(request.Tty ?? false),
    detachKeys: client.detachKeys,
    frame: client.frame,
  });
  await startProcess(engine, operation, exec, client.consoleSize);
  return {
    ended: joined.then((end) => {
      if (end === "detached") execEvent(engine, exec, "exec_detach");
    }),
  };
}
