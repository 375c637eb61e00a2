import type { ErrnoCode } from "../../files/filesystem.ts";
import { isAny, isLoopback, normal } from "./addresses.ts";
import type { PacketView } from "./firewall.ts";
import type { NetworkInterface } from "./interface.ts";
import type { Internet, InternetHost } from "./internet.ts";
import type { NetNamespace } from "./net-namespace.ts";

export interface Endpoint {
  address: string;
  port: number;
}

/** The first packet of a connection, or a datagram. An empty source address is chosen by the route. */
export interface Packet {
  protocol: "tcp" | "udp" | "icmp";
  source: Endpoint;
  destination: Endpoint;
}

/** An interface that packets of a connection leave or enter through. */
export interface Hop {
  interface: NetworkInterface;
  direction: "tx" | "rx";
}

/** Where a packet arrives, with the addresses that it has there (after NAT). */
export type Delivery =
  | { kind: "local"; namespace: NetNamespace; packet: Packet; hops: Hop[] }
  | { kind: "internet"; host: InternetHost; packet: Packet; hops: Hop[] }
  /** "ETIMEDOUT": nobody says anything. */
  | {
      kind: "failed";
      code: Extract<
        ErrnoCode,
        "ENETUNREACH" | "EHOSTUNREACH" | "ETIMEDOUT" | "ECONNREFUSED" | "EADDRNOTAVAIL" | "ENETDOWN"
      >;
      hops: Hop[];
    };

/**
 * Follows a packet from a network stack through routes, wires, bridges, firewalls and NAT to where it arrives. The
 * packets that answer it take the same way back, whatever the rules say to new ones (connection tracking).
 */
export function deliver(from: NetNamespace, packet: Packet, internet: Internet): Delivery {
  return new Walk(internet).output(from, { ...packet });
}

class Walk {
  readonly #internet: Internet;
  readonly #hops: Hop[] = [];

  constructor(internet: Internet) {
    this.#internet = internet;
  }

  output(stack: NetNamespace, packet: Packet): Delivery {
    if (isAny(packet.destination.address))
      packet.destination = {
        ...packet.destination,
        address: packet.destination.address === "::" ? "::1" : "127.0.0.1",
      };
    const nat = stack.firewall.decide("nat", "OUTPUT", view(stack, packet));
    if (nat.kind === "DNAT") packet.destination = { address: nat.address, port: nat.port };
    return this.#route(stack, packet, true);
  }

  #failed(code: Extract<Delivery, { kind: "failed" }>["code"]): Delivery {
    return { kind: "failed", code, hops: this.#hops };
  }

  /** Sends a packet on from a stack that made it or forwards it. */
  #route(stack: NetNamespace, packet: Packet, own: boolean, ingress?: NetworkInterface): Delivery {
    const { address } = packet.destination;
    if (this.#hops.length > 64) return this.#failed("ETIMEDOUT");
    if (stack.isLocal(address)) {
      if (!stack.loopback.up) return this.#failed("ENETUNREACH");
      if (own && packet.source.address === "")
        packet.source = { ...packet.source, address: stack.sourceFor(address)! };
      if (own)
        this.#hops.push(
          { interface: stack.loopback, direction: "tx" },
          { interface: stack.loopback, direction: "rx" },
        );
      return { kind: "local", namespace: stack, packet, hops: this.#hops };
    }
    const route = stack.route(address);
    const egress = route && stack.find(route.interfaceName);
    if (!route || !egress) return this.#failed("ENETUNREACH");
    if (own && packet.source.address === "") {
      const source = stack.sourceFor(address);
      if (!source) return this.#failed("ENETUNREACH");
      packet.source = { ...packet.source, address: source };
    }
    const seen = view(stack, packet, ingress, egress);
    if (!own) {
      const verdict = stack.firewall.decide("filter", "FORWARD", seen);
      if (verdict.kind === "DROP") return this.#failed("ETIMEDOUT");
      if (verdict.kind === "REJECT") return this.#failed("ECONNREFUSED");
    }
    if (stack.firewall.decide("nat", "POSTROUTING", seen).kind === "MASQUERADE") {
      const outside = egress.addresses.find((each) => each.includes(":") === address.includes(":"));
      if (outside) packet.source = { address: outside.split("/")[0]!, port: packet.source.port };
    }
    return this.#transmit(egress, route.gateway || address, packet);
  }

