import { DockerError, invalidParameter, systemError } from "../errors/errors.ts";
import { type ByteSource, sourceOf } from "../platform/bytes.ts";
import type { Cancellation } from "../platform/cancellation.ts";
import type { BuildBackend } from "./backend.ts";
import { parse, readContext } from "./context/dockerfile.ts";
import { remoteContext } from "./context/remote.ts";
import { type BuildSource, contextSource } from "./context/source.ts";
import type { BuildGraph } from "./graph.ts";
import type { BuildOptions, BuildOutput } from "./options.ts";
import { TemporaryContainers } from "./solver/containers.ts";
import { ImageSources } from "./solver/images.ts";
import { solve } from "./solver/solve.ts";
import { shortId } from "./solver/steps.ts";

/**
 * Builds an image with the classic builder and gives it its names; returns its identifier. `archive` is the context, a
 * tar archive, compressed or not. Rejects with a DockerError, or CommandFailed for a RUN that failed.
 */
export async function build(
  backend: BuildBackend,
  options: BuildOptions,
  archive: ByteSource | null,
  output: BuildOutput,
  cancellation: Cancellation,
): Promise<string> {
  const names = familiarNames(backend, options.tags);
  const { graph, context } = await open(backend, options, archive, output);
  try {
    const imageId = await solve(
      {
        backend,
        options,
        output,
        cancellation,
        containers: new TemporaryContainers(backend.containers, options.host, output),
        images: new ImageSources(backend, options, output),
        context,
        stages: [],
        escape: graph.escape,
      },
      graph,
    );
    if (imageId === "") throw systemError("No image was generated. Is your Dockerfile empty?");
    await output.stdout(`Successfully built ${shortId(imageId)}\n`);
    for (const name of names) {
      await backend.images.tag(imageId, name);
      await output.stdout(`Successfully tagged ${name}\n`);
    }
    return imageId;
  } finally {
    await context?.root.close();
  }
}

function familiarNames(backend: BuildBackend, tags: readonly string[]): string[] {
  const names = tags.filter((tag) => tag !== "").map((tag) => backend.images.familiarName(tag));
  return [...new Set(names)];
}

/** The context and what its Dockerfile says, cut to the target. */
async function open(
  backend: BuildBackend,
  options: BuildOptions,
  archive: ByteSource | null,
  output: BuildOutput,
): Promise<{ graph: BuildGraph; context: BuildSource | undefined }> {
  const name = options.dockerfile || "Dockerfile";
  const remote =
    options.remote === ""
      ? { archive: archive ?? sourceOf() }
      : await remoteContext(options.remote, backend, output);
  if ("dockerfile" in remote)
    return { graph: await prepare(parse(remote.dockerfile, name), options, output), context: undefined };

  const context = await readArchive(remote.archive, backend);
  try {
    return { graph: await prepare(await readContext(context, name), options, output), context };
  } catch (error) {
    await context.root.close();
    throw error;
  }
}

async function readArchive(archive: ByteSource, backend: BuildBackend): Promise<BuildSource> {
  try {
    return await contextSource(archive, backend);
  } catch (error) {
    throw error instanceof DockerError ? error : systemError((error as Error).message);
  }
}

/** Does --target and --label to a graph, and says what its front end had to say. */
async function prepare(graph: BuildGraph, options: BuildOptions, output: BuildOutput): Promise<BuildGraph> {
  let { stages } = graph;
  if (options.target !== "") {
    const target = stages.findIndex(({ name }) => name === options.target.toLowerCase());
    if (target < 0) throw invalidParameter(`target stage "${options.target}" could not be found`);
    stages = stages.slice(0, target + 1);
  }
  const last = stages.at(-1);
  if (last) {
    const labels = Object.entries(options.labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const steps = labels.map(([key, value]) => ({
      operation: { kind: "label" as const, pairs: [], literal: { [key]: value } },
      source: `LABEL ${key}=${value}`,
      line: 0,
    }));
    stages = [...stages.slice(0, -1), { ...last, steps: [...last.steps, ...steps] }];
  }
  for (const warning of graph.warnings) await output.stderr(`${warning}\n`);
  return { ...graph, stages };
}
