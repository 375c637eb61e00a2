import type { Cli } from "../cli.ts";
import { readKeyValueFile } from "../key_value_file.ts";
import { absolutePath, isAbsolute } from "../paths.ts";
import { isMacAddress } from "../go/ip.ts";
import type { ConfigurationValues } from "./create_flags.ts";
import { deviceMappings } from "./devices.ts";
import { endpointsOf } from "./endpoints.ts";
import { healthcheckOf } from "./healthcheck.ts";
import { publishedPorts } from "./ports.ts";
import { restartPolicyOf } from "./restart_policy.ts";
import { securityOf } from "./security.ts";
import { parseVolumeSpec } from "./volume_spec.ts";

/** Some fields of the body of POST /containers/create; the others are only passed on. */
export interface CreateRequest {
  AttachStdin: boolean;
  AttachStdout: boolean;
  AttachStderr: boolean;
  Tty: boolean;
  OpenStdin: boolean;
  StdinOnce: boolean;
  Env: string[] | null;
  Image: string;
  HostConfig: HostConfig;
  [field: string]: unknown;
}

interface HostConfig {
  AutoRemove: boolean;
  ConsoleSize: [rows: number, columns: number];
  Dns: string[];
  Mounts: unknown[] | undefined;
  [field: string]: unknown;
}

/**
 * The body of POST /containers/create that the flags ask for, its fields in the order of docker's own. Rejects with
 * docker's texts for flags that contradict each other.
 */
