import type { Instant } from "../../platform/clock.ts";
import { formatRfc3339, fromSeconds } from "../timestamps.ts";
import { ago, humanSize } from "../units.ts";
import { rowType } from "./format.ts";
import { truncateId } from "./ids.ts";
import { ellipsis } from "./width.ts";

/** image.HistoryResponseItem of the API: a step by which an image was made. */
export interface HistoryItem {
  Id: string;
  Created: number;
  CreatedBy: string;
  Tags: string[] | null;
  Size: number;
  Comment: string;
}

export interface HistoryRow {
  item: HistoryItem;
  truncate: boolean;
  human: boolean;
  now: Instant;
}

export function historyFormat(source: string, quiet: boolean, human: boolean): string {
  if (source !== "table") return source;
  if (quiet) return "{{.ID}}";
  return `table {{.ID}}\t{{${human ? ".CreatedSince" : ".CreatedAt"}}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}`;
}

/** 2000-01-01: what is older has no date worth telling. */
const epoch = 946684800;

const createdAt = ({ item }: HistoryRow) => formatRfc3339(fromSeconds(item.Created));

export const historyRows = rowType<HistoryRow>(
  "image.historyContext",
  {
    ID: "IMAGE",
    CreatedSince: "CREATED",
    CreatedAt: "CREATED AT",
    CreatedBy: "CREATED BY",
    Size: "SIZE",
    Comment: "COMMENT",
  },
  {
    ID: ({ item, truncate }) => (truncate ? truncateId(item.Id) : item.Id),
    CreatedAt: createdAt,
    CreatedSince: (row) => {
      if (!row.human) return createdAt(row);
      return row.item.Created <= epoch ? "N/A" : ago(row.now, row.item.Created);
    },
    CreatedBy: ({ item, truncate }) => {
      const by = item.CreatedBy.replaceAll("\t", " ");
      return truncate ? ellipsis(by, 45) : by;
    },
    Size: ({ item, human }) => (human ? humanSize(item.Size, 3) : String(item.Size)),
    Comment: ({ item }) => item.Comment,
  },
);
