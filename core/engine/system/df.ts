import { containerList } from "../container/list.ts";
import type { Engine } from "../engine.ts";
import { Filters } from "../../filters/filters.ts";
import { imageUsage } from "../image/usage.ts";
import { volumeJson } from "../volume/json.ts";

/** What docker system df can be asked about. */
export const diskUsageTypes = ["container", "image", "volume", "build-cache"] as const;
export type DiskUsageType = (typeof diskUsageTypes)[number];

/** What images, containers, volumes and the build cache take of the disk. */
export async function systemDiskUsage(
  engine: Engine,
  types: readonly DiskUsageType[],
): Promise<Record<string, unknown>> {
  const usage: Record<string, unknown> = {};
  if (types.includes("image")) {
    const { images, layersSize } = imageUsage(engine);
    usage.LayersSize = layersSize;
    usage.Images = images;
  } else usage.Images = null;
  usage.Containers = types.includes("container")
    ? await containerList(engine, { all: true, limit: 0, size: true, filters: new Filters() })
    : null;
  usage.Volumes = types.includes("volume") ? await volumeUsage(engine) : null;
  usage.BuildCache = types.includes("build-cache") ? [] : null;
  return usage;
}

async function volumeUsage(engine: Engine): Promise<unknown[]> {
  const usage: unknown[] = [];
  for (const volume of engine.volumes.all())
    usage.push(
      volumeJson(volume, {
        RefCount: engine.volumes.users(volume.name).length,
        Size: await engine.volumeDriver.usage(volume.name),
      }),
    );
  return usage;
}