export async function createRequest(
  cli: Cli,
  image: string,
  command: string[],
  flags: ConfigurationValues,
  changed: ReadonlySet<string>,
): Promise<CreateRequest> {
  const client = await cli.client();
  const mac = flags["mac-address"];
  if (mac !== "" && !isMacAddress(mac.trim())) throw new Error(`${mac} is not a valid mac address`);
  const swappiness = flags["memory-swappiness"];
  if (swappiness !== -1 && (swappiness < 0 || swappiness > 100))
    throw new Error(`invalid value: ${swappiness}. Valid memory swappiness range is 0-100`);
  const { binds, volumes } = volumesOf(cli, flags.volume);
  const ports = publishedPorts(flags.publish, flags.expose);
  const devices = deviceMappings(flags.device, (await cli.serverInfo())?.osType ?? "");
  const environment = await environmentOf(cli, flags);
  const labels = await labelsOf(cli, flags);
  checkModes(flags);
  const restart = restartPolicyOf(flags.restart);
  const logging = flags["log-opt"];
  if (flags["log-driver"] === "none" && logging.length > 0)
    throw new Error("invalid logging opts for driver none");
  const security = await securityOf(cli, flags["security-opt"]);
  const storage = keyValues(flags["storage-opt"].map(storageOption));
  const health = healthcheckOf(flags);
  if (flags.rm && restart.Name !== "no" && restart.Name !== "")
    throw new Error("conflicting options: cannot specify both --restart and --rm");
  const endpoints = endpointsOf(flags);

  const attachesNothing = flags.attach.length === 0;
  const attachStdin = flags.attach.includes("stdin") || flags.interactive;
  const requests = [...flags.gpus, ...devices.requests];
  const hasKernelMemory = client.version === "1.40" || client.version === "1.41";
  const oldMac = Number(client.version.split(".")[1]) < 44 ? mac || endpoints.mainMacAddress : "";
  return {
    Hostname: flags.hostname,
    Domainname: flags.domainname,
    User: flags.user,
    AttachStdin: attachStdin,
    AttachStdout: attachesNothing || flags.attach.includes("stdout"),
    AttachStderr: attachesNothing || flags.attach.includes("stderr"),
    ...some("ExposedPorts", ports.exposed),
    Tty: flags.tty,
    OpenStdin: flags.interactive,
    StdinOnce: flags.interactive && attachStdin,
    Env: orNull(environment),
    Cmd: orNull(command),
    ...(health ? { Healthcheck: health } : {}),
    Image: image,
    Volumes: volumes,
    WorkingDir: flags.workdir,
    // `--entrypoint=""` takes the image's entry point away.
    Entrypoint: changed.has("entrypoint") ? [flags.entrypoint] : null,
    ...(oldMac ? { MacAddress: oldMac } : {}),
    OnBuild: null,
    Labels: sorted(keyValues(labels)),
    ...(flags["stop-signal"] ? { StopSignal: flags["stop-signal"] } : {}),
    ...(changed.has("stop-timeout") ? { StopTimeout: flags["stop-timeout"] } : {}),
    HostConfig: {
      Binds: orNull(binds),
      ContainerIDFile: flags.cidfile,
      LogConfig: { Type: flags["log-driver"], Config: sorted(keyValues(logging)) },
      NetworkMode: flags.network[0]?.target ?? "default",
      PortBindings: ports.bindings,
      RestartPolicy: restart,
      AutoRemove: flags.rm,
      VolumeDriver: flags["volume-driver"],
      VolumesFrom: orNull(flags["volumes-from"]),
      ConsoleSize: [0, 0],
      ...some("Annotations", sorted(flags.annotation)),
      CapAdd: capabilities(flags["cap-add"]),
      CapDrop: capabilities(flags["cap-drop"]),
      CgroupnsMode: flags.cgroupns,
      Dns: flags.dns,
      DnsOptions: flags["dns-option"],
      DnsSearch: flags["dns-search"],
      ExtraHosts: orNull(flags["add-host"]),
      GroupAdd: orNull(flags["group-add"]),
      IpcMode: flags.ipc,
      Cgroup: "",
      Links: orNull(flags.link),
      OomScoreAdj: flags["oom-score-adj"],
      PidMode: flags.pid,
      Privileged: flags.privileged,
      PublishAllPorts: flags["publish-all"],
      ReadonlyRootfs: flags["read-only"],
      SecurityOpt: security.options,
      ...some("StorageOpt", sorted(storage)),
      ...some("Tmpfs", sorted(Object.fromEntries(flags.tmpfs.map((text) => cut(text, ":"))))),
      UTSMode: flags.uts,
      UsernsMode: flags.userns,
      ShmSize: flags["shm-size"],
      ...some("Sysctls", sorted(flags.sysctl)),
      ...(flags.runtime ? { Runtime: flags.runtime } : {}),
      Isolation: flags.isolation,
      CpuShares: flags["cpu-shares"],
      Memory: flags.memory,
      NanoCpus: flags.cpus,
      CgroupParent: flags["cgroup-parent"],
      BlkioWeight: flags["blkio-weight"],
      BlkioWeightDevice: flags["blkio-weight-device"],
      BlkioDeviceReadBps: flags["device-read-bps"],
      BlkioDeviceWriteBps: flags["device-write-bps"],
      BlkioDeviceReadIOps: flags["device-read-iops"],
      BlkioDeviceWriteIOps: flags["device-write-iops"],
      CpuPeriod: flags["cpu-period"],
      CpuQuota: flags["cpu-quota"],
      CpuRealtimePeriod: flags["cpu-rt-period"],
      CpuRealtimeRuntime: flags["cpu-rt-runtime"],
      CpusetCpus: flags["cpuset-cpus"],
      CpusetMems: flags["cpuset-mems"],
      Devices: devices.mappings,
      DeviceCgroupRules: orNull(flags["device-cgroup-rule"]),
      DeviceRequests: orNull(requests),
      ...(hasKernelMemory && flags["kernel-memory"] ? { KernelMemory: flags["kernel-memory"] } : {}),
      MemoryReservation: flags["memory-reservation"],
      MemorySwap: flags["memory-swap"],
      MemorySwappiness: swappiness,
      OomKillDisable: flags["oom-kill-disable"],
      PidsLimit: flags["pids-limit"],
      Ulimits: flags.ulimit,
      CpuCount: flags["cpu-count"],
      CpuPercent: flags["cpu-percent"],
      IOMaximumIOps: flags["io-maxiops"],
      IOMaximumBandwidth: flags["io-maxbandwidth"],
      Mounts: flags.mount.length > 0 ? flags.mount.map((one) => absoluteSource(cli, one)) : undefined,
      MaskedPaths: security.unconfinedPaths ? [] : null,
      ReadonlyPaths: security.unconfinedPaths ? [] : null,
      ...(changed.has("init") ? { Init: flags.init } : {}),
    },
    NetworkingConfig: { EndpointsConfig: endpoints.config },
  };
}

