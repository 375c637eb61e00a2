import { applyChanges } from "../../build/changes.ts";
import type { Container } from "../../containers/container.ts";
import { conflict } from "../../errors/errors.ts";
import { serialiseImageConfig } from "../../oci/config.ts";
import { isEmptyLayer } from "../../oci/digest.ts";
import type { ContainerConfig, ImageConfig } from "../../oci/image.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { familiarRef, withDefaultTag } from "../../oci/reference.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "../image/events.ts";
import { tagImage } from "../image/tag.ts";
import { containerEvent } from "./events.ts";
import { mergeConfig } from "./merge-config.ts";
import { pauseLocked } from "./pause.ts";
import { unpauseLocked } from "./unpause.ts";

export interface ContainerCommitOptions {
  target: ImageRef | undefined;
  author: string;
  comment: string;
  /** Dockerfile instructions. */
  changes: readonly string[];
  /** Freezes the container meanwhile. */
  pause: boolean;
  /** Instead of the container's own. */
  config: ContainerConfig | undefined;
}

/** Makes an image of what a container has changed, on top of its own image. Returns its identifier. */
export async function containerCommit(
  engine: Engine,
  operation: Operation,
  containerRef: string,
  options: ContainerCommitOptions,
): Promise<string> {
  const container = engine.containers.resolve(containerRef);
  const { state, id } = container.record;
  if (state.dead) throw conflict(`You cannot commit container ${id} which is Dead`);
  if (state.removing) throw conflict(`You cannot commit container ${id} which is being removed`);
  return operation.trace.step("engine", "container commit", { container: id }, (trace) =>
    container.lock.run(async () => {
      const freeze = options.pause && state.running && !state.paused && !state.restarting;
      if (freeze) await pauseLocked(engine, { ...operation, trace }, container);
      try {
        return await commit(engine, { ...operation, trace }, container, options);
      } finally {
        if (freeze) await unpauseLocked(engine, { ...operation, trace }, container);
      }
    }),
  );
}

async function commit(
  engine: Engine,
  operation: Operation,
  container: Container,
  { target, author, comment, changes, config }: ContainerCommitOptions,
): Promise<string> {
  const { record } = container;
  const changed = applyChanges(config ?? record.config, changes);
  const { diffId, chainId } = await engine.snapshotter.commit(record.id, operation.trace);
  engine.images.hold(chainId);
  try {
    const created = formatTime(engine.clock.now());
    const parent: Partial<ImageConfig> | undefined = engine.images.get(record.imageId)?.config;
    const empty = isEmptyLayer(diffId);
    const withLabels = (merged: ContainerConfig) => ({ ...merged, Labels: merged.Labels ?? {} });
    const blob = serialiseImageConfig({
      architecture: parent?.architecture || engine.settings.goArch,
      ...(parent?.variant ? { variant: parent.variant } : {}),
      os: record.platform || "linux",
      ...(parent?.["os.version"] ? { "os.version": parent["os.version"] } : {}),
      ...(parent?.["os.features"] ? { "os.features": parent["os.features"] } : {}),
      author,
      created,
      config: withLabels(mergeConfig(changed, record.config)),
      container: record.id,
      container_config: withLabels(record.config),
      docker_version: engine.settings.version,
      rootfs: { type: "layers", diff_ids: [...(parent?.rootfs?.diff_ids ?? []), ...(empty ? [] : [diffId])] },
      history: [
        ...(parent?.history ?? []),
        {
          created,
          created_by: (record.config.Cmd ?? []).join(" "),
          author,
          comment,
          ...(empty ? { empty_layer: true } : {}),
        },
      ],
    });
    const { id } = engine.images.create(blob);
    imageEvent(engine, "create", id);
    engine.images.setBuiltLocally(id);
    if (engine.images.get(record.imageId)) engine.images.setParent(id, record.imageId);
    if (target) tagImage(engine, id, target);
    const imageRef = target ? familiarRef(withDefaultTag(target)) : "";
    containerEvent(engine, container, "commit", { comment, imageID: id, imageRef });
    return id;
  } finally {
    await engine.images.release(chainId);
  }
}
