import type { Instant } from "../../platform/clock.ts";
import { formatGoTime, parseRfc3339 } from "../timestamps.ts";
import { ago, humanSize } from "../units.ts";
import { rowType } from "./format.ts";
import { truncateId } from "./ids.ts";

/** build.CacheRecord of the API. */
export interface BuildCacheRecord {
  ID: string;
  Parent?: string;
  Parents?: string[];
  Type: string;
  Description: string;
  InUse: boolean;
  Shared: boolean;
  Size: number;
  CreatedAt: string;
  LastUsedAt?: string | null;
  UsageCount: number;
}

export interface BuildCacheRow {
  record: BuildCacheRecord;
  truncate: boolean;
  now: Instant;
}

const seconds = (time: string) => Number(parseRfc3339(time) ?? 0n) / 1e9;

/** The order of a list: what was used longest ago first. */
export function buildCacheCompare(a: BuildCacheRecord, b: BuildCacheRecord): number {
  const [left, right] = [a.LastUsedAt ?? "", b.LastUsedAt ?? ""];
  if (left !== right && (left === "" || right === "")) return left === "" ? -1 : 1;
  const difference = left === "" ? 0 : Number((parseRfc3339(left) ?? 0n) - (parseRfc3339(right) ?? 0n));
  return difference || (a.ID < b.ID ? -1 : a.ID > b.ID ? 1 : 0);
}

export const buildCacheRawFormat = `build_cache_id: {{.ID}}
parent_id: {{.Parent}}
build_cache_type: {{.CacheType}}
description: {{.Description}}
created_at: {{.CreatedAt}}
created_since: {{.CreatedSince}}
last_used_at: {{.LastUsedAt}}
last_used_since: {{.LastUsedSince}}
usage_count: {{.UsageCount}}
in_use: {{.InUse}}
shared: {{.Shared}}
`;

export const buildCacheRows = rowType<BuildCacheRow>(
  "formatter.buildCacheContext",
  {
    ID: "CACHE ID",
    Parent: "PARENT",
    CacheType: "CACHE TYPE",
    Size: "SIZE",
    CreatedSince: "CREATED",
    LastUsedSince: "LAST USED",
    UsageCount: "USAGE",
    InUse: "IN USE",
    Shared: "SHARED",
    Description: "DESCRIPTION",
  },
  {
    ID: ({ record, truncate }) => (truncate ? truncateId(record.ID) : record.ID) + (record.InUse ? "*" : ""),
    Parent: ({ record, truncate }) => {
      const parent = record.Parents?.length ? record.Parents.join(", ") : (record.Parent ?? "");
      return truncate ? truncateId(parent) : parent;
    },
    CacheType: ({ record }) => record.Type,
    Description: ({ record }) => record.Description,
    Size: ({ record }) => humanSize(record.Size, 3),
    CreatedAt: ({ record }) => formatGoTime(parseRfc3339(record.CreatedAt) ?? 0n),
    CreatedSince: ({ record, now }) => ago(now, seconds(record.CreatedAt)),
    LastUsedAt: ({ record }) =>
      record.LastUsedAt ? formatGoTime(parseRfc3339(record.LastUsedAt) ?? 0n) : "",
    LastUsedSince: ({ record, now }) => (record.LastUsedAt ? ago(now, seconds(record.LastUsedAt)) : ""),
    UsageCount: ({ record }) => String(record.UsageCount),
    InUse: ({ record }) => String(record.InUse),
    Shared: ({ record }) => String(record.Shared),
  },
);
