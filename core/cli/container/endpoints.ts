import type { NetworkAttachment } from "../flags/network.ts";
import { attachment } from "../flags/network.ts";
import { isMacAddress } from "../go/ip.ts";
import { quote } from "../go/strconv.ts";
import type { ConfigurationValues } from "./create_flags.ts";

/** How a container is to be attached to a network, in the API's terms. */
export interface EndpointSettings {
  IPAMConfig: Record<string, unknown> | null;
  Links: string[] | null;
  Aliases: string[] | null;
  MacAddress: string;
  DriverOpts: Record<string, string> | null;
  GwPriority: number;
  [field: string]: unknown;
}

/** The endpoints of --network; `--ip`, `--network-alias` and their like say how the first is. */
export function endpointsOf(flags: ConfigurationValues) {
  const networks = flags.network.length > 0 ? flags.network : [attachment("default")];
  const config: Record<string, EndpointSettings> = {};
  for (const [at, one] of networks.entries()) {
    const settings = endpoint(at === 0 ? completed(one, flags) : one);
    if (config[one.target]) throw new Error(`network ${quote(one.target)} is specified multiple times`);
    // Alone and without options, a network is left to the engine, as it was before there were options.
    const plain = flags.network.length === 1 && isPlain(settings);
    if (!plain) config[one.target] = settings;
  }
  const kinds = new Set(networks.map(({ target }) => isUserDefined(target)));
  if (kinds.size > 1)
    throw new Error(
      "conflicting options: cannot attach both user-defined and non-user-defined network-modes",
    );
  return { config, mainMacAddress: config[networks[0]!.target]?.MacAddress ?? "" };
}

/** Whether a network mode names a network that somebody made. */
export function isUserDefined(mode: string): boolean {
  return !["default", "bridge", "host", "none"].includes(mode) && !mode.startsWith("container:");
}

function completed(one: NetworkAttachment, flags: ConfigurationValues): NetworkAttachment {
  const aliases = flags["network-alias"];
  const conflict = (flag: string, other: string) =>
    new Error(`conflicting options: cannot specify both --${flag} and per-network ${other}`);
  if (one.aliases.length > 0 && aliases.length > 0) throw conflict("network-alias", "alias");
  if (one.links.length > 0 && flags.link.length > 0) throw conflict("link", "links");
  if (one.ipv4 && flags.ip) throw conflict("ip", "IPv4 address");
  if (one.ipv6 && flags.ip6) throw conflict("ip6", "IPv6 address");
  if (one.macAddress && flags["mac-address"]) throw conflict("mac-address", "MAC address");
  if (one.linkLocal.length > 0 && flags["link-local-ip"].length > 0)
    throw conflict("link-local-ip", "link-local IP addresses");
  return {
    ...one,
    aliases: aliases.length > 0 ? aliases : one.aliases,
    links: isUserDefined(one.target) && flags.link.length > 0 ? flags.link : one.links,
    ipv4: flags.ip || one.ipv4,
    ipv6: flags.ip6 || one.ipv6,
    macAddress: flags["mac-address"] || one.macAddress,
    linkLocal: flags["link-local-ip"].length > 0 ? flags["link-local-ip"] : one.linkLocal,
  };
}

function endpoint(one: NetworkAttachment): EndpointSettings {
  if (one.target.trim() === "") throw new Error("no name set for network");
  if (!isUserDefined(one.target)) {
    if (one.aliases.length > 0)
      throw new Error("network-scoped aliases are only supported for user-defined networks");
    if (one.links.length > 0) throw new Error("links are only supported for user-defined networks");
  }
  if (one.macAddress && !isMacAddress(one.macAddress.trim()))
    throw new Error(`${one.macAddress} is not a valid mac address`);
  const addressed = one.ipv4 || one.ipv6 || one.linkLocal.length > 0;
  const ipam = {
    ...(one.ipv4 ? { IPv4Address: one.ipv4 } : {}),
    ...(one.ipv6 ? { IPv6Address: one.ipv6 } : {}),
    ...(one.linkLocal.length > 0 ? { LinkLocalIPs: one.linkLocal } : {}),
  };
  return {
    IPAMConfig: addressed ? ipam : null,
    Links: one.links.length > 0 ? one.links : null,
    Aliases: one.aliases.length > 0 ? one.aliases : null,
    MacAddress: one.macAddress,
    DriverOpts: Object.keys(one.driverOptions).length > 0 ? one.driverOptions : null,
    GwPriority: one.gatewayPriority,
    NetworkID: "",
    EndpointID: "",
    Gateway: "",
    IPAddress: "",
    IPPrefixLen: 0,
    IPv6Gateway: "",
    GlobalIPv6Address: "",
    GlobalIPv6PrefixLen: 0,
    DNSNames: null,
  };
}

const isPlain = (settings: EndpointSettings) => Object.values(settings).every((value) => !value);
