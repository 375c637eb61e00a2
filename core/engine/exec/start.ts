import type { Exec } from "../../containers/exec.ts";
import { conflict, DockerError, invalidParameter, notFound, systemError } from "../../errors/errors.ts";
import type { TaskProcess } from "../../tasks/runtime.ts";
import type { ProcessSpec } from "../../tasks/spec.ts";
import { capabilitiesOf } from "../container/capabilities.ts";
import { containerEnvironment, overlayEnvironment } from "../container/environment.ts";
import { cleanPath } from "../container/mounts/validate.ts";
import { noNewPrivileges, withHome } from "../container/spec.ts";
import type { Engine, Operation } from "../engine.ts";
import { execEvent, requireExecutable } from "./create.ts";
import { execUser } from "./user.ts";

/** Ended execs that can still be inspected; Docker forgets them after five minutes. */
const keptExecs = 1000;

/** Finds an exec whose container runs. Throws notFound "No such exec instance: x", conflict. */
export function findExec(engine: Engine, execId: string): Exec {
  const exec = engine.execs.get(execId);
  if (!exec) throw notFound(`No such exec instance: ${execId}`);
  return exec;
}

/** Checks that an exec can be started now. Throws conflict. */
export function requireStartable(engine: Engine, execId: string): Exec {
  const exec = findExec(engine, execId);
  if (exec.exitCode !== null) throw conflict(`Error: Exec command ${execId} has already run`);
  if (exec.running || exec.started) throw conflict(`Error: Exec command ${execId} is already running`);
  requireExecutable(exec.container);
  return exec;
}

/** Runs an exec's process; its streams are to be tapped before. Throws the OCI runtime's text. */
export async function startProcess(
  engine: Engine,
  operation: Operation,
  exec: Exec,
  consoleSize: [height: number, width: number] | undefined,
): Promise<TaskProcess> {
  exec.started = true;
  exec.running = true;
  const { container } = exec;
  execEvent(engine, exec, `exec_start: ${exec.entrypoint} ${exec.args.join(" ")}`);
  return operation.trace.step(
    "engine",
    "exec start",
    { exec: exec.id, container: container.id, command: [exec.entrypoint, ...exec.args] },
    async (trace) => {
      try {
        const spec = await execSpec(engine, exec, consoleSize);
        const task = container.task;
        if (!task) throw conflict(`container ${container.id} is not running`);
        const process = await task.exec(exec.id, spec, exec.streams.io, trace);
        await process.start();
        exec.process = process;
        exec.pid = process.pid;
        watch(engine, exec, process);
        return process;
      } catch (error) {
        fail(exec, error as Error);
        throw execFailure(error as Error);
      }
    },
  );
}

async function execSpec(
  engine: Engine,
  exec: Exec,
  consoleSize: [height: number, width: number] | undefined,
): Promise<ProcessSpec> {
  const { request, container } = exec;
  const { record } = container;
  const host = record.hostConfig;
  const resolved = await execUser(engine, container, request);
  const env = overlayEnvironment(
    containerEnvironment(engine, record, request.Tty ?? false),
    request.Env ?? [],
  );
  const [height = 0, width = 0] = consoleSize ?? request.ConsoleSize ?? [];
  const privileged = request.Privileged || host.Privileged || false;
  return {
    args: [exec.entrypoint, ...exec.args],
    env: withHome(env, resolved.home),
    cwd: request.WorkingDir || (record.config.WorkingDir ? cleanPath(record.config.WorkingDir) : "/"),
    user: resolved.user,
    terminal: request.Tty ?? false,
    ...(request.Tty && width > 0 && height > 0 ? { consoleSize: { width, height } } : {}),
    capabilities: capabilitiesOf(privileged, host.CapAdd ?? [], host.CapDrop ?? []),
    noNewPrivileges: noNewPrivileges(host),
    rlimits: [],
  };
}

function watch(engine: Engine, exec: Exec, process: TaskProcess): void {
  void process.wait().then(async ({ status }) => {
    await exec.streams.drained;
    exec.running = false;
    exec.exitCode = status;
    exec.container.execs.delete(exec.id);
    execEvent(engine, exec, "exec_die", { exitCode: String(status) });
    forgetOld(engine);
  });
}

/** A program that could not be run has the shell's statuses: 126 cannot, 127 is not there; 128 is anything else. */
function fail(exec: Exec, error: Error): void {
  const message = error.message.toLowerCase();
  exec.running = false;
  const missing =
    message.includes("executable file not found") || message.includes("no such file or directory");
  exec.exitCode = message.includes("permission denied") ? 126 : missing ? 127 : 128;
  exec.container.execs.delete(exec.id);
  exec.streams.renew();
}

function execFailure(error: Error): Error {
  if (!(error instanceof DockerError)) return systemError(error.message);
  return error.message.startsWith("OCI runtime exec failed") ? invalidParameter(error.message) : error;
}

function forgetOld(engine: Engine): void {
  if (engine.execs.size <= keptExecs) return;
  for (const [id, exec] of engine.execs) {
    if (exec.exitCode === null) continue;
    engine.execs.delete(id);
    if (engine.execs.size <= keptExecs) return;
  }
}
