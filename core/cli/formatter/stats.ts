import { bytesSize, humanSize } from "../units.ts";
import { formatRows, rowType } from "./format.ts";
import { truncateId } from "./ids.ts";

/** What a container used when it was last looked at. */
export interface StatsEntry {
  /** As it was asked for: a name, or an ID. */
  container: string;
  /** With the slash before it; "" until something is known. */
  name: string;
  id: string;
  cpuPercent: number;
  memory: number;
  memoryLimit: number;
  memoryPercent: number;
  networkReceived: number;
  networkSent: number;
  blockRead: number;
  blockWritten: number;
  processes: number;
  /** Nothing came in time: "--" is shown. */
  invalid: boolean;
}

interface Row {
  entry: StatsEntry;
  truncate: boolean;
  isWindows: boolean;
}

const none = "--";
const percent = (value: number) => `${value.toFixed(2)}%`;
const pair = (a: number, b: number) => `${humanSize(a, 3)} / ${humanSize(b, 3)}`;

const headers = {
  Container: "CONTAINER",
  Name: "NAME",
  ID: "CONTAINER ID",
  CPUPerc: "CPU %",
  MemUsage: "MEM USAGE / LIMIT",
  MemPerc: "MEM %",
  NetIO: "NET I/O",
  BlockIO: "BLOCK I/O",
  PIDs: "PIDS",
};

const rowsFor = (isWindows: boolean) =>
  rowType<Row>("container.statsContext", isWindows ? { ...headers, MemUsage: "PRIV WORKING SET" } : headers, {
    Container: ({ entry }) => entry.container,
    Name: ({ entry }) => (entry.name.length > 1 ? entry.name.slice(1) : none),
    ID: ({ entry, truncate }) => (truncate ? truncateId(entry.id) : entry.id),
    CPUPerc: ({ entry }) => (entry.invalid ? none : percent(entry.cpuPercent)),
    MemUsage: ({ entry, isWindows }) => {
      if (entry.invalid) return "-- / --";
      return isWindows
        ? bytesSize(entry.memory)
        : `${bytesSize(entry.memory)} / ${bytesSize(entry.memoryLimit)}`;
    },
    MemPerc: ({ entry, isWindows }) => (entry.invalid || isWindows ? none : percent(entry.memoryPercent)),
    NetIO: ({ entry }) => (entry.invalid ? none : pair(entry.networkReceived, entry.networkSent)),
    BlockIO: ({ entry }) => (entry.invalid ? none : pair(entry.blockRead, entry.blockWritten)),
    PIDs: ({ entry, isWindows }) => (entry.invalid || isWindows ? none : String(entry.processes)),
  });

const linux =
  "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}";
const windows = "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.NetIO}}\t{{.BlockIO}}";

/** The whole text of `docker stats`, once. Throws for a template that cannot be used. */
export function formatStats(
  format: string,
  entries: readonly StatsEntry[],
  { truncate, osType }: { truncate: boolean; osType: string },
): string {
  const isWindows = osType === "windows";
  const template = format === "table" ? (isWindows ? windows : linux) : format;
  return formatRows(
    template,
    rowsFor(isWindows),
    entries.map((entry) => ({ entry, truncate, isWindows })),
  );
}
