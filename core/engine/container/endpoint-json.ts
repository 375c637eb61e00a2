import type { Attachment, ContainerRecord } from "../../containers/record.ts";
import { dnsNames } from "../../networks/names.ts";

/** A container's place on a network as the API has it (EndpointSettings). Lists of containers leave `DNSNames` null. */
export function endpointJson(
  record: ContainerRecord,
  name: string,
  attachment: Attachment,
  inspect: boolean,
): unknown {
  const { request, endpoint, networkId } = attachment;
  const userDefined = !["bridge", "host", "none"].includes(name);
  return {
    IPAMConfig: request.IPAMConfig ?? null,
    Links: request.Links ?? null,
    Aliases: request.Aliases ?? null,
    MacAddress: endpoint?.macAddress ?? "",
    DriverOpts: request.DriverOpts ?? null,
    GwPriority: request.GwPriority ?? 0,
    NetworkID: networkId,
    EndpointID: endpoint?.id ?? "",
    Gateway: endpoint?.gateway ?? "",
    IPAddress: endpoint?.address ?? "",
    IPPrefixLen: endpoint?.prefixLength ?? 0,
    IPv6Gateway: endpoint?.gateway6 ?? "",
    GlobalIPv6Address: endpoint?.address6 ?? "",
    GlobalIPv6PrefixLen: endpoint?.prefixLength6 ?? 0,
    DNSNames: inspect && userDefined ? dnsNames(record, name) : null,
  };
}
