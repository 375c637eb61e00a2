import { formatTime } from "../../platform/time.ts";
import type { Engine } from "../engine.ts";

/** What docker info shows. What only a Go daemon has (goroutines, descriptors) is counted in our own terms. */
export function systemInfo(engine: Engine): Record<string, unknown> {
  const { settings } = engine;
  const states = [...engine.containers.all()].map(({ record }) => record.state);
  const paused = states.filter((state) => state.running && state.paused).length;
  const running = states.filter((state) => state.running).length - paused;
  return {
    ID: settings.daemonId,
    Containers: states.length,
    ContainersRunning: running,
    ContainersPaused: paused,
    ContainersStopped: states.length - running - paused,
    Images: engine.images.count,
    Driver: engine.snapshotter.driver,
    DriverStatus: [
      ["Backing Filesystem", "extfs"],
      ["Supports d_type", "true"],
      ["Using metacopy", "false"],
      ["Native Overlay Diff", "true"],
      ["userxattr", "false"],
    ],
    Plugins: {
      Volume: [engine.volumeDriver.name],
      Network: ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"],
      Authorization: null,
      Log: ["awslogs", "fluentd", "gcplogs", "gelf", "journald", "json-file", "local", "splunk", "syslog"],
    },
    MemoryLimit: true,
    SwapLimit: true,
    ...(settings.cgroupVersion === "1" ? { KernelMemoryTCP: true } : {}),
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    Debug: settings.debug,
    NFd: 0,
    OomKillDisable: settings.cgroupVersion === "1",
    NGoroutines: 0,
    SystemTime: formatTime(engine.clock.now()),
    LoggingDriver: settings.logDriver,
    CgroupDriver: settings.cgroupDriver,
    CgroupVersion: settings.cgroupVersion,
    NEventsListener: engine.events.listeners,
    KernelVersion: settings.kernelVersion,
    OperatingSystem: settings.operatingSystem,
    OSVersion: "",
    OSType: settings.osType,
    Architecture: settings.architecture,
    IndexServerAddress: "https://index.docker.io/v1/",
    RegistryConfig: registryConfig(engine),
    NCPU: settings.cpus,
    MemTotal: settings.memory,
    GenericResources: null,
    DockerRootDir: settings.dataRoot,
    HttpProxy: "",
    HttpsProxy: "",
    NoProxy: "",
    Name: settings.hostname,
    Labels: settings.labels,
    ExperimentalBuild: false,
    ServerVersion: settings.version,
    Runtimes: Object.fromEntries(
      settings.runtimes.map((name) => [
        name,
        { path: name === "io.containerd.runc.v2" ? "runc" : name, status: runtimeStatus },
      ]),
    ),
    DefaultRuntime: settings.defaultRuntime,
    Swarm: {
      NodeID: "",
      NodeAddr: "",
      LocalNodeState: "inactive",
      ControlAvailable: false,
      Error: "",
      RemoteManagers: null,
    },
    LiveRestoreEnabled: settings.liveRestore,
    Isolation: "",
    InitBinary: "docker-init",
    ContainerdCommit: { ID: "" },
    RuncCommit: { ID: "" },
    InitCommit: { ID: "" },
    SecurityOptions: [
      "name=seccomp,profile=builtin",
      ...(settings.cgroupVersion === "2" ? ["name=cgroupns"] : []),
    ],
    FirewallBackend: { Driver: "iptables" },
    CDISpecDirs: ["/etc/cdi", "/var/run/cdi"],
    Containerd: {
      Address: "/run/containerd/containerd.sock",
      Namespaces: { Containers: "moby", Plugins: "plugins.moby" },
    },
    Warnings: null,
  };
}

/** What the OCI runtime says it can do. */
const runtimeStatus = {
  "org.opencontainers.runtime-spec.features": JSON.stringify({
    ociVersionMin: "1.0.0",
    ociVersionMax: "1.2.1",
    linux: {
      namespaces: ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"],
      cgroup: { v1: true, v2: true },
    },
  }),
};

function registryConfig({ settings }: Engine): Record<string, unknown> {
  const insecure = settings.insecureRegistries;
  const cidrs = insecure.filter((registry) => registry.includes("/"));
  const mirrors = settings.registryMirrors.map((mirror) => (mirror.endsWith("/") ? mirror : `${mirror}/`));
  const configs = insecure
    .filter((registry) => !registry.includes("/"))
    .map((name) => [name, { Mirrors: [], Name: name, Official: false, Secure: false }]);
  return {
    IndexConfigs: {
      "docker.io": { Mirrors: mirrors, Name: "docker.io", Official: true, Secure: true },
      ...Object.fromEntries(configs),
    },
    InsecureRegistryCIDRs: [...new Set([...cidrs, "::1/128", "127.0.0.0/8"])],
    Mirrors: mirrors.length > 0 ? mirrors : null,
  };
}
