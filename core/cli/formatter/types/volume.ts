import { any, int64, map, omitempty, pointer, string, struct } from "../../template/gotype.ts";

const usageData = struct("volume.UsageData", { RefCount: int64, Size: int64 });

/** What `docker volume inspect` reads a volume into. */
export const volumeInspect = struct("volume.Volume", {
  ClusterVolume: omitempty(any),
  CreatedAt: omitempty(string),
  Driver: string,
  Labels: map(string, string),
  Mountpoint: string,
  Name: string,
  Options: map(string, string),
  Scope: string,
  Status: omitempty(map(string, any)),
  UsageData: omitempty(pointer(usageData)),
});
