import { shellOf } from "../configure.ts";
import type { Expanded, WorkdirOperation } from "../graph.ts";
import { type BuildSession, commitContainer, configureStage, probeAndCreate } from "./steps.ts";
import { type BuildStage, copyConfig } from "./stage.ts";

/** WORKDIR: also makes the directory, so that a layer has it. */
export async function workdir(
  session: BuildSession,
  stage: BuildStage,
  operation: Expanded<WorkdirOperation>,
): Promise<void> {
  const comment = await configureStage(session, stage, operation);
  // One argument, where other instructions have two: history has kept it so.
  const containerConfig = {
    ...copyConfig(stage.config),
    Cmd: [...shellOf(stage.config), `#(nop) ${comment}`],
  };
  const container = await probeAndCreate(session, stage, containerConfig);
  if (!container) return;
  await session.backend.containers.makeWorkdir(container);
  await commitContainer(session, stage, container, containerConfig);
}
