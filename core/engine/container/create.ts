import { Container } from "../../containers/container.ts";
import { defaultShmSize, type HostConfig } from "../../containers/hostconfig.ts";
import { restrictedName, restrictedNameChars } from "../../containers/names.ts";
import type { ContainerRecord, EndpointRequest, MountPoint } from "../../containers/record.ts";
import { createdState } from "../../containers/state.ts";
import { invalidParameter } from "../../errors/errors.ts";
import type { ContainerConfig } from "../../oci/image.ts";
import { randomId } from "../../platform/random.ts";
import { formatTime } from "../../platform/time.ts";
import type { Engine, Operation } from "../engine.ts";
import { containerImage, type ContainerImage } from "./image.ts";
import { containerEvent } from "./events.ts";
import { containerLinks } from "./links.ts";
import { normaliseCapabilities } from "./capabilities.ts";
import { mergeConfig } from "./merge-config.ts";
import { createMounts, releaseMounts } from "./mounts/create.ts";
import { resolveMounts } from "./mounts/resolve.ts";
import { attachmentsOf, networkOfMode } from "./networking.ts";
import { prepareRoot } from "./root.ts";
import { validateConfig } from "./validate/config.ts";
import { validateHostConfig } from "./validate/hostconfig.ts";

/** What docker create asks for. */
export interface CreateRequest {
  /** Undefined: a name is drawn. */
  name?: string;
  /** Undefined: Docker's "config cannot be empty in order to create a container". */
  config: ContainerConfig | undefined;
  hostConfig: HostConfig;
  endpoints: Record<string, EndpointRequest | null>;
  /** "linux/amd64"; "" for the host's own. */
  platform: string;
}

/**
 * Makes a container: its record, its writable layer, its volumes. Nothing runs yet.
 * Throws notFound for its image, conflict for its name, invalidParameter for the rest; all is undone then.
 */
export async function containerCreate(
  engine: Engine,
  operation: Operation,
  request: CreateRequest,
): Promise<{ id: string; warnings: string[] }> {
  const { config: asked } = request;
  if (!asked) throw invalidParameter("config cannot be empty in order to create a container");
  const host: HostConfig = { ...request.hostConfig };
  const endpoints = { ...request.endpoints };
  const warnings = moveMacAddress(asked, host, endpoints);
  validateConfig(asked);
  warnings.push(...(await validateHostConfig(engine, host, asked)));
  const image = asked.Image
    ? containerImage(engine, asked.Image, request.platform)
    : ({ id: "", config: { config: {} }, chainId: null } as unknown as ContainerImage);
  const networks = attachmentsOf(engine.networks, host, endpoints);
  const config = mergeConfig(asked, image.config.config ?? {});
  const command = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (command.length === 0) throw invalidParameter("no command specified");
  adapt(host);
  const id = randomId(engine.random);
  if (request.name !== undefined) checkName(request.name);
  const name =
    request.name === undefined
      ? engine.containers.reserveGeneratedName(engine.random, id)
      : (engine.containers.reserveName(plainName(request.name), id), plainName(request.name));
  try {
    config.Hostname = asked.Hostname || (sharesHost(host) ? engine.settings.hostname : id.slice(0, 12));
    const record: ContainerRecord = {
      id,
      name,
      created: formatTime(engine.clock.now()),
      path: command[0]!,
      args: command.slice(1),
      imageId: image.id,
      chainId: image.chainId,
      platform: "linux",
      config,
      hostConfig: leanHostConfig(host),
      mounts: [],
      networks,
      ports: [],
      sandboxId: "",
      sandboxKey: "",
      links: {},
      state: createdState(),
      restartCount: 0,
      stoppedByHand: false,
      startedOnce: false,
    };
    await operation.trace.step(
      "engine",
      "container create",
      { container: id, name, image: image.id },
      (trace) => make(engine, { ...operation, trace }, record, image),
    );
    return { id, warnings };
  } catch (error) {
    engine.containers.releaseName(name, id);
    throw error;
  }
}

