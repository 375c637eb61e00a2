import type { HostConfig } from "../../containers/hostconfig.ts";
import type { Attachment, EndpointRequest } from "../../containers/record.ts";
import { invalidParameter } from "../../errors/errors.ts";
import { containsAddress, parseAddress, parseCidr } from "../../networks/address.ts";
import { isMac } from "../../networks/mac.ts";
import type { NetworkRecord } from "../../networks/record.ts";
import type { NetworkStore } from "../../networks/store.ts";

/** Modes that are no network of their own: the host's, none, another container's. */
export function sharesNetwork(mode: string): boolean {
  return mode.startsWith("container:");
}

/** The name of the network that a mode names; "default" is the bridge. */
export function networkOfMode(mode: string | undefined): string {
  return mode === undefined || mode === "" || mode === "default" ? "bridge" : mode;
}

/**
 * Which networks a new container belongs to, by the name that was asked, in order: that of its mode first.
 * Throws invalidParameter "invalid config for network x: …" for endpoint settings that cannot be.
 */
export function attachmentsOf(
  networks: NetworkStore,
  host: HostConfig,
  endpoints: Record<string, EndpointRequest | null>,
): Record<string, Attachment> {
  const mode = networkOfMode(host.NetworkMode);
  if (sharesNetwork(mode)) return {};
  const requests = Object.fromEntries(
    Object.entries(endpoints).map(([name, request]) => [name === "default" ? "bridge" : name, request]),
  );
  const attachments: Record<string, Attachment> = {};
  const names = [mode, ...Object.keys(requests).filter((name) => !sameNetwork(networks, name, mode))];
  for (const name of names) {
    const request =
      requests[name] ??
      Object.entries(requests).find(([other]) => sameNetwork(networks, other, name))?.[1] ??
      {};
    const network = find(networks, name);
    validateEndpoint(name, network, request);
    attachments[network?.name ?? name] = { networkId: "", request: leanRequest(request) };
  }
  return attachments;
}

function find(networks: NetworkStore, name: string): NetworkRecord | undefined {
  try {
    return networks.resolve(name);
  } catch {
    // A network that is not there yet is an error when the container starts, as Docker has it.
    return undefined;
  }
}

function sameNetwork(networks: NetworkStore, one: string, other: string): boolean {
  if (one === other) return true;
  const network = find(networks, one);
  return network !== undefined && network.id === find(networks, other)?.id;
}

/** Throws invalidParameter with every fault of a request for a place on a network. */
export function validateEndpoint(
  name: string,
  network: NetworkRecord | undefined,
  request: EndpointRequest,
): void {
  if (request.MacAddress && !isMac(request.MacAddress))
    throw invalidParameter(`invalid config for network ${name}: invalid MAC address ${request.MacAddress}`);
  const faults: string[] = [];
  const { IPv4Address = "", IPv6Address = "" } = request.IPAMConfig ?? {};
  if ((IPv4Address || IPv6Address) && ["bridge", "host", "none"].includes(network?.name ?? name))
    faults.push("user specified IP address is supported on user defined networks only");
  for (const [family, address] of [
    [4, IPv4Address],
    [6, IPv6Address],
  ] as const) {
    if (address === "") continue;
    if (parseAddress(address)?.family !== family) faults.push(`invalid IPv${family} address: ${address}`);
    if (!network) continue;
    const configured = (network.ipam.config ?? []).filter(
      ({ Subnet }) => Subnet && parseCidr(Subnet)?.family === family,
    );
    if (["bridge", "host", "none"].includes(network.name) || configured.length === 0 || drawn(network))
      faults.push(
        "user specified IP address is supported only when connecting to networks with user configured subnets",
      );
    else {
      const parsed = parseAddress(address);
      if (!parsed || !configured.some(({ Subnet }) => containsAddress(parseCidr(Subnet!)!, parsed)))
        faults.push(`no configured subnet or ip-range contain the IP address ${address}`);
    }
  }
  if (faults.length > 0)
    throw invalidParameter(
      `invalid config for network ${name}: invalid endpoint settings:\n${faults.length === 1 ? faults[0] : faults.map((fault) => `* ${fault}`).join("\n")}`,
    );
}

/** Its subnet was drawn from the pools, not asked for. */
function drawn(network: NetworkRecord): boolean {
  return network.drawn === true;
}

function leanRequest(request: EndpointRequest): EndpointRequest {
  return Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  ) as EndpointRequest;
}
