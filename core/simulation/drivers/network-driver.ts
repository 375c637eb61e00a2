import { systemError } from "../../errors/errors.ts";
import { Errno } from "../../files/filesystem.ts";
import type {
  EndpointSpec,
  NameResolver,
  NetworkDriver,
  NetworkSpec,
  PortMapping,
} from "../../networks/driver.ts";
import { hex } from "../../platform/random.ts";
import type { Trace } from "../../steps/trace.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { deleteInterface, randomMac } from "../network/configure.ts";
import { EmbeddedDns } from "../network/embedded-dns.ts";
import { NetworkInterface, vethPair } from "../network/interface.ts";
import type { NetNamespace } from "../network/net-namespace.ts";
import { BridgeFirewall } from "./bridge-firewall.ts";
import { PublishedPort } from "./published-port.ts";

interface Sandbox {
  namespace: NetNamespace;
  key: string;
  dns: EmbeddedDns | undefined;
  /** The host's ends of its veth pairs, by endpoint. */
  readonly wires: Map<string, NetworkInterface>;
}

/** Docker's bridge networks in the simulated kernel: bridges, veth pairs, addresses, routes, firewall rules. */
export class SimulatedNetworkDriver implements NetworkDriver {
  readonly #kernel: Kernel;
  readonly #firewall: BridgeFirewall;
  readonly #sandboxes = new Map<string, Sandbox>();
  readonly #ports = new Map<string, PublishedPort>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.#firewall = new BridgeFirewall(kernel.network.host);
  }

  get #host(): NetNamespace {
    return this.#kernel.network.host;
  }

  async createNetwork(network: NetworkSpec, trace?: Trace): Promise<void> {
    if (network.driver !== "bridge" || this.#host.find(network.bridgeName)) return;
    const bridge = this.#host.add(
      new NetworkInterface(network.bridgeName, "bridge", randomMac(this.#kernel)),
    );
    trace?.note("kernel", "add link", { name: bridge.name, type: "bridge", mac: bridge.mac });
    for (const { subnet, gateway } of network.subnets) {
      if (!gateway) continue;
      const address = `${gateway}/${subnet.split("/")[1]}`;
      bridge.addresses.push(address);
      trace?.note("kernel", "add address", { interface: bridge.name, address });
    }
    bridge.up = true;
    const mtu = Number(network.options["com.docker.network.driver.mtu"] ?? 0);
    if (mtu > 0) bridge.mtu = mtu;
    this.#host.sysctl.set("net/ipv4/ip_forward", "1");
    trace?.note("kernel", "set link up", { interface: bridge.name });
    this.#firewall.addNetwork(network, trace);
  }

  async deleteNetwork(network: NetworkSpec, trace?: Trace): Promise<void> {
    const bridge = this.#host.find(network.bridgeName);
    if (!bridge) return;
    this.#firewall.removeNetwork(network, trace);
    deleteInterface(bridge);
    trace?.note("kernel", "delete link", { name: network.bridgeName });
  }

  async createSandbox(
    sandbox: string,
    options: { dns?: { resolver: NameResolver; upstream: string[] } },
    trace?: Trace,
  ): Promise<{ key: string }> {
    const namespace = this.#kernel.newNetNamespace();
    namespace.loopback.addresses = ["127.0.0.1/8", "::1/128"];
    namespace.loopback.up = true;
    const key = `/var/run/docker/netns/${sandbox.slice(0, 12)}`;
    this.#kernel.network.sandboxes.set(sandbox, namespace);
    this.#sandboxes.set(sandbox, { namespace, key, dns: undefined, wires: new Map() });
    trace?.note("kernel", "make network namespace", { path: key, inode: namespace.ino });
    if (options.dns) await this.serveNames(sandbox, options.dns, trace);
    return { key };
  }

  async serveNames(
    sandbox: string,
    dns: { resolver: NameResolver; upstream: string[] },
    trace?: Trace,
  ): Promise<void> {
    const found = this.#sandboxes.get(sandbox);
    if (!found || found.dns) return;
    found.dns = new EmbeddedDns(this.#kernel.network, found.namespace, sandbox, dns);
    trace?.note("network", "serve names", { address: "127.0.0.11:53", upstream: dns.upstream });
  }

  async deleteSandbox(sandbox: string, trace?: Trace): Promise<void> {
    const found = this.#sandboxes.get(sandbox);
    if (!found) return;
    found.dns?.close();
    for (const wire of found.wires.values()) deleteInterface(wire);
    this.#sandboxes.delete(sandbox);
    this.#kernel.network.sandboxes.delete(sandbox);
    trace?.note("kernel", "delete network namespace", { path: found.key, inode: found.namespace.ino });
  }

  async join(sandbox: string, network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): Promise<void> {
    const found = this.#sandbox(sandbox);
    const bridge = this.#host.find(network.bridgeName);
    if (!bridge) throw systemError(`network ${network.name} has no bridge ${network.bridgeName}`);
    const name = `veth${hex(this.#kernel.random.bytes(4)).slice(0, 7)}`;
    const macs: [string, string] = [randomMac(this.#kernel), endpoint.macAddress || randomMac(this.#kernel)];
    const [outside, inside] = vethPair([name, endpoint.interfaceName], macs);
    this.#host.add(outside);
    found.namespace.add(inside);
    outside.mtu = inside.mtu = bridge.mtu;
    outside.plugInto(bridge);
    trace?.note("kernel", "add veth pair", {
      host: name,
      bridge: bridge.name,
      container: inside.name,
      mac: inside.mac,
      namespace: found.namespace.ino,
    });
    for (const address of [endpoint.address, endpoint.address6]) {
      if (!address) continue;
      inside.addresses.push(address);
      trace?.note("kernel", "add address", { interface: inside.name, address });
    }
    outside.up = inside.up = true;
    found.wires.set(endpoint.id, outside);
    this.#route(found.namespace, network, endpoint, trace);
    this.#firewall.addEndpoint(network, endpoint, trace);
  }

  /** The default route goes over the network that says so; an internal one has none. */
  #route(namespace: NetNamespace, network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): void {
    if (!endpoint.isGateway || network.internal) return;
    for (const gateway of [endpoint.gateway, endpoint.gateway6]) {
      if (!gateway) continue;
      const six = gateway.includes(":");
      namespace.routes = namespace.routes.filter(
        (route) => route.destination !== "default" || route.gateway.includes(":") !== six,
      );
      namespace.routes.push({ destination: "default", gateway, interfaceName: endpoint.interfaceName });
      trace?.note("kernel", "add route", {
        destination: "default",
        gateway,
        interface: endpoint.interfaceName,
      });
    }
  }

  async leave(sandbox: string, network: NetworkSpec, endpoint: EndpointSpec, trace?: Trace): Promise<void> {
    const found = this.#sandboxes.get(sandbox);
    const wire = found?.wires.get(endpoint.id);
    this.#firewall.removeEndpoint(network, endpoint, trace);
    if (!found || !wire) return;
    found.wires.delete(endpoint.id);
    deleteInterface(wire);
    trace?.note("kernel", "delete link", { name: wire.name });
  }

  async publish(
    sandbox: string,
    endpoint: EndpointSpec,
    mapping: PortMapping,
    trace?: Trace,
  ): Promise<PortMapping> {
    this.#sandbox(sandbox);
    const host = this.#host;
    if (mapping.protocol === "sctp") throw systemError("sctp is not simulated");
    const { protocol, hostIp } = mapping;
    const hostPort =
      mapping.hostPort || host.ephemeralPort((candidate) => host.ports.taken(protocol, hostIp, candidate));
    if (hostPort === undefined)
      throw systemError(`failed to bind host port for ${hostIp}:0: all ports are allocated`);
    const place = placeOf(hostIp, hostPort);
    if (this.#ports.has(`${protocol} ${place}`))
      throw systemError(`Bind for ${place} failed: port is already allocated`);
    const bound: PortMapping = { ...mapping, hostPort };
    const inside = `${endpoint.address.split("/")[0]}:${mapping.containerPort}`;
    let port: PublishedPort;
    try {
      port = new PublishedPort(this.#kernel.network, endpoint, bound);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      const reason =
        error.code === "EADDRINUSE" ? "address already in use" : "cannot assign requested address";
      throw systemError(`failed to bind host port for ${place}:${inside}/${protocol}: ${reason}`);
    }
    this.#ports.set(`${protocol} ${place}`, port);
    this.#firewall.publish(endpoint, bound, trace);
    trace?.note("network", "listen on host port", { protocol, address: place, to: inside });
    return bound;
  }

  async unpublish(
    _sandbox: string,
    endpoint: EndpointSpec,
    mapping: PortMapping,
    trace?: Trace,
  ): Promise<void> {
    const place = placeOf(mapping.hostIp, mapping.hostPort);
    const key = `${mapping.protocol} ${place}`;
    const port = this.#ports.get(key);
    if (!port) return;
    port.close();
    this.#ports.delete(key);
    this.#firewall.unpublish(endpoint, mapping, trace);
    trace?.note("network", "close host port", { protocol: mapping.protocol, address: place });
  }

  #sandbox(sandbox: string): Sandbox {
    const found = this.#sandboxes.get(sandbox);
    if (!found) throw systemError(`sandbox ${sandbox} not found`);
    return found;
  }
}

function placeOf(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
