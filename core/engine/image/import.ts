import { applyChanges } from "../../build/changes.ts";
import { collect, contentSource } from "../../archive/collect.ts";
import { decompress } from "../../archive/compression.ts";
import type { ImageRef } from "../../oci/reference.ts";
import { serialiseImageConfig } from "../../oci/config.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { imageEvent } from "./events.ts";
import { readPlatform } from "./platform.ts";
import { tagImage } from "./tag.ts";

export interface ImageImportOptions {
  archive: ByteSource;
  target: ImageRef | undefined;
  /** "" is the engine's own. */
  platform: string;
  message: string;
  /** Dockerfile instructions. */
  changes: readonly string[];
}

/** Makes an image of one layer from a file system's archive. Returns its identifier. */
export async function imageImport(
  engine: Engine,
  operation: Operation,
  options: ImageImportOptions,
): Promise<string> {
  const { settings, snapshotter, images, clock, codecs } = engine;
  const platform =
    options.platform === ""
      ? { os: settings.osType, architecture: settings.goArch, variant: "" }
      : readPlatform(options.platform);
  const config = applyChanges({}, options.changes);
  const archive = decompress(await collect(options.archive), codecs);
  const layer = await snapshotter.apply(null, null, contentSource(archive), operation.trace);
  images.hold(layer.chainId);
  try {
    const created = formatTime(clock.now());
    const blob = serialiseImageConfig({
      architecture: platform.architecture,
      variant: platform.variant,
      os: platform.os,
      comment: options.message,
      created,
      config,
      docker_version: settings.version,
      rootfs: { type: "layers", diff_ids: [layer.diffId] },
      history: [{ created, comment: options.message }],
    });
    const { id } = images.create(blob);
    if (options.target) tagImage(engine, id, options.target);
    imageEvent(engine, "import", id);
    return id;
  } finally {
    await images.release(layer.chainId);
  }
}
