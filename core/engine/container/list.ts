import type { Container } from "../../containers/container.ts";
import { statusName, statusNames } from "../../containers/state.ts";
import { statusText } from "../../containers/status.ts";
import { DockerError, systemError } from "../../errors/errors.ts";
import type { ContainerRecord } from "../../containers/record.ts";
import type { Engine } from "../engine.ts";
import { invalidFilter, type Filters } from "../../filters/filters.ts";
import { endpointJson } from "./endpoint-json.ts";
import { mountJson } from "./mount-json.ts";
import { portsInOrder } from "./publish.ts";
import { containerSizes } from "./size.ts";

/** Which containers docker ps shows. */
export interface ListRequest {
  /** Those that do not run, too. */
  all: boolean;
  /** The newest so many, running or not; 0: every one. */
  limit: number;
  size: boolean;
  filters: Filters;
}

const acceptedFilters = [
  "ancestor",
  "before",
  "exited",
  "id",
  "isolation",
  "label",
  "name",
  "status",
  "health",
  "since",
  "volume",
  "network",
  "is-task",
  "publish",
  "expose",
];

/** What docker ps shows of each container, the newest first. Throws invalidParameter for filters Docker does not know. */
export async function containerList(engine: Engine, request: ListRequest): Promise<unknown[]> {
  const { filters, limit } = request;
  filters.validate(acceptedFilters);
  const matches = matcher(engine, request);
  const found: Container[] = [];
  // They are kept in the order of their making, so this is nearly sorted already.
  const newestFirst = [...engine.containers.all()].reverse().sort((one, other) => compareAge(other, one));
  for (const container of newestFirst) {
    if (limit > 0 && found.length === limit) break;
    const fits = matches(container);
    if (fits === "stop") break;
    if (fits) found.push(container);
  }
  const nameOf = imageNames(engine);
  const summaries: unknown[] = [];
  for (const { record } of found) {
    const sizes = request.size ? await containerSizes(engine, record) : undefined;
    summaries.push(summary(record, nameOf(record), engine.clock.now(), sizes));
  }
  return summaries;
}

/** By when they were made; without the zone's letter the texts sort as the times do. */
function compareAge({ record: one }: Container, { record: other }: Container): number {
  const [left, right] = [one.created.slice(0, -1), other.created.slice(0, -1)];
  return left < right ? -1 : left > right ? 1 : 0;
}

type Fits = boolean | "stop";

function matcher(engine: Engine, request: ListRequest): (container: Container) => Fits {
  const { filters } = request;
  const status = filters.get("status");
  for (const value of status)
    if (!(statusNames as readonly string[]).includes(value))
      throw invalidFilter(
        "status",
        value,
        `invalid value for state (${value}): must be one of created, running, paused, restarting, removing, exited, dead`,
      );
  const health = filters.get("health");
  for (const value of health)
    if (!["none", "starting", "healthy", "unhealthy"].includes(value))
      throw invalidFilter(
        "health",
        value,
        `invalid value for health (${value}): must be one of none, starting, healthy, unhealthy`,
      );
  const exited = filters.get("exited").map((code) => {
    if (!/^[+-]?\d+$/.test(code))
      throw invalidFilter("exited", code, `strconv.Atoi: parsing ${JSON.stringify(code)}: invalid syntax`);
    return Number(code);
  });
  const isTask = filters.has("is-task") && filters.bool("is-task");
  const before = filters.get("before").map((reference) => engine.containers.resolve(reference))[0];
  const since = filters.get("since").map((reference) => engine.containers.resolve(reference))[0];
  const ancestors = filters.has("ancestor") ? ancestorIds(engine, filters.get("ancestor")) : undefined;
  const publish = portFilter(filters, "publish");
  const expose = portFilter(filters, "expose");
  const onlyRunning =
    !request.all && request.limit <= 0 && status.length === 0 && exited.length === 0 && !before && !since;
  const names = filters.get("name");
  return (container) => {
    const { record } = container;
    const { state } = record;
    if (since && compareAge(container, since) <= 0) return "stop";
    if (before && compareAge(container, before) >= 0) return false;
    if (onlyRunning && !state.running) return false;
    if (status.length > 0 && !status.includes(statusName(state))) return false;
    if (
      exited.length > 0 &&
      (state.running || statusName(state) === "created" || !exited.includes(state.exitCode))
    )
      return false;
    if (health.length > 0 && !health.includes(state.health?.status ?? "none")) return false;
    if (isTask) return false;
    if (names.length > 0 && !names.some((name) => nameMatches(filters, name, record.name))) return false;
    if (!filters.match("id", record.id)) return false;
    if (!filters.labels("label", record.config.Labels)) return false;
    if (!filters.exact("isolation", record.hostConfig.Isolation ?? "")) return false;
    if (ancestors && !ancestors.has(record.imageId)) return false;
    if (filters.has("volume") && !usesVolume(record, filters.get("volume"))) return false;
    if (filters.has("network") && !onNetwork(record, filters.get("network"))) return false;
    // Docker asks for the one or the other, of the ports that docker ps shows.
    return (
      (!publish && !expose) ||
      portsJson(record).some(
        ({ PublicPort = 0, PrivatePort, Type }) =>
          publish?.has(`${PublicPort}/${Type}`) || expose?.has(`${PrivatePort}/${Type}`),
      )
    );
  };
}