async function make(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  image: ContainerImage,
): Promise<void> {
  const host = record.hostConfig;
  record.links = containerLinks(engine, record);
  const mounts: MountPoint[] = resolveMounts(engine, host, record.config);
  await engine.snapshotter.prepare(record.id, image.chainId, operation.trace);
  try {
    await prepareRoot(engine, record);
    record.mounts = await createMounts(engine, operation, record, mounts);
    try {
      const container = new Container(record, engine.clock);
      engine.containers.add(container);
      containerEvent(engine, container, "create");
    } catch (error) {
      await releaseMounts(engine, operation, record, true);
      throw error;
    }
  } catch (error) {
    await engine.snapshotter.remove(record.id, operation.trace);
    throw error;
  }
}

/** Throws invalidParameter for a name that Docker does not take. */
export function checkName(name: string): void {
  if (!restrictedName.test(plainName(name)))
    throw invalidParameter(`Invalid container name (${name}), only ${restrictedNameChars} are allowed`);
}

/** The name without the slash that old clients put before it. */
export function plainName(name: string): string {
  return name.startsWith("/") ? name.slice(1) : name;
}

function sharesHost(host: HostConfig): boolean {
  return host.NetworkMode === "host" || host.UTSMode === "host";
}

/** --mac-address belongs to the container's first network since API 1.44. */
function moveMacAddress(
  config: ContainerConfig,
  host: HostConfig,
  endpoints: Record<string, EndpointRequest | null>,
): string[] {
  const { MacAddress } = config;
  if (!MacAddress) return [];
  const mode = networkOfMode(host.NetworkMode);
  const endpoint = endpoints[mode] ?? endpoints[host.NetworkMode ?? ""] ?? {};
  if (endpoint.MacAddress && endpoint.MacAddress !== MacAddress)
    throw invalidParameter(
      "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty",
    );
  endpoints[mode] = { ...endpoint, MacAddress };
  return [
    "The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.",
  ];
}

/** Fills in what follows from what was asked. */
function adapt(host: HostConfig): void {
  for (const [port, bindings] of Object.entries(host.PortBindings ?? {}))
    host.PortBindings![port] =
      bindings?.map(({ HostIp = "", HostPort = "" }) => ({ HostIp, HostPort })) ?? null;
  if (host.Memory && !host.MemorySwap) host.MemorySwap = host.Memory * 2;
  host.NetworkMode = networkOfMode(host.NetworkMode);
  if (host.CapAdd?.length) host.CapAdd = normaliseCapabilities(host.CapAdd);
  if (host.CapDrop?.length) host.CapDrop = normaliseCapabilities(host.CapDrop);
  if (host.RestartPolicy && !host.RestartPolicy.Name)
    host.RestartPolicy = { ...host.RestartPolicy, Name: "no" };
  if (host.PidsLimit !== undefined && host.PidsLimit <= 0) delete host.PidsLimit;
  if (host.LogConfig && !host.LogConfig.Type) {
    if (Object.keys(host.LogConfig.Config ?? {}).length === 0) delete host.LogConfig;
    else host.LogConfig = { ...host.LogConfig, Type: "json-file" };
  }
  if (host.ShmSize === 0 || host.ShmSize === defaultShmSize) delete host.ShmSize;
  if (!host.Init && host.Init !== false) delete host.Init;
}

const defaults: Readonly<Record<string, string>> = {
  NetworkMode: "bridge",
  IpcMode: "private",
  Runtime: "runc",
};

/** Without the fields that say what is so anyway. */
function leanHostConfig(host: HostConfig): HostConfig {
  return Object.fromEntries(
    Object.entries(host).filter(
      ([name, value]) =>
        value !== undefined &&
        value !== null &&
        (value !== "" || name === "CgroupnsMode") &&
        value !== defaults[name] &&
        (name === "Init" || value !== false) &&
        value !== 0 &&
        !isEmpty(name, value),
    ),
  ) as HostConfig;
}

/** Empty lists and maps are kept where Docker shows them as they were asked. */
function isEmpty(name: string, value: unknown): boolean {
  if (name === "RestartPolicy") return (value as { Name?: string }).Name === "no";
  if (name === "ConsoleSize") return (value as number[]).every((size) => size === 0);
  return false;
}
