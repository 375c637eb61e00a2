import { command, exact } from "../command.ts";
import { int, string } from "../flags/basic.ts";
import { list, strings } from "../flags/lists.ts";
import { validLink } from "../flags/validation.ts";
import { objectName } from "../object_name.ts";

/** docker network connect. */
export const networkConnect = command({
  usage: "connect [OPTIONS] NETWORK CONTAINER",
  short: "Connect a container to a network",
  flags: {
    ip: string({ usage: 'IPv4 address (such as "172.30.100.104")' }),
    ip6: string({ usage: 'IPv6 address (such as "2001:db8::33")' }),
    link: list({ usage: "Link to another container", validate: validLink }),
    alias: strings({ usage: "A name for the container in the network" }),
    "link-local-ip": strings({ usage: "A link-local address for the container" }),
    "driver-opt": strings({ usage: "Options of the network's driver" }),
    "gw-priority": int({ usage: "The network with the highest is the default gateway; may be negative" }),
  },
  arguments: exact(2),
  async run(cli, [network = "", container = ""], flags) {
    const driverOptions = driverOptionsOf(flags["driver-opt"]);
    const path = `/networks/${objectName("network", network)}/connect`;
    const client = await cli.client();
    await client.call("POST", path, {
      body: {
        Container: objectName("container", container),
        EndpointConfig: {
          IPAMConfig: {
            ...(flags.ip ? { IPv4Address: flags.ip } : {}),
            ...(flags.ip6 ? { IPv6Address: flags.ip6 } : {}),
            ...(flags["link-local-ip"].length ? { LinkLocalIPs: flags["link-local-ip"] } : {}),
          },
          Links: flags.link.length ? flags.link : null,
          Aliases: flags.alias,
          MacAddress: "",
          DriverOpts: driverOptions,
          GwPriority: flags["gw-priority"],
          NetworkID: "",
          EndpointID: "",
          Gateway: "",
          IPAddress: "",
          IPPrefixLen: 0,
          IPv6Gateway: "",
          GlobalIPv6Address: "",
          GlobalIPv6PrefixLen: 0,
          DNSNames: null,
        },
      },
    });
  },
});

function driverOptionsOf(texts: readonly string[]): Record<string, string> {
  const options = texts.map((text) => {
    const equals = text.indexOf("=");
    const key = text.slice(0, Math.max(equals, 0)).trim();
    if (key === "") throw new Error("invalid key/value pair format in driver options");
    return [key, text.slice(equals + 1).trim()] as const;
  });
  return Object.fromEntries(options.sort(([a], [b]) => (a < b ? -1 : 1)));
}
