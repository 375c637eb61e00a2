import {
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
  uint,
  uint16,
  uint64,
} from "../../template/gotype.ts";
import type { GoMethod, GoType } from "../../template/gotype.ts";
import { goBool, goInt, goString } from "../../template/govalue.ts";
import { descriptor, driverData } from "./descriptor.ts";
import { duration, time } from "./time.ts";

const nothing = struct("struct {}", {});
const strSlice = named("strslice.StrSlice", slice(string));

const test = (holds: (text: string) => boolean): GoMethod => ({
  parameters: [],
  variadic: false,
  call: (data: string) => goBool(holds(data)),
});
const portPart = (part: (port: string, protocol: string) => string): GoMethod => ({
  parameters: [],
  variadic: false,
  call: (data: string) => goString(part(data.split("/")[0]!, data.split("/")[1] ?? "tcp")),
});

/** A mode that is "", "host", "none", "container:NAME" or a name. */
const mode = (name: string, extra: Record<string, GoMethod> = {}): GoType =>
  named(name, string, {
    IsHost: test((text) => text === "host"),
    IsContainer: test((text) => text.startsWith("container:")),
    IsPrivate: test((text) => text !== "host" && !text.startsWith("container:")),
    ...extra,
  });

const special = (text: string) =>
  ["bridge", "host", "none", "default"].includes(text) || text.startsWith("container:");

const networkMode = mode("container.NetworkMode", {
  IsNone: test((text) => text === "none"),
  IsDefault: test((text) => text === "default"),
  IsBridge: test((text) => text === "bridge"),
  IsUserDefined: test((text) => !special(text)),
  NetworkName: {
    parameters: [],
    variadic: false,
    call: (data: string) => goString(data.startsWith("container:") ? "container" : data),
  },
  UserDefined: {
    parameters: [],
    variadic: false,
    call: (data: string) => goString(special(data) ? "" : data),
  },
});

const port = named("nat.Port", string, {
  Port: portPart((number) => number),
  Proto: portPart((_, protocol) => protocol),
  Int: { parameters: [], variadic: false, call: (data: string) => goInt(Number.parseInt(data, 10) || 0) },
});

const portBinding = struct("nat.PortBinding", { HostIP: json("HostIp", string), HostPort: string });
const portMap = named("nat.PortMap", map(port, slice(portBinding)));

/** How a container's health is checked. */
export const healthConfig = struct("v1.HealthcheckConfig", {
  Test: omitempty(slice(string)),
  Interval: omitempty(duration),
  Timeout: omitempty(duration),
  StartPeriod: omitempty(duration),
  StartInterval: omitempty(duration),
  Retries: omitempty(int),
});

/** container.Config of the API. */
export const containerConfig = struct("container.Config", {
  Hostname: string,
  Domainname: string,
  User: string,
  AttachStdin: bool,
  AttachStdout: bool,
  AttachStderr: bool,
  ExposedPorts: omitempty(named("nat.PortSet", map(port, nothing))),
  Tty: bool,
  OpenStdin: bool,
  StdinOnce: bool,
  Env: slice(string),
  Cmd: strSlice,
  Healthcheck: omitempty(pointer(healthConfig)),
  ArgsEscaped: omitempty(bool),
  Image: string,
  Volumes: map(string, nothing),
  WorkingDir: string,
  Entrypoint: strSlice,
  NetworkDisabled: omitempty(bool),
  MacAddress: omitempty(string),
  OnBuild: slice(string),
  Labels: map(string, string),
  StopSignal: omitempty(string),
  StopTimeout: omitempty(pointer(int)),
  Shell: omitempty(strSlice),
});

const throttle = slice(pointer(struct("blkiodev.ThrottleDevice", { Path: string, Rate: uint64 })));

