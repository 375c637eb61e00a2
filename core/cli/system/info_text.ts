import { bytesSize } from "../units.ts";
import type { SwarmInfo } from "./swarm_text.ts";
import { swarmLines } from "./swarm_text.ts";

/** system.Info of the API, as far as it is printed. */
export interface SystemInfo {
  ID: string;
  Containers: number;
  ContainersRunning: number;
  ContainersPaused: number;
  ContainersStopped: number;
  Images: number;
  Driver: string;
  DriverStatus: [string, string][] | null;
  SystemStatus?: [string, string][] | null;
  Plugins: {
    Volume: string[] | null;
    Network: string[] | null;
    Authorization: string[] | null;
    Log: string[] | null;
  };
  Debug: boolean;
  NFd: number;
  NGoroutines: number;
  SystemTime: string;
  NEventsListener: number;
  LoggingDriver: string;
  CgroupDriver: string;
  CgroupVersion?: string;
  KernelVersion: string;
  OperatingSystem: string;
  OSType: string;
  Architecture: string;
  RegistryConfig: {
    InsecureRegistryCIDRs: string[] | null;
    IndexConfigs: Record<string, { Name: string; Secure: boolean }> | null;
    Mirrors: string[] | null;
  } | null;
  NCPU: number;
  MemTotal: number;
  DockerRootDir: string;
  HttpProxy: string;
  HttpsProxy: string;
  NoProxy: string;
  Name: string;
  Labels: string[] | null;
  ExperimentalBuild: boolean;
  ServerVersion: string;
  Runtimes: Record<string, unknown> | null;
  DefaultRuntime: string;
  Swarm: SwarmInfo;
  LiveRestoreEnabled: boolean;
  Isolation: string;
  InitBinary: string;
  ContainerdCommit: { ID: string };
  RuncCommit: { ID: string };
  InitCommit: { ID: string };
  SecurityOptions: string[] | null;
  ProductLicense?: string;
  DefaultAddressPools?: { Base: string; Size: number }[] | null;
  CDISpecDirs?: string[] | null;
  DiscoveredDevices?: { Source: string; ID: string }[] | null;
  Warnings: string[] | null;
}

const listed = (title: string, items: readonly string[]) => (items.length ? [title, ...items] : []);
const present = (label: string, value: string | undefined) => (value ? [`${label} ${value}`] : []);
const joined = (names: readonly string[] | null) => (names ?? []).join(" ");

/** The lines below "Server:" of `docker info`, and what was wrong with the answer. */
export function serverLines(
  info: SystemInfo,
  view: { debug: boolean; user: string },
): { lines: string[]; errors: string[] } {
  const errors: string[] = [];
  const lines = [
    ` Containers: ${info.Containers}`,
    `  Running: ${info.ContainersRunning}`,
    `  Paused: ${info.ContainersPaused}`,
    `  Stopped: ${info.ContainersStopped}`,
    ` Images: ${info.Images}`,
    ...present(" Server Version:", info.ServerVersion),
    ...present(" Storage Driver:", info.Driver),
    ...(info.DriverStatus ?? []).map(([key, value]) => `  ${key}: ${value}`),
    ...(info.SystemStatus ?? []).map(([key, value]) => ` ${key}: ${value}`),
    ...present(" Logging Driver:", info.LoggingDriver),
    ...present(" Cgroup Driver:", info.CgroupDriver),
    ...present(" Cgroup Version:", info.CgroupVersion),
    " Plugins:",
    `  Volume: ${joined(info.Plugins.Volume)}`,
    `  Network: ${joined(info.Plugins.Network)}`,
    ...(info.Plugins.Authorization?.length ? [`  Authorization: ${joined(info.Plugins.Authorization)}`] : []),
    `  Log: ${joined(info.Plugins.Log)}`,
    ...listed(
      " CDI spec directories:",
      (info.CDISpecDirs ?? []).map((directory) => `  ${directory}`),
    ),
    ...listed(
      " Discovered Devices:",
      (info.DiscoveredDevices ?? []).map(({ Source, ID }) => `  ${Source}: ${ID}`),
    ),
    ` Swarm: ${info.Swarm.LocalNodeState}`,
    ...swarmLines(info.Swarm),
    ...runtimeLines(info),
    ...(info.OSType === "linux" ? linuxLines(info, errors) : []),
    ...(info.OSType === "windows" ? [` Default Isolation: ${info.Isolation}`] : []),
    ...present(" Kernel Version:", info.KernelVersion),
    ...present(" Operating System:", info.OperatingSystem),
    ...present(" OSType:", info.OSType),
    ...present(" Architecture:", info.Architecture),
    ` CPUs: ${info.NCPU}`,
    ` Total Memory: ${bytesSize(info.MemTotal)}`,
    ...present(" Name:", info.Name),
    ...present(" ID:", info.ID),
    ` Docker Root Dir: ${info.DockerRootDir}`,
    ` Debug Mode: ${info.Debug}`,
    ...(info.Debug || view.debug ? debugLines(info) : []),
    ...present(" HTTP Proxy:", info.HttpProxy),
    ...present(" HTTPS Proxy:", info.HttpsProxy),
    ...present(" No Proxy:", info.NoProxy),
    ...present(" Username:", view.user),
    ...listed(
      " Labels:",
      (info.Labels ?? []).map((label) => `  ${label}`),
    ),
    ` Experimental: ${info.ExperimentalBuild}`,
    ...registryLines(info),
    ` Live Restore Enabled: ${info.LiveRestoreEnabled}`,
    ...present(" Product License:", info.ProductLicense),
    ...listed(
      " Default Address Pools:",
      (info.DefaultAddressPools ?? []).map(({ Base, Size }) => `   Base: ${Base}, Size: ${Size}`),
    ),
    "",
  ];
  return { lines, errors };
}