  #transmit(egress: NetworkInterface, next: string, packet: Packet): Delivery {
    this.#hops.push({ interface: egress, direction: "tx" });
    if (egress.kind === "bridge") return this.#acrossBridge(egress, next, packet, undefined);
    if (egress.kind === "ethernet") return this.#toInternet(packet);
    const { peer } = egress;
    if (!peer?.namespace || !peer.up) return this.#failed("EHOSTUNREACH");
    this.#hops.push({ interface: peer, direction: "rx" });
    if (peer.master) return this.#acrossBridge(peer.master, next, packet, peer);
    if (!peer.has(next)) return this.#failed("EHOSTUNREACH");
    return this.#receive(peer.namespace, peer, packet);
  }

  /** A bridge hands the packet to whoever answers for the next address: a port's other end, or its own stack. */
  #acrossBridge(
    bridge: NetworkInterface,
    next: string,
    packet: Packet,
    ingress: NetworkInterface | undefined,
  ): Delivery {
    if (!bridge.up || !bridge.namespace) return this.#failed("EHOSTUNREACH");
    if (ingress && bridge.has(next)) {
      this.#hops.push({ interface: bridge, direction: "rx" });
      return this.#receive(bridge.namespace, bridge, packet);
    }
    for (const port of bridge.ports) {
      const { peer } = port;
      if (port === ingress || !peer?.namespace || !port.up || !peer.up || !answersFor(peer, next)) continue;
      // br_netfilter: what a bridge hands on passes the firewall too (this is how inter-container communication is turned off).
      const seen = view(bridge.namespace, packet, bridge, bridge);
      if (ingress && bridge.namespace.firewall.decide("filter", "FORWARD", seen).kind === "DROP")
        return this.#failed("ETIMEDOUT");
      this.#hops.push({ interface: port, direction: "tx" }, { interface: peer, direction: "rx" });
      return this.#receive(peer.namespace, peer, packet);
    }
    return this.#failed("EHOSTUNREACH");
  }

  #toInternet(packet: Packet): Delivery {
    const host = this.#internet.host(packet.destination.address);
    if (!host) return this.#failed("ETIMEDOUT");
    return { kind: "internet", host, packet, hops: this.#hops };
  }

  #receive(stack: NetNamespace, ingress: NetworkInterface, packet: Packet): Delivery {
    const seen = view(stack, packet, ingress);
    if (stack.firewall.decide("raw", "PREROUTING", seen).kind === "DROP") return this.#failed("ETIMEDOUT");
    const nat = stack.firewall.decide("nat", "PREROUTING", seen);
    if (nat.kind === "DNAT") packet.destination = { address: nat.address, port: nat.port };
    if (stack.isLocal(packet.destination.address)) {
      if (isLoopback(packet.destination.address)) return this.#failed("ETIMEDOUT");
      if (stack.firewall.decide("filter", "INPUT", view(stack, packet, ingress)).kind === "DROP")
        return this.#failed("ETIMEDOUT");
      return { kind: "local", namespace: stack, packet, hops: this.#hops };
    }
    if (stack.sysctl.get("net/ipv4/ip_forward") !== "1") return this.#failed("ETIMEDOUT");
    return this.#route(stack, packet, false, ingress);
  }
}

function answersFor(each: NetworkInterface, address: string): boolean {
  const wanted = normal(address);
  return each.addresses.some((own) => normal(own.split("/")[0]!) === wanted);
}

function view(
  stack: NetNamespace,
  packet: Packet,
  inside?: NetworkInterface,
  outside?: NetworkInterface,
): PacketView {
  return {
    protocol: packet.protocol,
    source: packet.source.address || "0.0.0.0",
    destination: packet.destination.address,
    destinationPort: packet.destination.port,
    inInterface: inside?.name ?? "",
    outInterface: outside?.name ?? "",
    destinationLocal: stack.isLocal(packet.destination.address),
    established: false,
  };
}
