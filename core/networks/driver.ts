import type { Trace } from "../steps/trace.ts";

/** A network as a driver knows it. */
export interface NetworkSpec {
  id: string;
  name: string;
  /** "bridge" here; "host" and "null" need no driver. */
  driver: string;
  options: Record<string, string>;
  internal: boolean;
  enableIPv4: boolean;
  enableIPv6: boolean;
  subnets: { subnet: string; gateway: string }[];
  /** The interface on the host: "docker0", "br-0123456789ab". */
  bridgeName: string;
}

/** One container's place on one network. */
export interface EndpointSpec {
  id: string;
  networkId: string;
  /** With prefix length: "172.17.0.2/16"; "" for none. */
  address: string;
  address6: string;
  gateway: string;
  gateway6: string;
  macAddress: string;
  /** Inside the container: "eth0". */
  interfaceName: string;
  /** The default route goes here. */
  isGateway: boolean;
}

export interface PortMapping {
  protocol: "tcp" | "udp" | "sctp";
  containerPort: number;
  /** "0.0.0.0", "::", "127.0.0.1". */
  hostIp: string;
  hostPort: number;
}

/** Answers what a container asks its embedded DNS server. */
export interface NameResolver {
  /** Addresses of `name` as the container behind `sandbox` sees it; undefined: not ours, ask upstream. */
  resolve(sandbox: string, name: string, family: 4 | 6): string[] | undefined;
  /** The name that `address` has, for reverse look-ups. */
  reverse(sandbox: string, address: string): string | undefined;
}

/** What makes networks real: in the simulated kernel, or with netlink and nftables. Bookkeeping (names, IPAM) is the engine's. */
export interface NetworkDriver {
  createNetwork(network: NetworkSpec, trace?: Trace): Promise<void>;
  deleteNetwork(network: NetworkSpec, trace?: Trace): Promise<void>;
  /** A network namespace with loopback up. `dns`: the embedded server answers at 127.0.0.11 with `resolver`. Returns its path on the host. */
  createSandbox(
    sandbox: string,
    options: { dns?: { resolver: NameResolver; upstream: string[] } },
    trace?: Trace,
  ): Promise<{ key: string }>;
  /** As createSandbox with `dns`, for a namespace that is there: it has come onto a network with names. Again is no error. */
  serveNames(
    sandbox: string,
    dns: { resolver: NameResolver; upstream: string[] },
    trace?: Trace,
  ): Promise<void>;
  deleteSandbox(sandbox: string, trace?: Trace): Promise<void>;
  join(sandbox: string, network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): Promise<void>;
  leave(sandbox: string, network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): Promise<void>;
  /** Opens a port of the host; `hostPort` 0 draws a free one from the ephemeral range. Rejects with "Bind for 0.0.0.0:80 failed: port is already allocated" or "… address already in use". */
  publish(sandbox: string, endpoint: EndpointSpec, mapping: PortMapping, trace?: Trace): Promise<PortMapping>;
  unpublish(sandbox: string, endpoint: EndpointSpec, mapping: PortMapping, trace?: Trace): Promise<void>;
}
