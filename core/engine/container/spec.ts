import type { HostConfig } from "../../containers/hostconfig.ts";
import { defaultMaskedPaths, defaultReadonlyPaths, defaultShmSize } from "../../containers/hostconfig.ts";
import type { Container } from "../../containers/container.ts";
import type { ContainerRecord, MountPoint } from "../../containers/record.ts";
import { conflict, invalidParameter } from "../../errors/errors.ts";
import type { RootFs } from "../../files/rootfs.ts";
import type { MountSpec, NamespaceSpec, ProcessSpec, ResourceLimits, TaskSpec } from "../../tasks/spec.ts";
import type { Engine } from "../engine.ts";
import { capabilitiesOf } from "./capabilities.ts";
import { containerEnvironment } from "./environment.ts";
import { enginePath } from "./files.ts";
import { cleanPath } from "./mounts/validate.ts";
import { resolveUser } from "./user.ts";

/** All that the runtime needs to make a container, after the OCI runtime specification. */
export async function taskSpec(engine: Engine, container: Container, root: RootFs): Promise<TaskSpec> {
  const { record } = container;
  const host = record.hostConfig;
  const privileged = host.Privileged ?? false;
  return {
    id: record.id,
    process: await processSpec(engine, record, root),
    mounts: mountSpecs(engine, record),
    readonlyRoot: host.ReadonlyRootfs ?? false,
    hostname: record.config.Hostname ?? "",
    domainname: record.config.Domainname ?? "",
    namespaces: namespaces(engine, record),
    ...(record.sandboxId ? { sandbox: record.sandboxId } : {}),
    cgroupParent:
      host.CgroupParent || (engine.settings.cgroupDriver === "systemd" ? "system.slice" : "/docker"),
    resources: resourceLimits(host),
    devices: (host.Devices ?? []).map((device) => ({
      path: device.PathInContainer || device.PathOnHost,
      hostPath: device.PathOnHost,
      permissions: device.CgroupPermissions || "rwm",
    })),
    privileged,
    maskedPaths: privileged ? [] : [...(host.MaskedPaths ?? defaultMaskedPaths)],
    readonlyPaths: privileged ? [] : [...(host.ReadonlyPaths ?? defaultReadonlyPaths)],
    sysctl: host.Sysctls ?? {},
    seccomp: privileged || securityOption(host, "seccomp") === "unconfined" ? "unconfined" : "default",
    init: host.Init ?? false,
    runtime: host.Runtime || engine.settings.defaultRuntime,
    annotations: host.Annotations ?? {},
  };
}

async function processSpec(engine: Engine, record: ContainerRecord, root: RootFs): Promise<ProcessSpec> {
  const { config, hostConfig: host } = record;
  const { user, home } = await resolveUser(root, config.User ?? "", host.GroupAdd ?? []);
  const terminal = config.Tty ?? false;
  const [height = 0, width = 0] = host.ConsoleSize ?? [];
  return {
    args: [record.path, ...record.args],
    env: withHome(containerEnvironment(engine, record, terminal), home),
    cwd: config.WorkingDir ? cleanPath(config.WorkingDir) : "/",
    user,
    terminal,
    ...(terminal && width > 0 && height > 0 ? { consoleSize: { width, height } } : {}),
    capabilities: capabilitiesOf(host.Privileged ?? false, host.CapAdd ?? [], host.CapDrop ?? []),
    noNewPrivileges: noNewPrivileges(host),
    rlimits: (host.Ulimits ?? []).map(({ Name, Soft, Hard }) => ({
      type: `RLIMIT_${Name.toUpperCase()}`,
      soft: Soft,
      hard: Hard,
    })),
    ...(host.OomScoreAdj ? { oomScoreAdj: host.OomScoreAdj } : {}),
  };
}

/** The OCI runtime sets HOME from /etc/passwd where nobody else did. */
export function withHome(env: string[], home: string): string[] {
  return env.some((variable) => variable.startsWith("HOME=")) ? env : [...env, `HOME=${home}`];
}

export function noNewPrivileges(host: HostConfig): boolean {
  return ["no-new-privileges", "no-new-privileges:true", "no-new-privileges=true"].some((option) =>
    host.SecurityOpt?.includes(option),
  );
}

function securityOption(host: HostConfig, name: string): string | undefined {
  for (const option of host.SecurityOpt ?? []) {
    const parts = /^([a-z-]+)[=:](.*)$/.exec(option);
    if (parts?.[1] === name) return parts[2];
  }
  return undefined;
}

/** Limits as the runtime takes them. */
export function resourceLimits(host: HostConfig): ResourceLimits {
  const throttle = (["ReadBps", "WriteBps", "ReadIOps", "WriteIOps"] as const).flatMap((kind) =>
    (host[`BlkioDevice${kind}`] ?? []).map(({ Path, Rate }) => ({
      kind: `${kind[0]!.toLowerCase()}${kind.slice(1).replace("IOps", "Iops")}` as "readBps",
      path: Path,
      rate: Rate,
    })),
  );
  return {
    memory: host.Memory,
    memorySwap: host.MemorySwap,
    memoryReservation: host.MemoryReservation,
    memorySwappiness: host.MemorySwappiness,
    oomKillDisable: host.OomKillDisable,
    cpuShares: host.CpuShares,
    cpuQuota: host.CpuQuota,
    cpuPeriod: host.CpuPeriod,
    nanoCpus: host.NanoCpus,
    cpusetCpus: host.CpusetCpus,
    cpusetMems: host.CpusetMems,
    pidsLimit: host.PidsLimit,
    blkioWeight: host.BlkioWeight,
    ...(throttle.length > 0 ? { blkioThrottle: throttle } : {}),
  };
}