const resources = struct("container.Resources", {
  CPUShares: json("CpuShares", int64),
  Memory: int64,
  NanoCPUs: json("NanoCpus", int64),
  CgroupParent: string,
  BlkioWeight: uint16,
  BlkioWeightDevice: slice(pointer(struct("blkiodev.WeightDevice", { Path: string, Weight: uint16 }))),
  BlkioDeviceReadBps: throttle,
  BlkioDeviceWriteBps: throttle,
  BlkioDeviceReadIOps: throttle,
  BlkioDeviceWriteIOps: throttle,
  CPUPeriod: json("CpuPeriod", int64),
  CPUQuota: json("CpuQuota", int64),
  CPURealtimePeriod: json("CpuRealtimePeriod", int64),
  CPURealtimeRuntime: json("CpuRealtimeRuntime", int64),
  CpusetCpus: string,
  CpusetMems: string,
  Devices: slice(
    struct("container.DeviceMapping", {
      PathOnHost: string,
      PathInContainer: string,
      CgroupPermissions: string,
    }),
  ),
  DeviceCgroupRules: slice(string),
  DeviceRequests: slice(
    struct("container.DeviceRequest", {
      Driver: string,
      Count: int,
      DeviceIDs: slice(string),
      Capabilities: slice(slice(string)),
      Options: map(string, string),
    }),
  ),
  KernelMemory: omitempty(int64),
  KernelMemoryTCP: omitempty(int64),
  MemoryReservation: int64,
  MemorySwap: int64,
  MemorySwappiness: pointer(int64),
  OomKillDisable: pointer(bool),
  PidsLimit: pointer(int64),
  Ulimits: slice(pointer(struct("units.Ulimit", { Name: string, Hard: int64, Soft: int64 }))),
  CPUCount: json("CpuCount", int64),
  CPUPercent: json("CpuPercent", int64),
  IOMaximumIOps: uint64,
  IOMaximumBandwidth: uint64,
});

const mount = struct("mount.Mount", {
  Type: omitempty(named("mount.Type", string)),
  Source: omitempty(string),
  Target: omitempty(string),
  ReadOnly: omitempty(bool),
  Consistency: omitempty(named("mount.Consistency", string)),
  BindOptions: omitempty(
    pointer(
      struct("mount.BindOptions", {
        Propagation: omitempty(named("mount.Propagation", string)),
        NonRecursive: omitempty(bool),
        CreateMountpoint: omitempty(bool),
        ReadOnlyNonRecursive: omitempty(bool),
        ReadOnlyForceRecursive: omitempty(bool),
      }),
    ),
  ),
  VolumeOptions: omitempty(
    pointer(
      struct("mount.VolumeOptions", {
        NoCopy: omitempty(bool),
        Labels: omitempty(map(string, string)),
        Subpath: omitempty(string),
        DriverConfig: omitempty(
          pointer(
            struct("mount.Driver", { Name: omitempty(string), Options: omitempty(map(string, string)) }),
          ),
        ),
      }),
    ),
  ),
  ImageOptions: omitempty(pointer(struct("mount.ImageOptions", { Subpath: omitempty(string) }))),
  TmpfsOptions: omitempty(
    pointer(
      struct("mount.TmpfsOptions", {
        SizeBytes: omitempty(int64),
        Mode: omitempty(uint),
        Options: omitempty(slice(slice(string))),
      }),
    ),
  ),
  ClusterOptions: omitempty(pointer(struct("mount.ClusterOptions", {}))),
});

const restartPolicy = struct("container.RestartPolicy", {
  Name: named("container.RestartPolicyMode", string),
  MaximumRetryCount: int,
});

const hostConfig = struct("container.HostConfig", {
  Binds: slice(string),
  ContainerIDFile: string,
  LogConfig: struct("container.LogConfig", { Type: string, Config: map(string, string) }),
  NetworkMode: networkMode,
  PortBindings: portMap,
  RestartPolicy: restartPolicy,
  AutoRemove: bool,
  VolumeDriver: string,
  VolumesFrom: slice(string),
  ConsoleSize: { kind: "array", name: "[2]uint", elem: uint },
  Annotations: omitempty(map(string, string)),
  CapAdd: strSlice,
  CapDrop: strSlice,
  CgroupnsMode: mode("container.CgroupnsMode"),
  DNS: json("Dns", slice(string)),
  DNSOptions: json("DnsOptions", slice(string)),
  DNSSearch: json("DnsSearch", slice(string)),
  ExtraHosts: slice(string),
  GroupAdd: slice(string),
  IpcMode: mode("container.IpcMode", {
    IsPrivate: test((text) => text === "private"),
    IsShareable: test((text) => text === "shareable"),
  }),
  Cgroup: named("container.CgroupSpec", string),
  Links: slice(string),
  OomScoreAdj: int,
  PidMode: mode("container.PidMode"),
  Privileged: bool,
  PublishAllPorts: bool,
  ReadonlyRootfs: bool,
  SecurityOpt: slice(string),
  StorageOpt: omitempty(map(string, string)),
  Tmpfs: omitempty(map(string, string)),
  UTSMode: mode("container.UTSMode"),
  UsernsMode: mode("container.UsernsMode"),
  ShmSize: int64,
  Sysctls: omitempty(map(string, string)),
  Runtime: omitempty(string),
  Isolation: named("container.Isolation", string, {
    IsDefault: test((text) => text === "" || text.toLowerCase() === "default"),
  }),
  Resources: embedded(resources),
  Mounts: omitempty(slice(mount)),
  MaskedPaths: slice(string),
  ReadonlyPaths: slice(string),
  Init: omitempty(pointer(bool)),
});

