import type { IpamConfig } from "./ipam.ts";

/** What is kept of a network. */
export interface NetworkRecord {
  id: string;
  name: string;
  /** RFC 3339. */
  created: string;
  scope: string;
  driver: string;
  enableIPv4: boolean;
  enableIPv6: boolean;
  ipam: { driver: string; options: Record<string, string> | null; config: IpamConfig[] | null };
  /** The subnets with their gateways, drawn ones too. */
  subnets: IpamConfig[];
  internal: boolean;
  attachable: boolean;
  ingress: boolean;
  configOnly: boolean;
  configFrom: string;
  options: Record<string, string>;
  labels: Record<string, string>;
  /** Its subnet was drawn from the pools, not asked for. */
  drawn?: boolean;
}

/** The networks that every engine has. */
export const predefinedNetworks = ["bridge", "host", "none"];

/** The interface of a network on the host: "docker0", "br-" with the identifier's beginning, or the name asked for. */
export function bridgeName(network: NetworkRecord): string {
  return network.options["com.docker.network.bridge.name"] ?? `br-${network.id.slice(0, 12)}`;
}
