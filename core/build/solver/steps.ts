import type { ContainerConfig } from "../../oci/image.ts";
import type { Cancellation } from "../../platform/cancellation.ts";
import type { BuildBackend, StepCommit } from "../backend.ts";
import { systemError } from "../../errors/errors.ts";
import { type ConfigOperation, configure, shellOf } from "../configure.ts";
import type { Expanded } from "../graph.ts";
import type { BuildOptions, BuildOutput } from "../options.ts";
import type { ImageSources } from "./images.ts";
import { copyConfig, type BuildStage } from "./stage.ts";
import type { BuildSource } from "../context/source.ts";
import type { TemporaryContainers } from "./containers.ts";

/** What every step of a build works with. */
export interface BuildSession {
  backend: BuildBackend;
  options: BuildOptions;
  output: BuildOutput;
  cancellation: Cancellation;
  containers: TemporaryContainers;
  images: ImageSources;
  /** Undefined when the Dockerfile came alone. */
  context: BuildSource | undefined;
  /** The images of the stages that are done, in order. */
  stages: { name: string; imageId: string }[];
  escape: string;
}

/** Identifiers as Docker shows them. */
export const shortId = (id: string) => id.replace(/^sha256:/, "").slice(0, 12);

/** A step that only writes down a configuration: "/bin/sh -c #(nop)  ENV A=b" in docker history. */
export async function commitConfig(session: BuildSession, stage: BuildStage, comment: string): Promise<void> {
  const containerConfig = {
    ...copyConfig(stage.config),
    Cmd: [...shellOf(stage.config), "#(nop) ", comment],
  };
  const container = await probeAndCreate(session, stage, containerConfig);
  if (container) await commitContainer(session, stage, container, containerConfig);
}

/** Changes a stage's configuration; returns the operation as docker history shows it. Throws a DockerError. */
export async function configureStage(
  session: BuildSession,
  stage: BuildStage,
  operation: Expanded<ConfigOperation>,
): Promise<string> {
  const notes: string[] = [];
  let comment: string;
  try {
    comment = configure(operation, stage, (note) => notes.push(note));
  } catch (error) {
    throw systemError((error as Error).message);
  }
  for (const note of notes) await session.output.stdout(note);
  return comment;
}

/** The container for a step, unless the cache has its image: then the stage goes on from that. */
export async function probeAndCreate(
  session: BuildSession,
  stage: BuildStage,
  config: ContainerConfig,
): Promise<string | undefined> {
  if (await probe(session, stage, config)) return undefined;
  await inheritHealthcheck(session, stage, config);
  return createContainer(session, config);
}

/**
 * What a HEALTHCHECK leaves out comes from the one before it: making a step's container fills it in from the parent
 * image, and in Docker's builder that is the same object as the stage's own. (So HEALTHCHECK NONE keeps an interval.)
 */
async function inheritHealthcheck(
  session: BuildSession,
  stage: BuildStage,
  config: ContainerConfig,
): Promise<void> {
  if (!stage.config.Healthcheck || stage.imageId === "") return;
  const before = (await session.backend.images.get(stage.imageId)).config?.Healthcheck;
  stage.config.Healthcheck = { ...before, ...stage.config.Healthcheck };
  config.Healthcheck = { ...stage.config.Healthcheck };
}

/** Whether the cache has the step's image; the stage goes on from it then. */
export async function probe(
  session: BuildSession,
  stage: BuildStage,
  config: ContainerConfig,
): Promise<boolean> {
  const cached = await stage.cache.find(stage.imageId, config);
  session.backend.note(cached === undefined ? "cache miss" : "cache hit", {
    parent: stage.imageId,
    command: config.Cmd ?? [],
    ...(cached === undefined ? {} : { image: cached }),
  });
  if (cached === undefined) return false;
  await session.output.stdout(" ---> Using cache\n");
  stage.imageId = cached;
  return true;
}

export async function createContainer(session: BuildSession, config: ContainerConfig): Promise<string> {
  const { id, warnings } = await session.containers.create(session.backend.containers, config);
  for (const warning of warnings) await session.output.stdout(` ---> [Warning] ${warning}\n`);
  await session.output.stdout(` ---> Running in ${shortId(id)}\n`);
  return id;
}

export async function commitContainer(
  session: BuildSession,
  stage: BuildStage,
  container: string,
  containerConfig: ContainerConfig,
): Promise<void> {
  stage.imageId = await session.backend.containers.commit(container, stepCommit(stage, containerConfig));
}

export function stepCommit(stage: BuildStage, containerConfig: ContainerConfig): StepCommit {
  return { author: stage.author, config: copyConfig(stage.config), containerConfig };
}