function runtimeLines(info: SystemInfo): string[] {
  const names = Object.keys(info.Runtimes ?? {});
  return names.length ? [` Runtimes: ${names.join(" ")}`, ` Default Runtime: ${info.DefaultRuntime}`] : [];
}

function linuxLines(info: SystemInfo, errors: string[]): string[] {
  const lines = [
    ` Init Binary: ${info.InitBinary}`,
    ` containerd version: ${info.ContainerdCommit.ID}`,
    ` runc version: ${info.RuncCommit.ID}`,
    ` init version: ${info.InitCommit.ID}`,
  ];
  const options = info.SecurityOptions ?? [];
  if (options.length === 0) return lines;
  try {
    return [...lines, " Security Options:", ...options.flatMap(securityLines)];
  } catch (error) {
    errors.push((error as Error).message);
    return lines;
  }
}

/** "name=seccomp,profile=builtin" as lines; an engine of long ago says "seccomp" alone. */
function securityLines(option: string): string[] {
  if (!option.includes("=")) return [`  ${option}`];
  const pairs = option.split(",").map((part) => {
    const equals = part.indexOf("=");
    if (equals < 0) throw new Error(`invalid security option ${JSON.stringify(part)}`);
    const [key, value] = [part.slice(0, equals), part.slice(equals + 1)];
    if (key === "" || value === "") throw new Error("invalid empty security option");
    return [key, value] as const;
  });
  const name = pairs.find(([key]) => key === "name")?.[1] ?? "";
  const profiles = pairs.filter(([key]) => key === "profile").map(([, value]) => `   Profile: ${value}`);
  return [`  ${name}`, ...profiles];
}

function debugLines(info: SystemInfo): string[] {
  return [
    `  File Descriptors: ${info.NFd}`,
    `  Goroutines: ${info.NGoroutines}`,
    `  System Time: ${info.SystemTime}`,
    `  EventsListeners: ${info.NEventsListener}`,
  ];
}

function registryLines({ RegistryConfig }: SystemInfo): string[] {
  const indexes = Object.values(RegistryConfig?.IndexConfigs ?? {});
  const ranges = RegistryConfig?.InsecureRegistryCIDRs ?? [];
  const insecure = [...indexes.filter(({ Secure }) => !Secure).map(({ Name }) => Name), ...ranges];
  return [
    ...(indexes.length || ranges.length
      ? [" Insecure Registries:", ...insecure.map((name) => `  ${name}`)]
      : []),
    ...listed(
      " Registry Mirrors:",
      (RegistryConfig?.Mirrors ?? []).map((mirror) => `  ${mirror}`),
    ),
  ];
}
