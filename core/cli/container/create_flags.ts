import type { FlagValues } from "../flags.ts";
import { bool, duration, int, int64, string, uint, uint16 } from "../flags/basic.ts";
import { gpus, throttledBytes, throttledOperations, weightedDevices } from "../flags/devices.ts";
import { list, map } from "../flags/lists.ts";
import { mount } from "../flags/mount.ts";
import { network } from "../flags/network.ts";
import { bytes, memorySwap, processors } from "../flags/sizes.ts";
import { ulimit } from "../flags/ulimit.ts";
import {
  validAttach,
  validDeviceCgroupRule,
  validDnsSearch,
  validEnvironment,
  validExtraHost,
  validIp,
  validLabel,
  validLink,
  validSysctl,
} from "../flags/validation.ts";

const general = {
  attach: list({ short: "a", usage: "Attach to STDIN, STDOUT or STDERR", validate: validAttach }),
  "device-cgroup-rule": list({
    usage: "A rule for the devices that the cgroup allows",
    validate: validDeviceCgroupRule,
  }),
  device: list({ usage: "Give a device of the host to the container" }),
  gpus: gpus({ usage: "Give GPUs to the container ('all' for all of them)", version: "1.40" }),
  env: list({ short: "e", usage: "Set environment variables", validate: validEnvironment }),
  "env-file": list({ usage: "Read environment variables from a file" }),
  entrypoint: string({ usage: "Instead of the ENTRYPOINT of the image" }),
  "group-add": list({ usage: "Further groups to run in" }),
  hostname: string({ short: "h", usage: "The container's host name" }),
  domainname: string({ usage: "The container's NIS domain name" }),
  interactive: bool({ short: "i", usage: "Keep STDIN open, attached or not" }),
  label: list({ short: "l", usage: "Put metadata on the container", validate: validLabel }),
  "label-file": list({ usage: "Read labels from a file, one a line" }),
  "read-only": bool({ usage: "Mount the container's root file system read-only" }),
  restart: string({ usage: "What to do when the container exits", default: "no" }),
  "stop-signal": string({ usage: "The signal that stops the container" }),
  "stop-timeout": int({ usage: "Seconds to wait for the container to stop", version: "1.25" }),
  sysctl: map({ usage: "Set kernel parameters", validate: validSysctl }),
  tty: bool({ short: "t", usage: "Give it a pseudo-terminal" }),
  ulimit: ulimit({ usage: "Set resource limits" }),
  user: string({ short: "u", usage: "User name or UID (as <name|uid>[:<group|gid>])" }),
  workdir: string({ short: "w", usage: "The working directory in the container" }),
  rm: bool({ usage: "Remove the container and its anonymous volumes when it exits" }),
};

const security = {
  "cap-add": list({ usage: "Add Linux capabilities" }),
  "cap-drop": list({ usage: "Take away Linux capabilities" }),
  privileged: bool({ usage: "Give the container all privileges" }),
  "security-opt": list({ usage: "Security options" }),
  userns: string({ usage: "The user namespace to use" }),
  cgroupns: string({
    usage: `The cgroup namespace to use (host|private)
'host':    that of the host
'private': one of its own
'':        as the engine is configured
           (default-cgroupns-mode)`,
    version: "1.41",
  }),
};

const networking = {
  "add-host": list({ usage: "Add an entry to the hosts file (host:ip)", validate: validExtraHost }),
  dns: list({ usage: "DNS servers to ask", validate: validIp }),
  "dns-opt": { ...list({ usage: "DNS options", hidden: true }), sharedWith: "dns-option" },
  "dns-option": list({ usage: "DNS options" }),
  "dns-search": list({ usage: "DNS domains to search in", validate: validDnsSearch }),
  expose: list({ usage: "Expose a port or a range of ports" }),
  ip: string({ usage: "IPv4 address (such as 172.30.100.104)" }),
  ip6: string({ usage: "IPv6 address (such as 2001:db8::33)" }),
  link: list({ usage: "Link to another container", validate: validLink }),
  "link-local-ip": list({ usage: "Link-local addresses, IPv4 or IPv6" }),
  "mac-address": string({ usage: "MAC address (such as 92:d0:c6:0a:29:33)" }),
  publish: list({ short: "p", usage: "Publish ports of the container on the host" }),
  "publish-all": bool({ short: "P", usage: "Publish all exposed ports on random ports of the host" }),
  net: { ...network({ usage: "Attach the container to a network", hidden: true }), sharedWith: "network" },
  network: network({ usage: "Attach the container to a network" }),
  "net-alias": {
    ...list({ usage: "A name for the container in the network", hidden: true }),
    sharedWith: "network-alias",
  },
  "network-alias": list({ usage: "A name for the container in the network" }),
};

const storage = {
  "log-driver": string({ usage: "What keeps the container's logs" }),
  "volume-driver": string({ usage: "What provides the container's volumes" }),
  "log-opt": list({ usage: "Options of the log driver" }),
  "storage-opt": list({ usage: "Options of the storage driver for the container" }),
  tmpfs: list({ usage: "Mount a directory in memory" }),
  "volumes-from": list({ usage: "Mount the volumes of other containers" }),
  volume: list({ short: "v", usage: "Mount a volume or a directory of the host" }),
  mount: mount({ usage: "Mount a file system" }),
};

