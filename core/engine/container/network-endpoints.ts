import type { Container } from "../../containers/container.ts";
import type { Attachment, ContainerRecord, Endpoint } from "../../containers/record.ts";
import { DockerError, systemError } from "../../errors/errors.ts";
import type { EndpointSpec } from "../../networks/driver.ts";
import { randomMac } from "../../networks/mac.ts";
import type { NetworkRecord } from "../../networks/record.ts";
import { randomId } from "../../platform/random.ts";
import type { Engine, Operation } from "../engine.ts";
import { hasEmbeddedDns, upstreamDns, writeHosts } from "./files.ts";
import { sharesNetwork } from "./networking.ts";
import { publishPorts, unpublishPorts } from "./publish.ts";

/** Makes a container's network namespace; nothing is in it yet but loopback. */
export async function createSandbox(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
): Promise<void> {
  const mode = record.hostConfig.NetworkMode ?? "bridge";
  if (sharesNetwork(mode) || record.config.NetworkDisabled) return;
  const sandboxId = randomId(engine.random);
  if (mode === "host") {
    Object.assign(record, { sandboxId, sandboxKey: "/var/run/docker/netns/default" });
    return;
  }
  const dns = hasEmbeddedDns(record)
    ? { dns: { resolver: engine.resolver, upstream: upstreamDns(engine, record) } }
    : {};
  record.sandboxId = sandboxId;
  engine.sandboxes.set(sandboxId, record.id);
  const { key } = await engine.networkDriver.createSandbox(sandboxId, dns, operation.trace);
  record.sandboxKey = key;
}

/** A container that has come onto a network of the user's gets Docker's DNS server, if it has none yet. */
export async function serveNames(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
): Promise<void> {
  if (!hasEmbeddedDns(record)) return;
  const dns = { resolver: engine.resolver, upstream: upstreamDns(engine, record) };
  await engine.networkDriver.serveNames(record.sandboxId, dns, operation.trace);
}

/** Brings a container onto all its networks. Throws with Docker's prefix "failed to set up container networking: ". */
export async function joinNetworks(
  engine: Engine,
  operation: Operation,
  container: Container,
): Promise<void> {
  const { record } = container;
  if (record.config.NetworkDisabled) return;
  try {
    for (const name of Object.keys(record.networks)) await joinNetwork(engine, operation, container, name);
    if (record.hostConfig.NetworkMode !== "host") await writeHosts(engine, record);
  } catch (error) {
    if (error instanceof DockerError)
      throw new DockerError(
        error.kind,
        `failed to set up container networking: ${error.message}`,
        error.data,
      );
    throw systemError(`failed to set up container networking: ${(error as Error).message}`);
  }
}

/** Brings a running container onto one of its networks: an address, an interface, its ports. */
export async function joinNetwork(
  engine: Engine,
  operation: Operation,
  container: Container,
  name: string,
): Promise<void> {
  const { record } = container;
  const attachment = record.networks[name]!;
  const network = findNetwork(engine, record, name, attachment);
  attachment.networkId = network.id;
  const endpoint = allocate(engine, record, network, attachment);
  attachment.endpoint = endpoint;
  engine.networks.join(network.id, {
    containerId: record.id,
    containerName: record.name,
    endpointId: endpoint.id,
    macAddress: endpoint.macAddress,
    address: endpoint.address === "" ? "" : `${endpoint.address}/${endpoint.prefixLength}`,
    address6: endpoint.address6 === "" ? "" : `${endpoint.address6}/${endpoint.prefixLength6}`,
  });
  if (network.driver === "bridge") {
    const spec = endpointSpec(record, name, network);
    await operation.trace.step(
      "engine",
      "network connect",
      { network: network.id, container: record.id, address: endpoint.address },
      async (trace) => {
        await engine.networkDriver.join(record.sandboxId, engine.networks.spec(network), spec, trace);
        if (!publishesHere(engine, record, name)) return;
        try {
          await publishPorts(engine, { ...operation, trace }, record, spec);
        } catch (error) {
          throw systemError(
            `driver failed programming external connectivity on endpoint ${record.name} (${endpoint.id}): ${(error as Error).message}`,
          );
        }
      },
    );
  }
  engine.events.publish("network", "connect", network.id, {
    container: record.id,
    name: network.name,
    type: network.driver,
  });
}

