import type { Instant } from "../../platform/clock.ts";
import { familiarName, parseImageRef } from "../../oci/reference.ts";
import { pointer, slice, struct } from "../template/gotype.ts";
import { GoValue } from "../template/govalue.ts";
import { Template } from "../template/template.ts";
import { humanSize } from "../units.ts";
import type { BuildCacheRecord } from "./build_cache.ts";
import { buildCacheCompare, buildCacheRawFormat, buildCacheRows } from "./build_cache.ts";
import type { ContainerSummary } from "./container.ts";
import { containerRawFormat, containerRows } from "./container.ts";
import { formatRows, isTable, namingTemplateErrors, rowType, templateText } from "./format.ts";
import type { ImageRow, ImageSummary } from "./images.ts";
import { imageFormat, imageRows, isDangling } from "./images.ts";
import type { VolumeSummary } from "./volumes.ts";
import { volumeFormat, volumeRows } from "./volumes.ts";

/** types.DiskUsage of the API. */
export interface DiskUsage {
  LayersSize: number;
  Images: ImageSummary[] | null;
  Containers: ContainerSummary[] | null;
  Volumes: VolumeSummary[] | null;
  BuildCache: BuildCacheRecord[] | null;
}

/** One line of `docker system df`. */
interface Total {
  type: string;
  count: number;
  active: number;
  /** Bytes. */
  size: number;
  reclaimable: number;
  /** Whether the reclaimable bytes are also shown in percent of all. */
  percent: boolean;
}

const totalRows = rowType<Total>(
  "formatter.diskUsageImagesContext",
  { Type: "TYPE", TotalCount: "TOTAL", Active: "ACTIVE", Size: "SIZE", Reclaimable: "RECLAIMABLE" },
  {
    Type: ({ type }) => type,
    TotalCount: ({ count }) => String(count),
    Active: ({ active }) => String(active),
    Size: ({ size }) => humanSize(size),
    Reclaimable: ({ size, reclaimable, percent }) =>
      percent && size > 0
        ? `${humanSize(reclaimable)} (${Math.trunc((reclaimable * 100) / size)}%)`
        : humanSize(reclaimable),
  },
);

const totalTable = "table {{.Type}}\t{{.TotalCount}}\t{{.Active}}\t{{.Size}}\t{{.Reclaimable}}";
const totalRaw = `type: {{.Type}}
total: {{.TotalCount}}
active: {{.Active}}
size: {{.Size}}
reclaimable: {{.Reclaimable}}
`;

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** What of the build cache is not counted elsewhere. */
const builderSize = (records: readonly BuildCacheRecord[]) =>
  sum(records.filter((record) => !record.Shared).map((record) => record.Size));

/** The text of `docker system df`. */
export function diskUsageText(usage: DiskUsage, format: string): string {
  const chosen = format === "table" ? totalTable : format === "raw" ? totalRaw : format;
  return formatRows(chosen, totalRows, totalsOf(usage));
}

function totalsOf(usage: DiskUsage): Total[] {
  const images = usage.Images ?? [];
  const used = images.filter(
    ({ Containers, Size, SharedSize }) => Containers !== 0 && Size !== -1 && SharedSize !== -1,
  );
  const inUse = sum(used.map(({ Size, SharedSize }) => Size - SharedSize));
  const containers = usage.Containers ?? [];
  const runs = ({ State }: ContainerSummary) => ["running", "paused", "restarting"].includes(State);
  const written = (some: ContainerSummary[]) => sum(some.map(({ SizeRw }) => SizeRw ?? 0));
  const volumes = usage.Volumes ?? [];
  const bytes = (some: VolumeSummary[]) =>
    sum(some.map(({ UsageData }) => Math.max(UsageData?.Size ?? 0, 0)));
  const links = ({ UsageData }: VolumeSummary) => UsageData?.RefCount ?? 0;
  const cache = usage.BuildCache ?? [];
  const cacheInUse = cache.filter((record) => record.InUse);
  return [
    {
      type: "Images",
      count: images.length,
      active: images.filter((image) => image.Containers > 0).length,
      size: usage.LayersSize,
      reclaimable: usage.LayersSize - inUse,
      percent: true,
    },
    {
      type: "Containers",
      count: containers.length,
      active: containers.filter(runs).length,
      size: written(containers),
      reclaimable: written(containers.filter((container) => !runs(container))),
      percent: true,
    },
    {
      type: "Local Volumes",
      count: volumes.length,
      active: volumes.filter((volume) => links(volume) > 0).length,
      size: bytes(volumes),
      reclaimable: bytes(volumes.filter((volume) => links(volume) === 0)),
      percent: true,
    },
    {
      type: "Build Cache",
      count: cache.length,
      active: cacheInUse.length,
      size: builderSize(cache),
      reclaimable: builderSize(cache) - builderSize(cacheInUse),
      percent: false,
    },
  ];
}

const details = struct("formatter.diskUsageContext", {
  Images: slice(imageRows.type),
  Containers: slice(containerRows.type),
  Volumes: slice(volumeRows.type),
  BuildCache: slice(buildCacheRows.type),
});

const tables = {
  images:
    "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}",
  containers:
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}",
  volumes: "table {{.Name}}\t{{.Links}}\t{{.Size}}",
  buildCache:
    "table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t{{.UsageCount}}\t{{.Shared}}",
};

const rawDetails = [
  `{{range .Images}}type: Image\n${imageFormat("raw", false, true)}\n{{end -}}\n`,
  `{{range .Containers}}type: Container\n${containerRawFormat}\n{{end -}}\n`,
  `{{range .Volumes}}type: Volume\n${volumeFormat("raw", false)}\n{{end -}}\n`,
  `{{range .BuildCache}}type: Build Cache\n${buildCacheRawFormat}\n{{end -}}`,
].join("");

/** The text of `docker system df -v`. */
export function detailedDiskUsageText(usage: DiskUsage, format: string, now: Instant): string {
  const truncate = isTable(format);
  const images = (usage.Images ?? []).map((image): ImageRow => ({
    image,
    ...firstName(image),
    digest: "",
    truncate,
    now,
  }));
  // The size of a container's image is counted with the images.
  const containers = (usage.Containers ?? []).map((container) => ({
    container: { ...container, SizeRootFs: 0 },
    truncate,
    now,
  }));
  const volumes = usage.Volumes ?? [];
  const cache = [...(usage.BuildCache ?? [])]
    .sort(buildCacheCompare)
    .map((record) => ({ record, truncate, now }));
  if (format === "table") {
    return [
      `Images space usage:\n\n${formatRows(tables.images, imageRows, images)}`,
      `Containers space usage:\n\n${formatRows(tables.containers, containerRows, containers)}`,
      `Local Volumes space usage:\n\n${formatRows(tables.volumes, volumeRows, volumes)}`,
      `Build cache usage: ${humanSize(builderSize(usage.BuildCache ?? []))}\n\n${formatRows(tables.buildCache, buildCacheRows, cache)}`,
    ].join("\n");
  }
  const data = { Images: images, Containers: containers, Volumes: volumes, BuildCache: cache };
  return namingTemplateErrors(() => {
    const template = new Template(templateText(format === "raw" ? rawDetails : format));
    return template.execute(new GoValue(pointer(details), data));
  }, "template parsing error");
}

function firstName(image: ImageSummary): { repository: string; tag: string } {
  const first = isDangling(image) ? undefined : image.RepoTags?.[0];
  if (first === undefined) return { repository: "<none>", tag: "<none>" };
  const imageRef = parseImageRef(first);
  return { repository: familiarName(imageRef), tag: imageRef.tag ?? "<none>" };
}
