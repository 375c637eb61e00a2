import type { VolumeRecord } from "../../volumes/store.ts";

/** A volume as the API has it. */
export function volumeJson(
  volume: VolumeRecord,
  usage?: { RefCount: number; Size: number },
): Record<string, unknown> {
  return {
    CreatedAt: volume.created,
    Driver: volume.driver,
    Labels: volume.labels,
    Mountpoint: volume.mountpoint,
    Name: volume.name,
    Options: volume.options,
    Scope: "local",
    ...(usage ? { UsageData: usage } : {}),
  };
}
