import type { Container } from "../../containers/container.ts";
import { completeHostConfig } from "../../containers/hostconfig.ts";
import type { ContainerRecord } from "../../containers/record.ts";
import { statusName } from "../../containers/state.ts";
import { orderedContainerConfig } from "../../oci/config.ts";
import type { Engine } from "../engine.ts";
import { endpointJson } from "./endpoint-json.ts";
import { containerDirectory, enginePath } from "./files.ts";
import { mountJson } from "./mount-json.ts";
import { portsInOrder } from "./publish.ts";
import { containerSizes } from "./size.ts";

/** All that docker inspect shows of a container, as API 1.51 has it; with `size` also what its files take. */
export async function containerInspect(
  engine: Engine,
  containerRef: string,
  size: boolean,
): Promise<Record<string, unknown>> {
  const container = engine.containers.resolve(containerRef);
  const { record } = container;
  const directory = containerDirectory(engine, record.id);
  const started = record.startedOnce;
  const path = (file: "hostname" | "hosts" | "resolv.conf") =>
    started ? enginePath(engine, record, file) : "";
  return {
    Id: record.id,
    Created: record.created,
    Path: record.path,
    Args: record.args,
    State: stateJson(container),
    Image: record.imageId,
    ResolvConfPath: path("resolv.conf"),
    HostnamePath: path("hostname"),
    HostsPath: path("hosts"),
    LogPath: started && container.logDriver === "json-file" ? `${directory}/${record.id}-json.log` : "",
    Name: `/${record.name}`,
    RestartCount: record.restartCount,
    Driver: engine.snapshotter.driver,
    Platform: record.platform,
    MountLabel: "",
    ProcessLabel: "",
    AppArmorProfile: "",
    ExecIDs: container.execs.size > 0 ? [...container.execs.keys()] : null,
    HostConfig: hostConfigJson(engine, record),
    GraphDriver: {
      Data: { ID: record.id, ...engine.snapshotter.describe(record.id) },
      Name: engine.snapshotter.driver,
    },
    ...(size ? await sizeJson(engine, record) : {}),
    Mounts: record.mounts.map(mountJson),
    Config: configJson(record),
    NetworkSettings: networkSettings(record),
  };
}

async function sizeJson(engine: Engine, record: ContainerRecord): Promise<Record<string, number>> {
  const { rw, rootFs } = await containerSizes(engine, record);
  return { SizeRw: rw, SizeRootFs: rootFs };
}

function stateJson({ record }: Container): unknown {
  const { state } = record;
  return {
    Status: statusName(state),
    Running: state.running,
    Paused: state.paused,
    Restarting: state.restarting,
    OOMKilled: state.oomKilled,
    Dead: state.dead,
    Pid: state.pid,
    ExitCode: state.exitCode,
    Error: state.error,
    StartedAt: state.startedAt,
    FinishedAt: state.finishedAt,
    ...(state.health
      ? {
          Health: {
            Status: state.health.status,
            FailingStreak: state.health.failingStreak,
            Log: state.health.log,
          },
        }
      : {}),
  };
}

function hostConfigJson(engine: Engine, record: ContainerRecord): Record<string, unknown> {
  const complete = completeHostConfig(record.hostConfig, engine.settings.cgroupVersion);
  const logging = record.hostConfig.LogConfig;
  complete.LogConfig = {
    Type: logging?.Type || engine.settings.logDriver,
    Config: logging?.Type ? (logging.Config ?? {}) : engine.settings.logOptions,
  };
  const policy = record.hostConfig.RestartPolicy;
  complete.RestartPolicy = { Name: policy?.Name || "no", MaximumRetryCount: policy?.MaximumRetryCount ?? 0 };
  return complete;
}

/** The container's configuration; what is not set shows as null or "" where Docker has it so. */
function configJson({ config }: ContainerRecord): Record<string, unknown> {
  const { StopTimeout, ...rest } = config;
  return {
    ...orderedContainerConfig(rest),
    ...(StopTimeout === undefined ? {} : { StopTimeout }),
    Labels: config.Labels ?? {},
  };
}

function networkSettings(record: ContainerRecord): Record<string, unknown> {
  const bridge = record.networks.bridge?.endpoint;
  const running = record.sandboxId !== "";
  return {
    Bridge: "",
    SandboxID: record.sandboxId,
    SandboxKey: record.sandboxKey,
    Ports: running ? publishedPorts(record) : {},
    HairpinMode: false,
    LinkLocalIPv6Address: "",
    LinkLocalIPv6PrefixLen: 0,
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: bridge?.id ?? "",
    Gateway: bridge?.gateway ?? "",
    GlobalIPv6Address: bridge?.address6 ?? "",
    GlobalIPv6PrefixLen: bridge?.prefixLength6 ?? 0,
    IPAddress: bridge?.address ?? "",
    IPPrefixLen: bridge?.prefixLength ?? 0,
    IPv6Gateway: bridge?.gateway6 ?? "",
    MacAddress: bridge?.macAddress ?? "",
    Networks: Object.fromEntries(
      Object.entries(record.networks)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, attachment]) => [name, endpointJson(record, name, attachment, true)]),
    ),
  };
}

function publishedPorts(record: ContainerRecord): Record<string, unknown> {
  const ports: Record<string, { HostIp: string; HostPort: string }[] | null> = {};
  for (const port of portsInOrder(record)) {
    const mappings = record.ports.filter(
      ({ protocol, containerPort }) => `${containerPort}/${protocol}` === port,
    );
    ports[port] =
      mappings.length > 0
        ? mappings.map(({ hostIp, hostPort }) => ({ HostIp: hostIp, HostPort: String(hostPort) }))
        : null;
  }
  return ports;
}