const health = {
  "health-cmd": string({ usage: "The command that checks health" }),
  "health-interval": duration({ usage: "Time between two checks (ms|s|m|h) (default 0s)" }),
  "health-retries": int({ usage: "Failures in a row that make it unhealthy" }),
  "health-timeout": duration({ usage: "The longest that a check may run (ms|s|m|h) (default 0s)" }),
  "health-start-period": duration({
    usage: "Time for the container to start before failures count (ms|s|m|h) (default 0s)",
    version: "1.29",
  }),
  "health-start-interval": duration({
    usage: "Time between two checks while it starts (ms|s|m|h) (default 0s)",
    version: "1.44",
  }),
  "no-healthcheck": bool({ usage: "Do without the HEALTHCHECK of the image" }),
};

const resources = {
  "blkio-weight": uint16({ usage: "Block IO weight, from 10 to 1000, 0 for none (default 0)" }),
  "blkio-weight-device": weightedDevices({ usage: "Block IO weight of a device" }),
  cidfile: string({ usage: "Write the container's ID to a file" }),
  "cpuset-cpus": string({ usage: "CPUs to run on (0-3, 0,1)" }),
  "cpuset-mems": string({ usage: "Memory nodes to run on (0-3, 0,1)" }),
  "cpu-count": int64({ usage: "Number of CPUs (Windows only)", osType: "windows" }),
  "cpu-percent": int64({ usage: "Percent of the CPUs (Windows only)", osType: "windows" }),
  "cpu-period": int64({ usage: "The period of the CPU scheduler (CFS)" }),
  "cpu-quota": int64({ usage: "The share of that period (CFS)" }),
  "cpu-rt-period": int64({ usage: "Real-time period in microseconds", version: "1.25" }),
  "cpu-rt-runtime": int64({ usage: "Real-time runtime in microseconds", version: "1.25" }),
  "cpu-shares": int64({ short: "c", usage: "Weight against other containers" }),
  cpus: processors({ usage: "How many CPUs it may use", version: "1.25" }),
  "device-read-bps": throttledBytes({ usage: "Bytes a second that it may read from a device" }),
  "device-read-iops": throttledOperations({ usage: "Reads a second from a device" }),
  "device-write-bps": throttledBytes({ usage: "Bytes a second that it may write to a device" }),
  "device-write-iops": throttledOperations({ usage: "Writes a second to a device" }),
  "io-maxbandwidth": bytes({ usage: "Bandwidth of the system drive (Windows only)", osType: "windows" }),
  "io-maxiops": uint({ usage: "Operations a second of the system drive (Windows only)", osType: "windows" }),
  "kernel-memory": bytes({ usage: "Limit of kernel memory" }),
  memory: bytes({ short: "m", usage: "Limit of memory" }),
  "memory-reservation": bytes({ usage: "Soft limit of memory" }),
  "memory-swap": memorySwap({
    usage: "Limit of memory and swap together: '-1' for as much swap as there is",
  }),
  "memory-swappiness": int64({ usage: "How eagerly its memory is swapped (0 to 100)", default: -1 }),
  "oom-kill-disable": bool({ usage: "Do without the OOM killer" }),
  "oom-score-adj": int({ usage: "How soon the OOM killer takes it (-1000 to 1000)" }),
  "pids-limit": int64({ usage: "Limit of processes (-1 for none)" }),
};

const lowLevel = {
  "cgroup-parent": string({ usage: "The cgroup to be in" }),
  ipc: string({ usage: "IPC mode" }),
  isolation: string({ usage: "How the container is isolated" }),
  pid: string({ usage: "PID namespace to use" }),
  "shm-size": bytes({ usage: "Size of /dev/shm" }),
  uts: string({ usage: "UTS namespace to use" }),
  runtime: string({ usage: "The runtime for the container" }),
  init: bool({
    usage: "Run an init in the container that forwards signals and reaps processes",
    version: "1.25",
  }),
  annotation: map({ usage: "Add an annotation to the container, for the OCI runtime", version: "1.43" }),
};

/** Flags of `create` and `run` that say how the container is to be. */
export const configurationFlags = {
  ...general,
  ...security,
  ...networking,
  ...storage,
  ...health,
  ...resources,
  ...lowLevel,
};

/** Flags of `create` and `run` that say how it is made. */
export const creationFlags = {
  name: string({ usage: "A name for the container" }),
  platform: string({ usage: "The platform, where the engine has several", version: "1.32" }),
  quiet: bool({ short: "q", usage: "Do not show how images are pulled" }),
  "use-api-socket": bool({ usage: "Give the container the engine's socket and the credentials for it" }),
  // Without the short -h that every other command has for it: here that is the host name.
  help: bool({ usage: "Print usage" }),
  "disable-content-trust": bool({ usage: "Do not check the image's signature", default: true }),
};

export type ConfigurationValues = FlagValues<typeof configurationFlags>;
export type CreationValues = FlagValues<typeof creationFlags> & { readonly pull: string };
