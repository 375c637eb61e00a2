import { invalidParameter, systemError } from "../../errors/errors.ts";
import { expanderOf, parseTrigger } from "../dockerfile/parse.ts";
import { type BuildGraph, expandWords, type Operation, type Stage, type Step } from "../graph.ts";
import { parsePlatform, type Platform } from "../platform.ts";
import { BuildArguments } from "./arguments.ts";
import { cacheFrom, localCache, noCache, untilMissed } from "./cache.ts";
import { copy } from "./copy.ts";
import { run } from "./run.ts";
import { BuildStage } from "./stage.ts";
import { type BuildSession, commitConfig, configureStage, shortId } from "./steps.ts";
import { workdir } from "./workdir.ts";

/** Carries a graph out, a step after the other, as Docker's classic builder does. Returns the last stage's image, "" when there is none. */
export async function solve(session: BuildSession, graph: BuildGraph): Promise<string> {
  const { output, options, stages } = session;
  const total = graph.stages.reduce((sum, stage) => sum + 1 + stage.steps.length, graph.globals.length);
  let number = 1;
  const announce = async (source: string) => {
    await output.stdout(`Step ${number++}/${total} : ${source}`);
    await output.stdout("\n");
  };

  const args = new BuildArguments(options.buildArgs);
  for (const { operation, source } of graph.globals) {
    await announce(source);
    const known = args.variables();
    const { declarations } = expandWords(
      operation,
      expanderOf((name) => known.get(name), graph.escape),
    );
    for (const { key, value } of declarations) args.declareGlobal(key, value);
  }

  let imageId = "";
  for (const description of graph.stages) {
    const { name } = description;
    if (name !== "" && stages.some((stage) => stage.name === name))
      throw systemError(`${name} stage name already used`);
    await announce(description.source);
    const stage = await begin(session, description, args.stage());
    await output.stdout(` ---> ${shortId(stage.imageId)}\n`);
    for (const step of description.steps) {
      if (session.cancellation.cancelled) {
        await output.stdout("Build cancelled\n");
        throw systemError("Build cancelled");
      }
      await announce(step.source);
      await session.backend.step(step.source, (backend) => perform({ ...session, backend }, stage, step));
      await output.stdout(` ---> ${shortId(stage.imageId)}\n`);
    }
    imageId = stage.imageId;
    if (imageId !== "") await output.imageId(imageId);
    stages.push({ name, imageId });
  }
  const unused = args.unused();
  if (unused) await output.stdout(unused);
  return imageId;
}

/** FROM: finds the base, and does what its ONBUILD instructions ask for. */
async function begin(session: BuildSession, description: Stage, args: BuildArguments): Promise<BuildStage> {
  const { backend, options, images, stages, escape } = session;
  const globals = args.globals();
  const { word } = expanderOf((name) => globals.get(name), escape);
  const cache = options.noCache
    ? noCache
    : options.cacheFrom.length > 0
      ? await cacheFrom(backend.images, options.cacheFrom)
      : localCache(backend.images);

  let platform = options.platform === "" ? undefined : parsePlatform(options.platform);
  if (description.platform) platform = basePlatform(word(description.platform.word)) ?? platform;
  const base = word(description.base.word);
  if (base === "") throw systemError(`base name (${description.base.word}) should not be blank`);
  const earlier = stages.find(({ name }) => name !== "" && name === base.toLowerCase());
  const name = earlier ? earlier.imageId : base;
  const image =
    name === "scratch" || name === "" ? undefined : await images.get(name, earlier !== undefined, platform);

  const stage = new BuildStage(description.name, image, args, untilMissed(cache));
  const triggers = stage.config.OnBuild ?? [];
  if (triggers.length === 0) return stage;
  stage.config.OnBuild = null;
  await session.output.stdout(`# Executing ${triggers.length} build trigger`);
  if (triggers.length > 1) await session.output.stdout("s");
  await session.output.stdout("\n");
  for (const trigger of triggers) await perform(session, stage, parseTrigger(trigger));
  return stage;
}

function basePlatform(specifier: string): Platform | undefined {
  try {
    return parsePlatform(specifier);
  } catch (error) {
    throw invalidParameter(`failed to parse platform ${specifier}: ${(error as Error).message}`);
  }
}

/** Does one step, and takes its container away after it as the options say. */
async function perform(session: BuildSession, stage: BuildStage, { operation }: Step): Promise<void> {
  const { remove, forceRemove } = session.options;
  try {
    await dispatch(session, stage, operation);
  } catch (error) {
    if (forceRemove) await session.containers.removeAll();
    throw error;
  }
  if (remove || forceRemove) await session.containers.removeAll();
}

async function dispatch(session: BuildSession, stage: BuildStage, operation: Operation): Promise<void> {
  const variables = stage.variables();
  const expander = expanderOf((name) => variables.get(name), session.escape);
  const resolve = <O extends Operation>(unresolved: O) => {
    try {
      return expandWords(unresolved, expander);
    } catch (error) {
      throw invalidParameter((error as Error).message);
    }
  };
  switch (operation.kind) {
    case "run":
      return run(session, stage, resolve(operation));
    case "copy":
      return copy(session, stage, resolve(operation));
    case "workdir":
      return workdir(session, stage, resolve(operation));
    default:
      return commitConfig(session, stage, await configureStage(session, stage, resolve(operation)));
  }
}
