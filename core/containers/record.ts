import type { HealthConfig, ContainerConfig } from "../oci/image.ts";
import type { PortMapping } from "../networks/driver.ts";
import type { HostConfig } from "./hostconfig.ts";
import type { ContainerState } from "./state.ts";

/** A place where something else than the container's own layer is mounted, as docker inspect shows it. */
export interface MountPoint {
  type: "bind" | "volume" | "tmpfs" | "image";
  /** Of a volume. */
  name?: string;
  /** Path on the host; "" for tmpfs. */
  source: string;
  destination: string;
  driver?: string;
  /** As written after the second colon of -v. */
  mode: string;
  rw: boolean;
  propagation: string;
  /** What the image has there is copied into the volume when it is new. */
  copyData?: boolean;
  /** A directory within the volume or image. */
  subpath?: string;
  /** Made for this container alone: --rm and rm -v remove it. */
  anonymous?: boolean;
  /** mkdir when the source is missing, as -v does and --mount does not. */
  createSource?: boolean;
  /** Of a tmpfs: its mount options. */
  options?: string[];
  nonRecursive?: boolean;
  /** Of an image: its identifier; `name` is the snapshot that is mounted. */
  imageId?: string;
  /** Asked for with --mount. */
  viaMount?: boolean;
}

/** What was asked of a container's place on a network: the API's EndpointSettings. */
export interface EndpointRequest {
  IPAMConfig?: { IPv4Address?: string; IPv6Address?: string; LinkLocalIPs?: string[] } | null;
  Links?: string[] | null;
  Aliases?: string[] | null;
  MacAddress?: string;
  DriverOpts?: Record<string, string> | null;
  GwPriority?: number;
}

/** A container's place on a network while it runs there. */
export interface Endpoint {
  id: string;
  /** Of IPv4: "172.17.0.2". */
  address: string;
  prefixLength: number;
  gateway: string;
  address6: string;
  prefixLength6: number;
  gateway6: string;
  macAddress: string;
  interfaceName: string;
}

/** A network that a container belongs to. */
export interface Attachment {
  networkId: string;
  request: EndpointRequest;
  /** While it runs. */
  endpoint?: Endpoint;
}

/**
 * All that is kept of a container: what docker inspect shows and what survives a restart of the engine. Lean: defaults
 * are not stored but put in when it is inspected, so that ten thousand fit.
 */
export interface ContainerRecord {
  id: string;
  /** Without the slash. */
  name: string;
  /** RFC 3339 with nanoseconds. */
  created: string;
  /** The program and its arguments: entrypoint and command together. */
  path: string;
  args: string[];
  imageId: string;
  /** The image's layers, to find its parent snapshot: the chainId of the topmost; null for an image without layers. */
  chainId: string | null;
  platform: string;
  config: ContainerConfig & { Healthcheck?: HealthConfig };
  /** Only what differs from the defaults. */
  hostConfig: HostConfig;
  mounts: MountPoint[];
  /** By network name, in the order they were attached. */
  networks: Record<string, Attachment>;
  /** Published ports while it runs. */
  ports: PortMapping[];
  sandboxId: string;
  sandboxKey: string;
  /** Links by alias, of the default bridge: the linked container's identifier. */
  links: Record<string, string>;
  state: ContainerState;
  restartCount: number;
  /** docker stop was asked for: a restart policy other than always leaves it down. */
  stoppedByHand: boolean;
  /** It has been started at least once. */
  startedOnce: boolean;
}