/** Takes a container off one of its networks. */
export async function leaveNetwork(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
  name: string,
): Promise<void> {
  const attachment = record.networks[name];
  const endpoint = attachment?.endpoint;
  if (!attachment || !endpoint) return;
  const network = engine.networks.get(attachment.networkId);
  if (network?.driver === "bridge") {
    const spec = endpointSpec(record, name, network);
    if (publishesHere(engine, record, name)) await unpublishPorts(engine, operation, record, spec);
    await engine.networkDriver.leave(record.sandboxId, engine.networks.spec(network), spec, operation.trace);
  }
  delete attachment.endpoint;
  for (const address of [endpoint.address, endpoint.address6])
    if (address !== "") engine.networks.ipam.release(attachment.networkId, address);
  engine.networks.leave(attachment.networkId, record.id);
  if (network)
    engine.events.publish("network", "disconnect", network.id, {
      container: record.id,
      name: network.name,
      type: network.driver,
    });
}

/** Takes a container off its networks and takes its namespace away. */
export async function releaseNetworking(
  engine: Engine,
  operation: Operation,
  record: ContainerRecord,
): Promise<void> {
  for (const name of Object.keys(record.networks)) await leaveNetwork(engine, operation, record, name);
  if (engine.sandboxes.delete(record.sandboxId))
    await engine.networkDriver.deleteSandbox(record.sandboxId, operation.trace);
  Object.assign(record, { sandboxId: "", sandboxKey: "" });
}

function findNetwork(
  engine: Engine,
  record: ContainerRecord,
  name: string,
  attachment: Attachment,
): NetworkRecord {
  const known = engine.networks.get(attachment.networkId) ?? engine.networks.byName(name);
  if (known) return known;
  try {
    return engine.networks.resolve(name);
  } catch (error) {
    // A network that was there when the container was made is told apart from one that never was.
    if (attachment.networkId === "" || record.hostConfig.NetworkMode !== name) throw error;
    throw new DockerError(
      "notFound",
      `could not find a network matching network mode ${name}: ${(error as Error).message}`,
    );
  }
}

function allocate(
  engine: Engine,
  record: ContainerRecord,
  network: NetworkRecord,
  { request }: Attachment,
): Endpoint {
  const { ipam } = engine.networks;
  const four = network.enableIPv4
    ? ipam.allocate(network.id, 4, request.IPAMConfig?.IPv4Address || undefined)
    : undefined;
  const six = network.enableIPv6
    ? ipam.allocate(network.id, 6, request.IPAMConfig?.IPv6Address || undefined)
    : undefined;
  const bridge = network.driver === "bridge";
  return {
    id: randomId(engine.random),
    address: four?.address ?? "",
    prefixLength: four?.prefix ?? 0,
    gateway: four && !network.internal ? four.gateway : "",
    address6: six?.address ?? "",
    prefixLength6: six?.prefix ?? 0,
    gateway6: six && !network.internal ? six.gateway : "",
    macAddress: bridge ? request.MacAddress || randomMac(engine.random) : "",
    interfaceName: bridge ? freeInterface(record) : "",
  };
}

function freeInterface(record: ContainerRecord): string {
  const taken = new Set(Object.values(record.networks).map(({ endpoint }) => endpoint?.interfaceName));
  for (let at = 0; ; at++) if (!taken.has(`eth${at}`)) return `eth${at}`;
}

/** The network through which a container reaches the world, and the world its ports: the first that is not internal. */
function gatewayNetwork(engine: Engine, record: ContainerRecord): string | undefined {
  const reachable = Object.entries(record.networks).filter(([, { networkId }]) => {
    const network = engine.networks.get(networkId);
    return network?.driver === "bridge" && !network.internal;
  });
  const byPriority = reachable.sort(
    ([, one], [, other]) => (other.request.GwPriority ?? 0) - (one.request.GwPriority ?? 0),
  );
  return byPriority[0]?.[0];
}

function publishesHere(engine: Engine, record: ContainerRecord, name: string): boolean {
  return gatewayNetwork(engine, record) === name;
}

function endpointSpec(record: ContainerRecord, name: string, network: NetworkRecord): EndpointSpec {
  const endpoint = record.networks[name]!.endpoint!;
  return {
    id: endpoint.id,
    networkId: network.id,
    address: endpoint.address === "" ? "" : `${endpoint.address}/${endpoint.prefixLength}`,
    address6: endpoint.address6 === "" ? "" : `${endpoint.address6}/${endpoint.prefixLength6}`,
    gateway: endpoint.gateway,
    gateway6: endpoint.gateway6,
    macAddress: endpoint.macAddress,
    interfaceName: endpoint.interfaceName,
    isGateway: endpoint.gateway !== "" && firstWithGateway(record) === name,
  };
}

function firstWithGateway(record: ContainerRecord): string | undefined {
  return Object.entries(record.networks).find(([, { endpoint }]) => endpoint?.gateway)?.[0];
}
