import { familiarRef, parseImageRef } from "../../oci/reference.ts";
import type { Instant } from "../../platform/clock.ts";
import { quote } from "../go/strconv.ts";
import { pointer, struct } from "../template/gotype.ts";
import { GoValue } from "../template/govalue.ts";
import { Template } from "../template/template.ts";
import { formatGoTime } from "../timestamps.ts";
import { humanDuration, humanSize } from "../units.ts";
import { formatRows, joinLabels, labelColumn, namingTemplateErrors, rowType } from "./format.ts";
import { truncateId } from "./ids.ts";
import { ellipsis } from "./width.ts";

/** A container in the engine's list. */
export interface ContainerSummary {
  Id: string;
  Names: string[] | null;
  Image: string;
  ImageID: string;
  Command: string;
  Created: number;
  State: string;
  Status: string;
  Ports: PortSummary[] | null;
  SizeRw?: number;
  SizeRootFs?: number;
  Labels: Record<string, string> | null;
  Mounts: { Name?: string; Source: string; Driver?: string }[] | null;
  NetworkSettings?: { Networks: Record<string, unknown> | null } | null;
  ImageManifestDescriptor?: { platform?: { os: string; architecture: string; variant?: string } } | null;
}

export interface PortSummary {
  IP?: string;
  PrivatePort: number;
  PublicPort?: number;
  Type: string;
}

/** How the list is to be shown. */
export interface ContainerView {
  truncate: boolean;
  now: Instant;
  /** Told which columns a template asks for: the size has to be asked of the engine. */
  onSize?: () => void;
}

interface Row extends ContainerView {
  container: ContainerSummary;
}

const headers = {
  ID: "CONTAINER ID",
  Names: "NAMES",
  Image: "IMAGE",
  Command: "COMMAND",
  CreatedAt: "CREATED AT",
  RunningFor: "CREATED",
  Ports: "PORTS",
  State: "STATE",
  Status: "STATUS",
  Size: "SIZE",
  Labels: "LABELS",
  Mounts: "MOUNTS",
  LocalVolumes: "LOCAL VOLUMES",
  Networks: "NETWORKS",
  Platform: "PLATFORM",
};

const rows = rowType<Row>("formatter.ContainerContext", headers, {
  ID: ({ container, truncate }) => (truncate ? truncateId(container.Id) : container.Id),
  Names: ({ container, truncate }) => namesOf(container, truncate),
  Image: ({ container, truncate }) => imageOf(container, truncate),
  Command: ({ container, truncate }) => quote(truncate ? ellipsis(container.Command, 20) : container.Command),
  CreatedAt: ({ container }) => formatGoTime(BigInt(container.Created) * 1_000_000_000n),
  RunningFor: ({ container, now }) => `${humanDuration(Number(now) / 1e9 - container.Created)} ago`,
  Platform: ({ container }) => platformOf(container),
  Ports: ({ container }) => displayPorts(container.Ports ?? []),
  State: ({ container }) => container.State,
  Status: ({ container }) => container.Status,
  Size: ({ container, onSize }) => {
    onSize?.();
    const written = humanSize(container.SizeRw ?? 0, 3);
    return container.SizeRootFs ? `${written} (virtual ${humanSize(container.SizeRootFs, 3)})` : written;
  },
  Labels: ({ container }) => joinLabels(container.Labels),
  Label: labelColumn(({ container }) => container.Labels),
  Mounts: ({ container, truncate }) =>
    (container.Mounts ?? [])
      .map(({ Name, Source }) => (truncate ? ellipsis(Name || Source, 15) : Name || Source))
      .join(","),
  LocalVolumes: ({ container }) =>
    String((container.Mounts ?? []).filter(({ Driver }) => Driver === "local").length),
  Networks: ({ container }) => Object.keys(container.NetworkSettings?.Networks ?? {}).join(","),
});

/** The template of a list of containers for `--format`, which may be "", "table" or "raw". */
export function containerFormat(format: string, quiet: boolean, size: boolean): string {
  const table =
    "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
  if (format === "raw")
    return quiet ? "container_id: {{.ID}}" : rawFormat + (size ? "size: {{.Size}}\\n" : "");
  if (quiet) return "{{.ID}}";
  return format === "" || format === "table" ? table + (size ? "\\t{{.Size}}" : "") : format;
}