const healthResult = struct("container.HealthcheckResult", {
  Start: time,
  End: time,
  ExitCode: int,
  Output: string,
});

const state = struct("container.State", {
  Status: string,
  Running: bool,
  Paused: bool,
  Restarting: bool,
  OOMKilled: bool,
  Dead: bool,
  Pid: int,
  ExitCode: int,
  Error: string,
  StartedAt: string,
  FinishedAt: string,
  Health: omitempty(
    pointer(
      struct("container.Health", { Status: string, FailingStreak: int, Log: slice(pointer(healthResult)) }),
    ),
  ),
});

const base = struct("container.ContainerJSONBase", {
  ID: json("Id", string),
  Created: string,
  Path: string,
  Args: slice(string),
  State: pointer(state),
  Image: string,
  ResolvConfPath: string,
  HostnamePath: string,
  HostsPath: string,
  LogPath: string,
  Name: string,
  RestartCount: int,
  Driver: string,
  Platform: string,
  MountLabel: string,
  ProcessLabel: string,
  AppArmorProfile: string,
  ExecIDs: slice(string),
  HostConfig: pointer(hostConfig),
  GraphDriver: driverData,
  SizeRw: omitempty(pointer(int64)),
  SizeRootFs: omitempty(pointer(int64)),
});

const mountPoint = struct("container.MountPoint", {
  Type: omitempty(named("mount.Type", string)),
  Name: omitempty(string),
  Source: string,
  Destination: string,
  Driver: omitempty(string),
  Mode: string,
  RW: bool,
  Propagation: named("mount.Propagation", string),
});

const address = struct("network.Address", { Addr: string, PrefixLen: int });

const endpointSettings = struct("network.EndpointSettings", {
  IPAMConfig: pointer(
    struct("network.EndpointIPAMConfig", {
      IPv4Address: omitempty(string),
      IPv6Address: omitempty(string),
      LinkLocalIPs: omitempty(slice(string)),
    }),
  ),
  Links: slice(string),
  Aliases: slice(string),
  MacAddress: string,
  DriverOpts: map(string, string),
  GwPriority: int,
  NetworkID: string,
  EndpointID: string,
  Gateway: string,
  IPAddress: string,
  IPPrefixLen: int,
  IPv6Gateway: string,
  GlobalIPv6Address: string,
  GlobalIPv6PrefixLen: int,
  DNSNames: slice(string),
});

const networkSettings = struct("container.NetworkSettings", {
  NetworkSettingsBase: embedded(
    struct("container.NetworkSettingsBase", {
      Bridge: string,
      SandboxID: string,
      SandboxKey: string,
      Ports: portMap,
      HairpinMode: bool,
      LinkLocalIPv6Address: string,
      LinkLocalIPv6PrefixLen: int,
      SecondaryIPAddresses: slice(address),
      SecondaryIPv6Addresses: slice(address),
    }),
  ),
  DefaultNetworkSettings: embedded(
    struct("container.DefaultNetworkSettings", {
      EndpointID: string,
      Gateway: string,
      GlobalIPv6Address: string,
      GlobalIPv6PrefixLen: int,
      IPAddress: string,
      IPPrefixLen: int,
      IPv6Gateway: string,
      MacAddress: string,
    }),
  ),
  Networks: map(string, pointer(endpointSettings)),
});

/** What `docker container inspect` reads a container into. */
export const containerInspect = struct("container.InspectResponse", {
  ContainerJSONBase: embedded(pointer(base)),
  Mounts: slice(mountPoint),
  Config: pointer(containerConfig),
  NetworkSettings: pointer(networkSettings),
  ImageManifestDescriptor: omitempty(pointer(descriptor)),
});
