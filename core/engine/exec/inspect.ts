import type { Engine } from "../engine.ts";
import { findExec } from "./start.ts";

/** All that the API shows of an exec. */
export function execInspect(engine: Engine, execId: string): Record<string, unknown> {
  const exec = findExec(engine, execId);
  const { request } = exec;
  return {
    ID: exec.id,
    Running: exec.running,
    ExitCode: exec.exitCode,
    ProcessConfig: {
      tty: request.Tty ?? false,
      entrypoint: exec.entrypoint,
      arguments: exec.args,
      privileged: request.Privileged ?? false,
      ...(request.User ? { user: request.User } : {}),
    },
    OpenStdin: request.AttachStdin ?? false,
    OpenStderr: request.AttachStderr ?? false,
    OpenStdout: request.AttachStdout ?? false,
    CanRemove: false,
    ContainerID: exec.container.id,
    DetachKeys: exec.detachKeys,
    Pid: exec.pid,
  };
}
