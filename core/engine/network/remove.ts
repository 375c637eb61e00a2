import { forbidden } from "../../errors/errors.ts";
import { predefinedNetworks, type NetworkRecord } from "../../networks/record.ts";
import type { Engine, Operation } from "../engine.ts";

/** Removes a network. Throws notFound, and forbidden for Docker's own and for one that containers are on. */
export async function networkRemove(engine: Engine, operation: Operation, networkRef: string): Promise<void> {
  await engine.networks.lock.run(async () => {
    const network = engine.networks.resolve(networkRef);
    if (predefinedNetworks.includes(network.name))
      throw forbidden(`${network.name} is a pre-defined network and cannot be removed`);
    const members = engine.networks.members(network.id);
    if (members.length > 0)
      throw forbidden(
        `error while removing network: network ${network.name} has active endpoints (${members
          .map(({ containerName, endpointId }) => `name:"${containerName}" id:"${endpointId.slice(0, 12)}"`)
          .join(", ")})`,
      );
    await removeNetwork(engine, operation, network);
  });
}

/** Removes a network that nobody is on; the lock of the networks is held. */
export async function removeNetwork(
  engine: Engine,
  operation: Operation,
  network: NetworkRecord,
): Promise<void> {
  await operation.trace.step(
    "engine",
    "network remove",
    { network: network.id, name: network.name },
    async (trace) => {
      if (network.driver === "bridge" && !network.configOnly)
        await engine.networkDriver.deleteNetwork(engine.networks.spec(network), trace);
      engine.networks.delete(network);
      engine.events.publish("network", "destroy", network.id, { name: network.name, type: network.driver });
    },
  );
}