/** Binds and named volumes are the host's business; anonymous volumes belong to the container's configuration. */
function volumesOf(cli: Cli, texts: readonly string[]) {
  const binds: string[] = [];
  const volumes: Record<string, Record<string, never>> = {};
  for (const text of new Set(texts)) {
    const { source, isBind } = parseVolumeSpec(text);
    if (source === "") volumes[text] = {};
    else if (isBind && source.startsWith(".")) {
      const [path, rest] = cut(text, ":");
      binds.push(`${absolutePath(cli.console, path)}:${rest}`);
    } else binds.push(text);
  }
  return { binds, volumes: sorted(volumes) };
}

function absoluteSource<T extends { Source?: string }>(cli: Cli, mount: T): T {
  const { Source } = mount;
  return Source?.startsWith(".") && !isAbsolute(Source)
    ? { ...mount, Source: absolutePath(cli.console, Source) }
    : mount;
}

/** Environment of --env-file, then of -e (which proxies of config.json complete). */
async function environmentOf(cli: Cli, flags: ConfigurationValues): Promise<string[]> {
  const { env } = cli.console;
  const given = new Map<string, string>();
  for (const text of flags.env) {
    const name = text.split("=", 1)[0]!;
    const value = env[name];
    given.set(name, text.includes("=") || value === undefined ? text : `${name}=${value}`);
  }
  const proxies = cli.config.proxies ?? {};
  const chosen = proxies[(await cli.endpoint()).host] ?? proxies["default"] ?? {};
  for (const [field, name] of Object.entries(proxyVariables)) {
    const value = chosen[field];
    if (!value) continue;
    for (const one of [name, name.toLowerCase()]) if (!given.has(one)) given.set(one, `${one}=${value}`);
  }
  const fromFiles: string[] = [];
  for (const path of flags["env-file"])
    fromFiles.push(...(await readKeyValueFile(cli.console, path, (name) => env[name])));
  return [...fromFiles, ...given.values()];
}

const proxyVariables = {
  httpProxy: "HTTP_PROXY",
  httpsProxy: "HTTPS_PROXY",
  noProxy: "NO_PROXY",
  ftpProxy: "FTP_PROXY",
  allProxy: "ALL_PROXY",
};

async function labelsOf(cli: Cli, flags: ConfigurationValues): Promise<string[]> {
  const fromFiles: string[] = [];
  for (const path of flags["label-file"])
    fromFiles.push(...(await readKeyValueFile(cli.console, path, () => undefined)));
  return [...fromFiles, ...flags.label];
}

function checkModes(flags: ConfigurationValues): void {
  if (flags.pid !== "" && flags.pid !== "host" && !/^container:./.test(flags.pid))
    throw new Error("--pid: invalid PID mode");
  if (flags.uts !== "" && flags.uts !== "host") throw new Error("--uts: invalid UTS mode");
  if (flags.userns !== "" && flags.userns !== "host") throw new Error("--userns: invalid USER mode");
  if (!["", "private", "host"].includes(flags.cgroupns)) throw new Error("--cgroupns: invalid CGROUP mode");
}

function storageOption(text: string): string {
  if (!text.includes("=")) throw new Error("invalid storage option");
  return text;
}

function capabilities(names: readonly string[]): string[] | null {
  const full = names
    .map((name) => name.toUpperCase())
    .map((name) => (/^(ALL$|CAP_)/.test(name) ? name : `CAP_${name}`));
  return orNull([...new Set(full)].sort());
}

/** What is not there is null, as Go writes a slice that was never made. */
const orNull = <T>(values: readonly T[]): T[] | null => (values.length > 0 ? [...values] : null);

const some = (name: string, values: Record<string, unknown>) =>
  Object.keys(values).length > 0 ? { [name]: values } : {};

function cut(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

const keyValues = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(texts.map((text) => cut(text, "=")));

function sorted<T>(values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}
