import { olderThan } from "../../client/client.ts";
import { command, exact } from "../command.ts";
import { bool, string } from "../flags/basic.ts";
import { list, map, strings } from "../flags/lists.ts";
import { validLabel } from "../flags/validation.ts";
import { byKey, keyValues } from "../key_values.ts";
import { ipamOf } from "./ipam.ts";

/** docker network create. */
export const networkCreate = command({
  usage: "create [OPTIONS] NETWORK",
  short: "Create a network",
  flags: {
    driver: string({ short: "d", usage: "What provides the network", default: "bridge" }),
    opt: map({ short: "o", usage: "Options of the driver" }),
    label: list({ usage: "Put metadata on the network", validate: validLabel }),
    internal: bool({ usage: "Nothing outside can be reached from it" }),
    ipv4: bool({ usage: "Give out IPv4 addresses", default: true }),
    ipv6: bool({ usage: "Give out IPv6 addresses" }),
    attachable: bool({ usage: "Containers may be attached by hand", version: "1.25" }),
    ingress: bool({ usage: "The routing mesh of a swarm", version: "1.29" }),
    scope: string({ usage: "Where the network is known", version: "1.30" }),
    "config-only": bool({ usage: "Only a configuration for other networks", version: "1.30" }),
    "config-from": string({ usage: "The network to take the configuration from", version: "1.30" }),
    "ipam-driver": string({ usage: "What gives out addresses", default: "default" }),
    subnet: strings({ usage: "A subnet in CIDR notation" }),
    "ip-range": strings({ usage: "Give out addresses of this part of the subnet" }),
    gateway: strings({ usage: "The gateway of the subnet" }),
    "aux-address": map({ usage: "Addresses that the driver uses itself" }),
    "ipam-opt": map({ usage: "Options of what gives out addresses" }),
  },
  arguments: exact(1),
  async run(cli, [name = ""], flags, { changed }) {
    const ipam = ipamOf({
      driver: flags["ipam-driver"],
      subnets: flags.subnet,
      ranges: flags["ip-range"],
      gateways: flags.gateway,
      auxiliary: flags["aux-address"],
      options: byKey(flags["ipam-opt"]),
    });
    const client = await cli.client();
    const configFrom = flags["config-from"];
    const body = {
      Driver: flags.driver,
      Scope: flags.scope,
      ...(changed.has("ipv4") ? { EnableIPv4: flags.ipv4 } : {}),
      ...(changed.has("ipv6") ? { EnableIPv6: flags.ipv6 } : {}),
      IPAM: ipam,
      Internal: flags.internal,
      Attachable: flags.attachable,
      Ingress: flags.ingress,
      ConfigOnly: flags["config-only"],
      ConfigFrom: configFrom ? { Network: configFrom } : null,
      Options: byKey(flags.opt),
      Labels: byKey(keyValues(flags.label)),
      Name: name,
      ...(olderThan(client.version, "1.44") ? { CheckDuplicate: true } : {}),
    };
    const network = await client.json<{ Id: string }>("POST", "/networks/create", { body });
    await cli.out.line(network.Id);
  },
});
