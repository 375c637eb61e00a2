import { stringList, stringMap, type Fields, type Shape } from "../json/decode.ts";

const duration: Shape = { named: "time.Duration", of: "int64" };
const healthConfig: Shape = {
  struct: "container.HealthConfig",
  fields: {
    Test: stringList,
    Interval: duration,
    Timeout: duration,
    StartPeriod: duration,
    StartInterval: duration,
    Retries: "int",
  },
};

/** The fields of container.Config. */
export const configFields: Fields = {
  Hostname: "string",
  Domainname: "string",
  User: "string",
  AttachStdin: "bool",
  AttachStdout: "bool",
  AttachStderr: "bool",
  ExposedPorts: { map: "empty" },
  Tty: "bool",
  OpenStdin: "bool",
  StdinOnce: "bool",
  Env: stringList,
  Cmd: "strings",
  Healthcheck: healthConfig,
  ArgsEscaped: "bool",
  Image: "string",
  Volumes: { map: "empty" },
  WorkingDir: "string",
  Entrypoint: "strings",
  NetworkDisabled: "bool",
  MacAddress: "string",
  OnBuild: stringList,
  Labels: stringMap,
  StopSignal: "string",
  StopTimeout: "int",
  Shell: "strings",
};

const restartPolicy: Shape = {
  struct: "container.RestartPolicy",
  fields: { Name: { named: "container.RestartPolicyMode", of: "string" }, MaximumRetryCount: "int" },
};

const throttle: Shape = {
  list: { struct: "blkiodev.ThrottleDevice", fields: { Path: "string", Rate: "int64" } },
};

const resourceFields: Fields = {
  CpuShares: "int64",
  Memory: "int64",
  NanoCpus: "int64",
  CgroupParent: "string",
  BlkioWeight: "uint16",
  BlkioWeightDevice: {
    list: { struct: "blkiodev.WeightDevice", fields: { Path: "string", Weight: "uint16" } },
  },
  BlkioDeviceReadBps: throttle,
  BlkioDeviceWriteBps: throttle,
  BlkioDeviceReadIOps: throttle,
  BlkioDeviceWriteIOps: throttle,
  CpuPeriod: "int64",
  CpuQuota: "int64",
  CpuRealtimePeriod: "int64",
  CpuRealtimeRuntime: "int64",
  CpusetCpus: "string",
  CpusetMems: "string",
  Devices: {
    list: {
      struct: "container.DeviceMapping",
      fields: { PathOnHost: "string", PathInContainer: "string", CgroupPermissions: "string" },
    },
  },
  DeviceCgroupRules: stringList,
  DeviceRequests: { list: "any" },
  KernelMemory: "int64",
  KernelMemoryTCP: "int64",
  MemoryReservation: "int64",
  MemorySwap: "int64",
  MemorySwappiness: "int64",
  OomKillDisable: "bool",
  PidsLimit: "int64",
  Ulimits: { list: { struct: "units.Ulimit", fields: { Name: "string", Hard: "int64", Soft: "int64" } } },
  CpuCount: "int64",
  CpuPercent: "int64",
  IOMaximumIOps: "int64",
  IOMaximumBandwidth: "int64",
};

const mount: Shape = {
  struct: "mount.Mount",
  fields: {
    Type: { named: "mount.Type", of: "string" },
    Source: "string",
    Target: "string",
    ReadOnly: "bool",
    Consistency: { named: "mount.Consistency", of: "string" },
    BindOptions: {
      struct: "mount.BindOptions",
      fields: {
        Propagation: { named: "mount.Propagation", of: "string" },
        NonRecursive: "bool",
        CreateMountpoint: "bool",
        ReadOnlyNonRecursive: "bool",
        ReadOnlyForceRecursive: "bool",
      },
    },
    VolumeOptions: {
      struct: "mount.VolumeOptions",
      fields: {
        NoCopy: "bool",
        Labels: stringMap,
        Subpath: "string",
        DriverConfig: { struct: "mount.Driver", fields: { Name: "string", Options: stringMap } },
      },
    },
    ImageOptions: { struct: "mount.ImageOptions", fields: { Subpath: "string" } },
    TmpfsOptions: {
      struct: "mount.TmpfsOptions",
      fields: { SizeBytes: "int64", Mode: "uint", Options: { list: stringList } },
    },
  },
};

