import { humanSize } from "../units.ts";
import { joinLabels, labelColumn, rowType } from "./format.ts";

/** volume.Volume of the API. */
export interface VolumeSummary {
  Name: string;
  Driver: string;
  Mountpoint: string;
  Scope: string;
  CreatedAt?: string;
  Labels?: Record<string, string> | null;
  Options?: Record<string, string> | null;
  UsageData?: { RefCount: number; Size: number } | null;
  ClusterVolume?: {
    Spec: { Group?: string; Availability?: string };
    Info?: { VolumeID?: string };
    PublishStatus?: unknown[];
  } | null;
}

export function volumeFormat(source: string, quiet: boolean): string {
  if (source === "table") return quiet ? "{{.Name}}" : "table {{.Driver}}\t{{.Name}}";
  if (source === "raw") return quiet ? "name: {{.Name}}" : "name: {{.Name}}\\ndriver: {{.Driver}}\\n";
  return source;
}

export const volumeRows = rowType<VolumeSummary>(
  "formatter.volumeContext",
  {
    ID: "ID",
    Name: "VOLUME NAME",
    Group: "GROUP",
    Driver: "DRIVER",
    Scope: "SCOPE",
    Availability: "AVAILABILITY",
    Mountpoint: "MOUNTPOINT",
    Labels: "LABELS",
    Links: "LINKS",
    Size: "SIZE",
    Status: "STATUS",
  },
  {
    Name: (volume) => volume.Name,
    Driver: (volume) => volume.Driver,
    Scope: (volume) => volume.Scope,
    Mountpoint: (volume) => volume.Mountpoint,
    Labels: (volume) => joinLabels(volume.Labels),
    Label: labelColumn((volume) => volume.Labels),
    Links: (volume) => (volume.UsageData ? String(volume.UsageData.RefCount) : "N/A"),
    Size: (volume) => (volume.UsageData ? humanSize(volume.UsageData.Size) : "N/A"),
    Group: ({ ClusterVolume }) => (ClusterVolume ? (ClusterVolume.Spec.Group ?? "") : "N/A"),
    Availability: ({ ClusterVolume }) => (ClusterVolume ? (ClusterVolume.Spec.Availability ?? "") : "N/A"),
    Status: ({ ClusterVolume }) => {
      if (!ClusterVolume) return "N/A";
      if (!ClusterVolume.Info?.VolumeID) return "pending creation";
      const nodes = ClusterVolume.PublishStatus?.length ?? 0;
      return nodes === 0 ? "created" : `in use (${nodes} node${nodes === 1 ? "" : "s"})`;
    },
  },
);
