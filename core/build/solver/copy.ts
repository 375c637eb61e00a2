import { systemError } from "../../errors/errors.ts";
import { shellOf } from "../configure.ts";
import { type BuildSource, treeSource } from "../context/source.ts";
import type { CopyOperation, Expanded } from "../graph.ts";
import { resolvePath } from "../../files/clean-path.ts";
import { parsePlatform } from "../platform.ts";
import { copyInto } from "./copy_files.ts";
import { type CopiedPath, findSources, sourcesHash } from "./copy_sources.ts";
import { ownerOf } from "./owner.ts";
import { requiresBuildKit } from "./run.ts";
import { type BuildSession, probe, stepCommit } from "./steps.ts";
import { type BuildStage, copyConfig } from "./stage.ts";

/** COPY and ADD: writes files into a layer of its own. The cache knows it by the files' sums. */
export async function copy(
  session: BuildSession,
  stage: BuildStage,
  operation: Expanded<CopyOperation>,
): Promise<void> {
  const { verb, chown, destination } = operation;
  if (operation.chmod !== "") throw requiresBuildKit("chmod");
  const closing: (() => Promise<void>)[] = [];
  try {
    const source =
      operation.from === "" ? session.context : await otherSource(session, operation.from, closing);
    const paths = await findSources(session, operation, source, (close) => closing.push(close));
    if (paths.length > 1 && !destination.endsWith("/"))
      throw systemError(
        `When using ${verb} with more than one source file, the destination must be a directory and end with a /`,
      );
    const what = `${verb} ${chown === "" ? "" : `--chown=${chown} `}${sourcesHash(session, paths)}`;
    const containerConfig = {
      ...copyConfig(stage.config),
      Cmd: [...shellOf(stage.config), `#(nop) ${what} in ${destination} `],
    };
    if (await probe(session, stage, containerConfig)) return;
    await write(session, stage, operation, paths, containerConfig);
  } finally {
    for (const close of closing) await close();
  }
}

async function write(
  session: BuildSession,
  stage: BuildStage,
  { verb, chown, from, destination }: Expanded<CopyOperation>,
  paths: CopiedPath[],
  containerConfig: ReturnType<typeof copyConfig>,
): Promise<void> {
  const layer = await session.backend.layer(stage.imageId);
  try {
    const path = resolvePath(stage.config.WorkingDir ?? "/", destination);
    // A final slash says that the destination is a directory, even when it is not there yet.
    const target = destination.endsWith("/") && path !== "/" ? `${path}/` : path;
    // From another image files keep their owners; those of a context mean nothing here.
    const owner =
      chown !== "" ? await ownerOf(layer.root, chown) : from !== "" ? undefined : { uid: 0, gid: 0 };
    for (const copied of paths) {
      try {
        await copyInto(
          layer.root,
          target,
          copied,
          { owner, unpack: verb === "ADD" && copied.mayUnpack },
          session.backend,
        );
      } catch (error) {
        throw systemError(`failed to copy files: ${(error as Error).message}`);
      }
    }
    stage.imageId = await layer.commit(stepCommit(stage, containerConfig));
  } finally {
    await layer.release();
  }
}

/** --from: a stage by name or number, else an image. */
async function otherSource(
  session: BuildSession,
  from: string,
  closing: (() => Promise<void>)[],
): Promise<BuildSource> {
  const { backend, stages, options } = session;
  let imageId: string;
  try {
    const stage =
      stages.findLast(({ name }) => name !== "" && name === from.toLowerCase()) ?? numbered(stages, from);
    const platform = options.platform === "" ? undefined : parsePlatform(options.platform);
    imageId = stage ? stage.imageId : (await session.images.get(from, false, platform)).id;
  } catch (error) {
    const { message } = error as Error;
    throw systemError(`invalid from flag value ${from}: ${message}`);
  }
  const layer = await backend.layer(imageId);
  closing.push(() => layer.release());
  return treeSource(layer.root, backend);
}

function numbered(stages: BuildSession["stages"], text: string): BuildSession["stages"][number] | undefined {
  if (!/^[-+]?\d+$/.test(text)) return undefined;
  const number = Number(text);
  if (number === stages.length) throw new Error("refers to current build stage");
  if (number < 0 || number > stages.length) throw new Error("index out of bounds");
  return stages[number];
}
