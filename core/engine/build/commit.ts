import type { StepCommit } from "../../build/backend.ts";
import { serialiseImageConfig } from "../../oci/config.ts";
import type { ImageConfig } from "../../oci/image.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";

/** The sum of a layer in which nothing has changed: two blocks of zeros. Docker counts such a step as no layer. */
const EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/**
 * Makes the image of a build's step from an active snapshot: a child of `parentId` ("" is nothing). `container`: the
 * one that ran it, if one did.
 */
export async function commitStep(
  engine: Engine,
  { trace }: Operation,
  snapshot: string,
  parentId: string,
  step: StepCommit,
  container: string | undefined,
): Promise<string> {
  const { diffId, chainId } = await engine.snapshotter.commit(snapshot, trace);
  engine.images.hold(chainId);
  try {
    const parent = parentId === "" ? undefined : engine.images.resolve(parentId).config;
    const empty = diffId === EMPTY_LAYER;
    const created = formatTime(engine.clock.now());
    const config: ImageConfig = {
      architecture: parent?.architecture || engine.settings.goArch,
      ...(parent?.variant ? { variant: parent.variant } : {}),
      os: parent?.os || "linux",
      ...(parent?.["os.version"] ? { "os.version": parent["os.version"] } : {}),
      ...(parent?.["os.features"] ? { "os.features": parent["os.features"] } : {}),
      author: step.author,
      created,
      config: step.config,
      ...(container === undefined ? {} : { container }),
      container_config: step.containerConfig,
      docker_version: engine.settings.version,
      rootfs: { type: "layers", diff_ids: [...(parent?.rootfs.diff_ids ?? []), ...(empty ? [] : [diffId])] },
      history: [
        ...(parent?.history ?? []),
        {
          created,
          created_by: (step.containerConfig.Cmd ?? []).join(" "),
          ...(step.author === "" ? {} : { author: step.author }),
          ...(empty ? { empty_layer: true } : {}),
        },
      ],
    };
    const { id } = engine.images.create(serialiseImageConfig(config));
    engine.images.setBuiltLocally(id);
    if (parentId !== "") engine.images.setParent(id, parentId);
    trace.note("builder", "commit step", { image: id, parent: parentId, layer: empty ? null : chainId });
    return id;
  } finally {
    await engine.images.release(chainId);
  }
}