function namespaces(engine: Engine, record: ContainerRecord): TaskSpec["namespaces"] {
  const host = record.hostConfig;
  const mode = host.NetworkMode ?? "bridge";
  const cgroup = host.CgroupnsMode || (engine.settings.cgroupVersion === "2" ? "private" : "host");
  return {
    pid: namespaceOf(engine, host.PidMode ?? "", "join PID namespace"),
    network: namespaceOf(engine, mode, "joining network namespace of container"),
    ipc: namespaceOf(engine, host.IpcMode ?? "", "join IPC namespace"),
    uts: host.UTSMode === "host" ? "host" : "new",
    cgroup: cgroup === "host" || host.Privileged ? (cgroup === "private" ? "new" : "host") : "new",
    user: "host",
    mount: "new",
  };
}

function namespaceOf(engine: Engine, mode: string, purpose: string): NamespaceSpec {
  if (mode === "host") return "host";
  if (!mode.startsWith("container:")) return "new";
  const other = sharedContainer(engine, mode, purpose);
  return { pid: other.record.state.pid };
}

/** The running container that "container:x" names. Throws conflict while it does not run. */
export function sharedContainer(engine: Engine, mode: string, purpose: string): Container {
  const reference = mode.slice("container:".length);
  let other;
  try {
    other = engine.containers.resolve(reference);
  } catch (error) {
    throw invalidParameter(
      `${purpose === "joining network namespace of container" ? `${purpose}: ` : ""}${(error as Error).message}`,
    );
  }
  if (!other.record.state.running)
    throw conflict(
      purpose === "joining network namespace of container"
        ? `cannot join network namespace of a non running container: container ${other.id} is ${other.record.state.removing ? "removing" : "exited"}`
        : `cannot ${purpose} of a non running container: ${other.id}`,
    );
  if (other.record.state.restarting)
    throw conflict(`Container ${other.id} is restarting, wait until the container is running`);
  return other;
}

/** Every mount of a container: its root, what each container has, Docker's files, and what was asked for. */
export function mountSpecs(engine: Engine, record: ContainerRecord): MountSpec[] {
  const [root, ...lower] = engine.snapshotter.mounts(record.id);
  const host = record.hostConfig;
  const readonlyCgroup = host.Privileged ? "rw" : "ro";
  const sysfs = host.Privileged ? "rw" : "ro";
  const mounts: MountSpec[] = [
    { ...root!, destination: "/" },
    ...lower,
    { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
    {
      destination: "/dev",
      type: "tmpfs",
      source: "tmpfs",
      options: ["nosuid", "strictatime", "mode=755", "size=65536k"],
    },
    {
      destination: "/dev/pts",
      type: "devpts",
      source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"],
    },
    { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", sysfs] },
    {
      destination: "/sys/fs/cgroup",
      type: "cgroup",
      source: "cgroup",
      options: [readonlyCgroup, "nosuid", "noexec", "nodev"],
    },
    { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"] },
  ];
  if (host.IpcMode !== "none" && host.IpcMode !== "host" && !host.IpcMode?.startsWith("container:"))
    mounts.push({
      destination: "/dev/shm",
      type: "tmpfs",
      source: "shm",
      options: ["nosuid", "noexec", "nodev", "mode=1777", `size=${host.ShmSize || defaultShmSize}`],
    });
  return [...mounts, ...engineFileMounts(engine, record), ...ownMountSpecs(engine, record)];
}

function engineFileMounts(engine: Engine, record: ContainerRecord): MountSpec[] {
  const taken = new Set(record.mounts.map(({ destination }) => destination));
  const writable = record.hostConfig.ReadonlyRootfs ? "ro" : "rw";
  return (["resolv.conf", "hostname", "hosts"] as const)
    .filter((file) => !taken.has(`/etc/${file}`))
    .map((file) => ({
      destination: `/etc/${file}`,
      type: "bind",
      source: enginePath(engine, record, file),
      options: ["rbind", "rprivate", writable],
    }));
}

/** Volumes, binds and tmpfs of a container, outer places before inner ones. */
export function ownMountSpecs(engine: Engine, record: ContainerRecord): MountSpec[] {
  const depth = ({ destination }: { destination: string }) => destination.split("/").length;
  const tmpfs: MountSpec[] = Object.entries(record.hostConfig.Tmpfs ?? {}).map(([destination, options]) => ({
    destination: cleanPath(destination),
    type: "tmpfs",
    source: "tmpfs",
    options: [
      "noexec",
      "nosuid",
      "nodev",
      "rprivate",
      ...options.split(",").filter((option) => option !== ""),
    ],
  }));
  return [...record.mounts.map((mount) => mountSpec(engine, mount)), ...tmpfs].sort(
    (one, other) => depth(one) - depth(other) || (one.destination < other.destination ? -1 : 1),
  );
}

function mountSpec(engine: Engine, mount: MountPoint): MountSpec {
  const { destination, rw } = mount;
  if (mount.type === "image") {
    const [root] = engine.snapshotter.mounts(mount.name!);
    return { ...root!, destination, options: [...root!.options, "ro"] };
  }
  if (mount.type === "tmpfs")
    return {
      destination,
      type: "tmpfs",
      source: "tmpfs",
      options: ["noexec", "nosuid", "nodev", "rprivate", ...(rw ? [] : ["ro"]), ...(mount.options ?? [])],
    };
  const source = mount.subpath ? `${mount.source}/${mount.subpath}` : mount.source;
  const bind = mount.nonRecursive ? "bind" : "rbind";
  return {
    destination,
    type: "bind",
    source,
    options: [bind, rw ? "rw" : "ro", mount.propagation || "rprivate"],
  };
}
