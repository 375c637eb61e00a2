import type { NetworkRecord } from "../../networks/record.ts";
import type { Engine } from "../engine.ts";

/** A network as docker network inspect has it; lists leave its containers out. */
export function networkJson(
  engine: Engine,
  network: NetworkRecord,
  inspect: boolean,
): Record<string, unknown> {
  const members = inspect ? engine.networks.members(network.id) : [];
  return {
    Name: network.name,
    Id: network.id,
    Created: network.created,
    Scope: network.scope,
    Driver: network.driver,
    EnableIPv4: network.enableIPv4,
    EnableIPv6: network.enableIPv6,
    IPAM: { Driver: network.ipam.driver, Options: network.ipam.options, Config: network.ipam.config },
    Internal: network.internal,
    Attachable: network.attachable,
    Ingress: network.ingress,
    ConfigFrom: { Network: network.configFrom },
    ConfigOnly: network.configOnly,
    Containers: Object.fromEntries(
      members.map((member) => [
        member.containerId,
        {
          Name: member.containerName,
          EndpointID: member.endpointId,
          MacAddress: member.macAddress,
          IPv4Address: member.address,
          IPv6Address: member.address6,
        },
      ]),
    ),
    Options: network.options,
    Labels: network.labels,
  };
}
