import type { EndpointRequest } from "../../containers/record.ts";
import { conflict, forbidden, invalidParameter, systemError } from "../../errors/errors.ts";
import { writeNames } from "../container/files.ts";
import { joinNetwork, leaveNetwork, serveNames } from "../container/network-endpoints.ts";
import { validateEndpoint } from "../container/networking.ts";
import type { Engine, Operation } from "../engine.ts";

/** Brings a container onto one more network, at once if it runs. */
export async function networkConnect(
  engine: Engine,
  operation: Operation,
  networkRef: string,
  containerRef: string,
  request: EndpointRequest,
): Promise<void> {
  const network = engine.networks.resolve(networkRef);
  const container = engine.containers.resolve(containerRef);
  await container.lock.run(async () => {
    const { record } = container;
    const { state, hostConfig } = record;
    if (state.removing || state.dead || container.removed)
      throw conflict(
        `container is marked for removal and cannot be connected or disconnected to the network ${network.name}`,
      );
    const mode = hostConfig.NetworkMode ?? "bridge";
    if (mode.startsWith("container:"))
      throw invalidParameter(
        "container sharing network namespace with another container or host cannot be connected to any other network",
      );
    if (mode === "host" && network.name !== "host")
      throw invalidParameter(
        "container sharing network namespace with another container or host cannot be connected to any other network",
      );
    if (network.name === "host" && mode !== "host")
      throw invalidParameter(
        "cannot connect container to host network - container must be created in host network mode",
      );
    if (network.name === "none" || mode === "none")
      throw invalidParameter(
        "container cannot be connected to multiple networks with one of the networks in private (none) mode",
      );
    if (record.networks[network.name]?.endpoint || (record.networks[network.name] && !state.running))
      throw forbidden(`endpoint with name ${record.name} already exists in network ${network.name}`);
    validateEndpoint(network.name, network, request);
    record.networks[network.name] = {
      networkId: state.running ? network.id : "",
      request: complete(request),
    };
    try {
      if (state.running && container.task) {
        await joinNetwork(engine, operation, container, network.name);
        await serveNames(engine, operation, record);
        await writeNames(engine, record);
      }
    } catch (error) {
      delete record.networks[network.name];
      throw error;
    }
    engine.containers.save(container);
  });
}

/** docker network connect sends empty settings where docker run sends none, and docker inspect shows them. */
function complete(request: EndpointRequest): EndpointRequest {
  return {
    IPAMConfig: request.IPAMConfig ?? {},
    Aliases: request.Aliases ?? [],
    DriverOpts: request.DriverOpts ?? {},
    ...(request.Links ? { Links: request.Links } : {}),
    ...(request.MacAddress ? { MacAddress: request.MacAddress } : {}),
    ...(request.GwPriority ? { GwPriority: request.GwPriority } : {}),
  };
}

/** Takes a container off a network. Throws invalidParameter when it is not on it. */
export async function networkDisconnect(
  engine: Engine,
  operation: Operation,
  networkRef: string,
  containerRef: string,
  force: boolean,
): Promise<void> {
  const network = engine.networks.resolve(networkRef);
  if (force && !known(engine, containerRef)) throw invalidParameter(`endpoint ${containerRef} not found`);
  const container = engine.containers.resolve(containerRef);
  await container.lock.run(async () => {
    const { record } = container;
    if (record.hostConfig.NetworkMode === "host" && network.name === "host")
      throw invalidParameter(
        "cannot disconnect container from host network - container was created in host network mode",
      );
    if (!record.networks[network.name])
      throw systemError(
        `container ${record.id} is not connected to ${record.state.running ? "" : "the "}network ${network.name}`,
      );
    await leaveNetwork(engine, operation, record, network.name);
    delete record.networks[network.name];
    if (record.state.running && record.hostConfig.NetworkMode !== "host") await writeNames(engine, record);
    engine.containers.save(container);
  });
}

function known(engine: Engine, containerRef: string): boolean {
  return [...engine.containers.all()].some(
    ({ id, name }) => id.startsWith(containerRef) || name === containerRef,
  );
}
