import { systemError } from "../../errors/errors.ts";
import { resolveCommand } from "../configure.ts";
import type { Expanded, RunOperation } from "../graph.ts";
import { type BuildSession, commitContainer, createContainer, probe } from "./steps.ts";
import { type BuildStage, copyConfig } from "./stage.ts";

/** A command of a build that ended with another status than 0. */
export class CommandFailed extends Error {
  override name = "CommandFailed";
  readonly status: number;
  constructor(command: readonly string[], status: number) {
    super(`The command '${command.join(" ")}' returned a non-zero code: ${status}`);
    this.status = status;
  }
}

/** RUN: runs a command in a container and takes what it changed as the next layer. */
export async function run(
  session: BuildSession,
  stage: BuildStage,
  operation: Expanded<RunOperation>,
): Promise<void> {
  const [flag] = operation.flags;
  if (flag !== undefined) throw requiresBuildKit(flag);

  const command = resolveCommand(operation.command, stage.config) ?? [];
  const variables = stage.args.beside(stage.config.Env ?? []);
  const recorded = stage.args.recorded(command, variables);
  const containerConfig = {
    ...copyConfig(stage.config),
    Cmd: recorded,
    ...(recorded.length > 0 ? { Entrypoint: null } : {}),
  };
  if (await probe(session, stage, containerConfig)) return;

  const container = await createContainer(session, {
    ...copyConfig(stage.config),
    Cmd: command,
    Env: [...(stage.config.Env ?? []), ...variables],
    // The image's entrypoint is for those who run it, not for building it.
    ...(recorded.length > 0 ? { Entrypoint: [""] } : {}),
    Healthcheck: { Test: ["NONE"] },
  });
  const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  const { output } = session;
  const { status } = await session.backend.containers.run(
    container,
    {
      stdout: (bytes) => output.stdout(decoders.stdout.decode(bytes, { stream: true })),
      stderr: (bytes) => output.stderr(decoders.stderr.decode(bytes, { stream: true })),
    },
    session.cancellation,
  );
  if (session.cancellation.cancelled) throw systemError("build cancelled");
  if (status !== 0) throw new CommandFailed(command, status);
  await commitContainer(session, stage, container, containerConfig);
}

export const requiresBuildKit = (flag: string) =>
  systemError(
    `the --${flag} option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to build images with BuildKit enabled`,
  );
