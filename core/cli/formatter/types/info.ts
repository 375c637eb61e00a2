import {
  any,
  bool,
  embedded,
  int,
  int64,
  json,
  map,
  named,
  omitempty,
  pointer,
  slice,
  string,
  struct,
} from "../../template/gotype.ts";
import type { GoType } from "../../template/gotype.ts";
import { dynamic } from "../../template/govalue.ts";
import { toJson } from "../../template/json.ts";
import { clientVersion } from "./version.ts";

const pair: GoType = { kind: "array", name: "[2]string", elem: string };
const commit = struct("system.Commit", { ID: string, Expected: omitempty(string) });

const plugins = struct("system.PluginsInfo", {
  Volume: slice(string),
  Network: slice(string),
  Authorization: slice(string),
  Log: slice(string),
});

const indexInfo = struct("registry.IndexInfo", {
  Name: string,
  Mirrors: slice(string),
  Secure: bool,
  Official: bool,
});

const registryFields = struct("registry.ServiceConfig", {
  AllowNondistributableArtifactsCIDRs: omitempty(slice(string)),
  AllowNondistributableArtifactsHostnames: omitempty(slice(string)),
  InsecureRegistryCIDRs: slice(named("*registry.NetIPNet", string)),
  IndexConfigs: map(string, pointer(indexInfo)),
  Mirrors: slice(string),
});

/** Docker writes it as a map, so by key. */
const registryConfig: GoType = {
  ...registryFields,
  marshal: ((data: unknown) => toJson(dynamic(data))) as GoType["marshal"],
};

const runtime = struct("system.RuntimeWithStatus", {
  Runtime: embedded(
    struct("system.Runtime", {
      Path: omitempty(string, "path"),
      Args: omitempty(slice(string), "runtimeArgs"),
      Type: omitempty(string, "runtimeType"),
      Options: omitempty(map(string, any), "options"),
    }),
  ),
  Status: omitempty(map(string, string), "status"),
});

const swarm = struct("swarm.Info", {
  NodeID: string,
  NodeAddr: string,
  LocalNodeState: named("swarm.LocalNodeState", string),
  ControlAvailable: bool,
  Error: string,
  RemoteManagers: slice(struct("swarm.Peer", { NodeID: string, Addr: string })),
  Nodes: omitempty(int),
  Managers: omitempty(int),
  Cluster: omitempty(any),
  Warnings: omitempty(slice(string)),
});

const containerd = struct("system.ContainerdInfo", {
  Address: omitempty(string),
  Namespaces: struct("system.ContainerdNamespaces", { Containers: string, Plugins: string }),
});

/** system.Info of the API. */
const systemInfo = struct("system.Info", {
  ID: string,
  Containers: int,
  ContainersRunning: int,
  ContainersPaused: int,
  ContainersStopped: int,
  Images: int,
  Driver: string,
  DriverStatus: slice(pair),
  SystemStatus: omitempty(slice(pair)),
  Plugins: plugins,
  MemoryLimit: bool,
  SwapLimit: bool,
  KernelMemory: omitempty(bool),
  KernelMemoryTCP: omitempty(bool),
  CPUCfsPeriod: json("CpuCfsPeriod", bool),
  CPUCfsQuota: json("CpuCfsQuota", bool),
  CPUShares: bool,
  CPUSet: bool,
  PidsLimit: bool,
  IPv4Forwarding: bool,
  Debug: bool,
  NFd: int,
  OomKillDisable: bool,
  NGoroutines: int,
  SystemTime: string,
  LoggingDriver: string,
  CgroupDriver: string,
  CgroupVersion: omitempty(string),
  NEventsListener: int,
  KernelVersion: string,
  OperatingSystem: string,
  OSVersion: string,
  OSType: string,
  Architecture: string,
  IndexServerAddress: string,
  RegistryConfig: pointer(registryConfig),
  NCPU: int,
  MemTotal: int64,
  GenericResources: slice(any),
  DockerRootDir: string,
  HTTPProxy: json("HttpProxy", string),
  HTTPSProxy: json("HttpsProxy", string),
  NoProxy: string,
  Name: string,
  Labels: slice(string),
  ExperimentalBuild: bool,
  ServerVersion: string,
  Runtimes: map(string, runtime),
  DefaultRuntime: string,
  Swarm: swarm,
  LiveRestoreEnabled: bool,
  Isolation: named("container.Isolation", string),
  InitBinary: string,
  ContainerdCommit: commit,
  RuncCommit: commit,
  InitCommit: commit,
  SecurityOptions: slice(string),
  ProductLicense: omitempty(string),
  DefaultAddressPools: omitempty(slice(struct("system.NetworkAddressPool", { Base: string, Size: int }))),
  FirewallBackend: omitempty(
    pointer(struct("system.FirewallInfo", { Driver: string, Info: omitempty(slice(pair)) })),
  ),
  CDISpecDirs: slice(string),
  DiscoveredDevices: omitempty(slice(struct("system.DeviceInfo", { Source: string, ID: string }))),
  Containerd: omitempty(pointer(containerd)),
  Warnings: slice(string),
});

const clientInfo = struct("system.clientInfo", {
  Debug: bool,
  clientVersion: embedded(clientVersion),
  Plugins: slice(any),
  Warnings: slice(string),
});

/** What `docker info --format` is executed on: the engine's answer, and the client. */
export const dockerInfo = struct("system.dockerInfo", {
  Info: embedded(pointer(systemInfo)),
  ServerErrors: omitempty(slice(string)),
  UserName: json(null, string),
  ClientInfo: omitempty(pointer(clientInfo)),
  ClientErrors: omitempty(slice(string)),
});

/** The client's part alone: a template that needs no more costs no request. */
export const clientOnlyInfo = struct("system.sparseInfo", {
  ClientInfo: omitempty(pointer(clientInfo)),
  ClientErrors: omitempty(slice(string)),
});