const rawFormat = `container_id: {{.ID}}
image: {{.Image}}
command: {{.Command}}
created_at: {{.CreatedAt}}
state: {{- pad .State 1 0}}
status: {{- pad .Status 1 0}}
names: {{.Names}}
labels: {{- pad .Labels 1 0}}
ports: {{- pad .Ports 1 0}}
`;

/** The whole text of a list of containers. Throws for a template that cannot be used. */
export function formatContainers(
  format: string,
  containers: readonly ContainerSummary[],
  view: ContainerView,
): string {
  return formatRows(
    format,
    rows,
    containers.map((container) => ({ ...view, container })),
  );
}

/** Whether the template shows sizes, which cost the engine time. Throws docker's texts for a template that cannot be used. */
export function asksForSize(format: string): boolean {
  let asked = false;
  const onSize = () => void (asked = true);
  const template = namingTemplateErrors(() => new Template(format), "failed to parse template");
  const row: Row = { container: noContainer, truncate: false, now: 0n, onSize };
  namingTemplateErrors(() => template.execute(new GoValue(rows.type, row)), "failed to execute template");
  return asked;
}

/** An empty container, to try a template on. */
const noContainer: ContainerSummary = {
  Id: "",
  Names: null,
  Image: "",
  ImageID: "",
  Command: "",
  Created: 0,
  State: "",
  Status: "",
  Ports: null,
  Labels: null,
  Mounts: null,
};

function namesOf({ Names }: ContainerSummary, truncate: boolean): string {
  const names = (Names ?? []).map((name) => name.slice(1));
  // Names with a slash come from links: the container's own is enough.
  const own = truncate ? names.find((name) => !name.includes("/")) : undefined;
  return own ?? names.join(",");
}

function imageOf({ Image, ImageID }: ContainerSummary, truncate: boolean): string {
  if (Image === "") return "<no image>";
  if (!truncate) return Image;
  if (truncateId(ImageID) === truncateId(Image)) return truncateId(ImageID);
  try {
    const { domain, path, tag } = parseImageRef(Image);
    return familiarRef({ domain, path, ...(tag ? { tag } : {}) });
  } catch {
    return Image;
  }
}

const platformType = struct("formatter.Platform", {}, {});

function platformOf({ ImageManifestDescriptor }: ContainerSummary): string | GoValue {
  const platform = ImageManifestDescriptor?.platform;
  if (!platform) return new GoValue(pointer(platformType), null);
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join("/");
}

/** "0.0.0.0:80->9090/tcp, 9988/tcp": ranges joined, ports that keep their number before those that do not. */
export function displayPorts(ports: readonly PortSummary[]): string {
  const shown: string[] = [];
  const mapped: string[] = [];
  const groups = new Map<string, { first: number; last: number }>();
  for (const { IP = "", PrivatePort, PublicPort = 0, Type } of [...ports].sort(comparePorts)) {
    if (IP && PublicPort !== PrivatePort) {
      mapped.push(`${hostPort(IP, String(PublicPort))}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = IP ? `${IP}/${Type}` : Type;
    const group = groups.get(key);
    if (group && PrivatePort === group.last + 1) group.last = PrivatePort;
    else {
      if (group) shown.push(portGroup(key, group));
      groups.set(key, { first: PrivatePort, last: PrivatePort });
    }
  }
  for (const [key, group] of groups) shown.push(portGroup(key, group));
  return [...shown, ...mapped].join(", ");
}

function portGroup(key: string, { first, last }: { first: number; last: number }): string {
  const [ip, type] = key.includes("/")
    ? [key.slice(0, key.lastIndexOf("/")), key.slice(key.lastIndexOf("/") + 1)]
    : ["", key];
  const range = first === last ? String(first) : `${first}-${last}`;
  return `${ip ? `${hostPort(ip, range)}->${range}` : range}/${type}`;
}

const hostPort = (ip: string, port: string) => `${ip.includes(":") ? `[${ip}]` : ip}:${port}`;

function comparePorts(a: PortSummary, b: PortSummary): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return (
    a.PrivatePort - b.PrivatePort ||
    order(a.IP ?? "", b.IP ?? "") ||
    (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
    order(a.Type, b.Type)
  );
}

/** The rows of a list of containers. */
export const containerRows = rows;

/** One line of a list of containers. */
export type ContainerRow = Row;

/** The format of one container among others, as `docker system df --format raw` prints them. */
export const containerRawFormat = `${rawFormat}size: {{.Size}}\\n`;
