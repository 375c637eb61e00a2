import { Namespace } from "../kernel/namespaces.ts";
import type { RouteInfo } from "../kernel/calls.ts";
import { inSubnet, isLoopback, networkOf, normal, prefixLength } from "./addresses.ts";
import { Firewall } from "./firewall.ts";
import { NetworkInterface } from "./interface.ts";
import { PortTable } from "./ports.ts";
import type { TcpSocket } from "./tcp.ts";

/** A network stack of its own: interfaces, routes, firewall, ports. */
export class NetNamespace extends Namespace {
  readonly interfaces: NetworkInterface[] = [];
  /** Besides those that the interfaces' addresses make. */
  routes: RouteInfo[] = [];
  readonly sysctl = new Map<string, string>();
  readonly firewall = new Firewall();
  readonly ports = new PortTable();
  /** Connections that sockets here have. */
  readonly connections = new Set<TcpSocket>();
  #nextIndex = 1;
  #nextEphemeral = 32768;

  constructor(ino: number) {
    super("net", ino);
    const loopback = this.add(new NetworkInterface("lo", "loopback", "00:00:00:00:00:00"));
    loopback.mtu = 65536;
  }

  get loopback(): NetworkInterface {
    return this.interfaces[0]!;
  }

  /** Takes in an interface, new or from another namespace. */
  add(each: NetworkInterface): NetworkInterface {
    each.namespace?.remove(each);
    each.namespace = this;
    each.index =
      each.index && !this.interfaces.some((other) => other.index === each.index)
        ? each.index
        : this.#nextIndex;
    this.#nextIndex = Math.max(this.#nextIndex, each.index) + 1;
    this.interfaces.push(each);
    return each;
  }

  remove(each: NetworkInterface): void {
    const index = this.interfaces.indexOf(each);
    if (index >= 0) this.interfaces.splice(index, 1);
    this.routes = this.routes.filter((route) => route.interfaceName !== each.name);
  }

  find(name: string): NetworkInterface | undefined {
    return this.interfaces.find((each) => each.name === name);
  }

  /** Whether packets to `address` are for this stack itself. */
  isLocal(address: string): boolean {
    if (isLoopback(address)) return true;
    const wanted = normal(address);
    return this.interfaces.some((each) =>
      each.addresses.some((own) => normal(own.split("/")[0]!) === wanted),
    );
  }

  /** Every route, those of the interfaces' own subnets too. */
  allRoutes(): RouteInfo[] {
    const connected = this.interfaces.flatMap((each) =>
      each.kind === "loopback" || !each.up
        ? []
        : each.addresses.map((own) => ({
            destination: networkOf(own),
            gateway: "",
            interfaceName: each.name,
            source: own.split("/")[0]!,
          })),
    );
    return [...this.routes.filter((route) => this.find(route.interfaceName)?.up), ...connected];
  }

  /** The most specific route to `address`; undefined is "network is unreachable". */
  route(address: string): RouteInfo | undefined {
    let best: RouteInfo | undefined;
    for (const route of this.allRoutes()) {
      if (route.destination === "default" && address.includes(":") !== route.gateway.includes(":")) continue;
      if (!inSubnet(address, route.destination)) continue;
      if (!best || prefixLength(route.destination) > prefixLength(best.destination)) best = route;
    }
    return best;
  }

  /** The address that a packet to `address` gets as its source. */
  sourceFor(address: string): string | undefined {
    if (isLoopback(address)) return address.includes(":") ? "::1" : "127.0.0.1";
    if (this.isLocal(address)) return address;
    const route = this.route(address);
    if (!route) return undefined;
    if (route.source) return route.source;
    const six = address.includes(":");
    return this.find(route.interfaceName)
      ?.addresses.find((own) => own.includes(":") === six)
      ?.split("/")[0];
  }

  /** The next port for a socket that does not care; the range is ip_local_port_range's. */
  ephemeralPort(taken: (port: number) => boolean): number | undefined {
    const [first = 32768, last = 60999] = (this.sysctl.get("net/ipv4/ip_local_port_range") ?? "32768\t60999")
      .split(/\s+/)
      .map(Number);
    for (let tries = 0; tries <= last - first; tries++) {
      const port = this.#nextEphemeral < first || this.#nextEphemeral > last ? first : this.#nextEphemeral;
      this.#nextEphemeral = port + 1;
      if (!taken(port)) return port;
    }
    return undefined;
  }
}
