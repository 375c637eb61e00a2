/** A mount, as an OCI runtime specification has it. `source` and overlay options are paths of the (simulated or real) host. */
export interface MountSpec {
  /** Inside the container; "/" for the root's own. */
  destination: string;
  /** "overlay", "bind", "tmpfs", "proc", "sysfs", "devpts", "mqueue", "cgroup" … */
  type: string;
  source: string;
  /** "lowerdir=…", "ro", "rbind", "nosuid", "size=65536k" … */
  options: string[];
}

/** A process to be run in a container. After the OCI runtime specification's `process`. */
export interface ProcessSpec {
  args: string[];
  /** NAME=value. */
  env: string[];
  cwd: string;
  user: { uid: number; gid: number; additionalGids: number[] };
  terminal: boolean;
  /** Columns and lines of the terminal when it starts. */
  consoleSize?: { width: number; height: number };
  /** "CAP_CHOWN" …: the bounding, effective and permitted set alike. */
  capabilities: string[];
  noNewPrivileges: boolean;
  rlimits: { type: string; soft: number; hard: number }[];
  oomScoreAdj?: number;
  apparmorProfile?: string;
  selinuxLabel?: string;
}

/** What a namespace of a container is: new, the host's ("host"), or that of a running task (its process id). */
export type NamespaceSpec = "new" | "host" | { pid: number };

/** Limits, in Docker's own units; undefined or 0 is without limit. */
export interface ResourceLimits {
  memory?: number;
  memorySwap?: number;
  memoryReservation?: number;
  memorySwappiness?: number;
  oomKillDisable?: boolean;
  cpuShares?: number;
  cpuQuota?: number;
  cpuPeriod?: number;
  /** 1e9 is one processor. */
  nanoCpus?: number;
  cpusetCpus?: string;
  cpusetMems?: string;
  pidsLimit?: number;
  blkioWeight?: number;
  blkioThrottle?: { kind: "readBps" | "writeBps" | "readIops" | "writeIops"; path: string; rate: number }[];
}

/** Everything a TaskRuntime needs to make a container. After the OCI runtime specification. */
export interface TaskSpec {
  /** The container's 64-digit identifier. */
  id: string;
  process: ProcessSpec;
  /** The root's mount first, then the others in order. */
  mounts: MountSpec[];
  readonlyRoot: boolean;
  hostname: string;
  domainname: string;
  namespaces: {
    pid: NamespaceSpec;
    network: NamespaceSpec;
    ipc: NamespaceSpec;
    uts: NamespaceSpec;
    cgroup: NamespaceSpec;
    user: NamespaceSpec;
    mount: "new";
  };
  /** A network sandbox made beforehand (NetworkDriver.createSandbox); with namespaces.network "new". */
  sandbox?: string;
  cgroupParent: string;
  resources: ResourceLimits;
  devices: { path: string; hostPath: string; permissions: string }[];
  /** All devices, all paths writable, no seccomp. */
  privileged: boolean;
  maskedPaths: string[];
  readonlyPaths: string[];
  sysctl: Record<string, string>;
  seccomp: "default" | "unconfined" | { profile: unknown };
  /** --init: a small process 1 that reaps and forwards signals. */
  init: boolean;
  /** Name of the OCI runtime, as --runtime gives it: "runc". */
  runtime: string;
  annotations: Record<string, string>;
}