export const hostConfig: Shape = {
  struct: "container.HostConfig",
  fields: {
    Binds: stringList,
    ContainerIDFile: "string",
    LogConfig: { struct: "container.LogConfig", fields: { Type: "string", Config: stringMap } },
    NetworkMode: { named: "container.NetworkMode", of: "string" },
    PortBindings: {
      map: { list: { struct: "nat.PortBinding", fields: { HostIp: "string", HostPort: "string" } } },
    },
    RestartPolicy: restartPolicy,
    AutoRemove: "bool",
    VolumeDriver: "string",
    VolumesFrom: stringList,
    ConsoleSize: { list: "uint" },
    Annotations: stringMap,
    CapAdd: "strings",
    CapDrop: "strings",
    CgroupnsMode: { named: "container.CgroupnsMode", of: "string" },
    Dns: stringList,
    DnsOptions: stringList,
    DnsSearch: stringList,
    ExtraHosts: stringList,
    GroupAdd: stringList,
    IpcMode: { named: "container.IpcMode", of: "string" },
    Cgroup: { named: "container.CgroupSpec", of: "string" },
    Links: stringList,
    OomScoreAdj: "int",
    PidMode: { named: "container.PidMode", of: "string" },
    Privileged: "bool",
    PublishAllPorts: "bool",
    ReadonlyRootfs: "bool",
    SecurityOpt: stringList,
    StorageOpt: stringMap,
    Tmpfs: stringMap,
    UTSMode: { named: "container.UTSMode", of: "string" },
    UsernsMode: { named: "container.UsernsMode", of: "string" },
    ShmSize: "int64",
    Sysctls: stringMap,
    Runtime: "string",
    Isolation: { named: "container.Isolation", of: "string" },
    ...resourceFields,
    Mounts: { list: mount },
    MaskedPaths: stringList,
    ReadonlyPaths: stringList,
    Init: "bool",
  },
};

/** A container's wishes for its place on a network. */
export const endpointSettings: Shape = {
  struct: "network.EndpointSettings",
  fields: {
    IPAMConfig: {
      struct: "network.EndpointIPAMConfig",
      fields: { IPv4Address: "string", IPv6Address: "string", LinkLocalIPs: stringList },
    },
    Links: stringList,
    Aliases: stringList,
    MacAddress: "string",
    DriverOpts: stringMap,
    GwPriority: "int",
  },
};

/** The body of POST /containers/create. */
export const createRequest: Shape = {
  struct: "container.CreateRequest",
  unnamed: true,
  fields: {
    ...configFields,
    HostConfig: hostConfig,
    NetworkingConfig: {
      struct: "network.NetworkingConfig",
      fields: { EndpointsConfig: { map: endpointSettings } },
    },
  },
};

/** The body of POST /containers/{name}/update. */
export const updateRequest: Shape = {
  struct: "container.UpdateConfig",
  fields: { ...resourceFields, RestartPolicy: restartPolicy },
};

/** The body of POST /containers/{name}/exec. */
export const execRequest: Shape = {
  struct: "container.ExecOptions",
  fields: {
    User: "string",
    Privileged: "bool",
    Tty: "bool",
    ConsoleSize: { list: "uint" },
    AttachStdin: "bool",
    AttachStderr: "bool",
    AttachStdout: "bool",
    DetachKeys: "string",
    Env: stringList,
    WorkingDir: "string",
    Cmd: stringList,
  },
};

/** The body of POST /exec/{id}/start. */
export const execStartRequest: Shape = {
  struct: "container.ExecStartOptions",
  fields: { Detach: "bool", Tty: "bool", ConsoleSize: { list: "uint" } },
};
