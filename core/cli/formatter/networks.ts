import { formatGoTime, parseRfc3339 } from "../timestamps.ts";
import { joinLabels, labelColumn, rowType } from "./format.ts";
import { truncateId } from "./ids.ts";

/** network.Summary of the API. */
export interface NetworkSummary {
  Name: string;
  Id: string;
  Created: string;
  Scope: string;
  Driver: string;
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  Internal: boolean;
  Labels: Record<string, string> | null;
}

export interface NetworkRow {
  network: NetworkSummary;
  truncate: boolean;
}

export function networkFormat(source: string, quiet: boolean): string {
  if (source === "table") return quiet ? "{{.ID}}" : "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
  if (source === "raw") {
    return quiet
      ? "network_id: {{.ID}}"
      : "network_id: {{.ID}}\\nname: {{.Name}}\\ndriver: {{.Driver}}\\nscope: {{.Scope}}\\n";
  }
  return source;
}

export const networkRows = rowType<NetworkRow>(
  "network.networkContext",
  {
    ID: "NETWORK ID",
    Name: "NAME",
    Driver: "DRIVER",
    Scope: "SCOPE",
    IPv4: "IPV4",
    IPv6: "IPV6",
    Internal: "INTERNAL",
    Labels: "LABELS",
    CreatedAt: "CREATED AT",
  },
  {
    ID: ({ network, truncate }) => (truncate ? truncateId(network.Id) : network.Id),
    Name: ({ network }) => network.Name,
    Driver: ({ network }) => network.Driver,
    Scope: ({ network }) => network.Scope,
    IPv4: ({ network }) => String(network.EnableIPv4 ?? false),
    IPv6: ({ network }) => String(network.EnableIPv6),
    Internal: ({ network }) => String(network.Internal),
    Labels: ({ network }) => joinLabels(network.Labels),
    Label: labelColumn(({ network }) => network.Labels),
    CreatedAt: ({ network }) => formatGoTime(parseRfc3339(network.Created) ?? 0n),
  },
);