/** With and without the slash, since Docker's own names have one. */
function nameMatches(filters: Filters, pattern: string, name: string): boolean {
  return filters.match("name", `/${name}`) || filters.match("name", name) || pattern === name;
}

function usesVolume(record: ContainerRecord, wanted: readonly string[]): boolean {
  return record.mounts.some((mount) =>
    [mount.name, mount.source, mount.destination].some((known) => known && wanted.includes(known)),
  );
}

function onNetwork(record: ContainerRecord, wanted: readonly string[]): boolean {
  return Object.entries(record.networks).some(([name, { networkId }]) =>
    wanted.some((network) => network === name || (networkId !== "" && networkId.startsWith(network))),
  );
}

function portFilter(filters: Filters, name: "publish" | "expose"): Set<string> | undefined {
  if (!filters.has(name)) return undefined;
  const ports = new Set<string>();
  for (const value of filters.get(name)) {
    const parts = /^(\d+)(?:-(\d+))?(?:\/(tcp|udp|sctp))?$/.exec(value);
    if (!parts)
      throw systemError(
        `error while looking up for ${name} ${value}: strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`,
      );
    for (let port = Number(parts[1]); port <= Math.min(Number(parts[2] ?? parts[1]), 65535); port++)
      ports.add(`${port}/${parts[3] ?? "tcp"}`);
  }
  return ports;
}

/** The images named and all that were built on them. */
function ancestorIds(engine: Engine, ancestors: readonly string[]): Set<string> {
  const ids = new Set<string>();
  const add = (id: string) => {
    if (ids.has(id)) return;
    ids.add(id);
    for (const child of engine.images.get(id)?.children ?? []) add(child);
  };
  for (const ancestor of ancestors) {
    const id = imageIdOf(engine, ancestor);
    if (id !== undefined) add(id);
  }
  return ids;
}

function imageIdOf(engine: Engine, imageRef: string): string | undefined {
  try {
    return engine.images.resolve(imageRef).id;
  } catch (error) {
    if (error instanceof DockerError) return undefined;
    throw error;
  }
}

/** An image's name as docker ps shows it: its identifier once the name means another image. */
function imageNames(engine: Engine): (record: ContainerRecord) => string {
  const ids = new Map<string, string | undefined>();
  return ({ config: { Image = "" }, imageId }) => {
    if (!ids.has(Image)) ids.set(Image, imageIdOf(engine, Image));
    return ids.get(Image) === imageId || imageId === "" ? Image : imageId;
  };
}

function summary(
  record: ContainerRecord,
  image: string,
  now: bigint,
  sizes: { rw: number; rootFs: number } | undefined,
): unknown {
  return {
    Id: record.id,
    Names: [`/${record.name}`],
    Image: image,
    ImageID: record.imageId,
    Command: command(record),
    Created: Date.parse(`${record.created.slice(0, 19)}Z`) / 1000,
    Ports: portsJson(record),
    ...(sizes && sizes.rw > 0 ? { SizeRw: sizes.rw } : {}),
    ...(sizes && sizes.rootFs > 0 ? { SizeRootFs: sizes.rootFs } : {}),
    Labels: record.config.Labels ?? {},
    State: statusName(record.state),
    Status: statusText(record.state, now),
    HostConfig: {
      NetworkMode: record.hostConfig.NetworkMode ?? "bridge",
      ...(record.hostConfig.Annotations ? { Annotations: record.hostConfig.Annotations } : {}),
    },
    NetworkSettings: {
      Networks: Object.fromEntries(
        Object.entries(record.networks).map(([name, attachment]) => [
          name,
          endpointJson(record, name, attachment, false),
        ]),
      ),
    },
    Mounts: record.mounts.map(mountJson),
  };
}

/** Program and arguments; those with spaces are quoted, as docker ps has them. */
function command(record: ContainerRecord): string {
  const words = record.args.map((word) => (word.includes(" ") ? `'${word.replaceAll("'", "\\'")}'` : word));
  return [record.path, ...words].join(" ");
}

interface PortJson {
  IP?: string;
  PrivatePort: number;
  PublicPort?: number;
  Type: string;
}

function portsJson(record: ContainerRecord): PortJson[] {
  const ports: PortJson[] = [];
  if (record.sandboxId === "") return ports;
  for (const port of portsInOrder(record)) {
    const [number = "", protocol = ""] = port.split("/");
    const mappings = record.ports.filter((one) => `${one.containerPort}/${one.protocol}` === port);
    if (mappings.length === 0) ports.push({ PrivatePort: Number(number), Type: protocol });
    for (const { hostIp, hostPort } of mappings)
      ports.push({ IP: hostIp, PrivatePort: Number(number), PublicPort: hostPort, Type: protocol });
  }
  return ports;
}
