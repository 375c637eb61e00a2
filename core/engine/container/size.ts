import type { ContainerRecord } from "../../containers/record.ts";
import type { Engine } from "../engine.ts";

/** Bytes that a container's own layer has, and those of it and its image together. */
export async function containerSizes(
  engine: Engine,
  record: ContainerRecord,
): Promise<{ rw: number; rootFs: number }> {
  const { size: rw } = await engine.snapshotter.usage(record.id);
  return { rw, rootFs: rw + imageSize(engine, record) };
}

function imageSize(engine: Engine, record: ContainerRecord): number {
  const image = engine.images.get(record.imageId);
  if (image) return image.size;
  // The image is gone (rmi -f), its layers stay below the container.
  let size = 0;
  for (let key = record.chainId ?? undefined; key !== undefined; key = engine.snapshotter.parent(key))
    size += engine.snapshotter.layer(key)?.size ?? 0;
  return size;
}
