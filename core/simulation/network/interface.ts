import type { InterfaceInfo } from "../kernel/calls.ts";
import type { NetNamespace } from "./net-namespace.ts";

/** A network interface: loopback, one end of a veth pair, a bridge, or the host's link to the world. */
export class NetworkInterface {
  name: string;
  readonly kind: InterfaceInfo["kind"];
  mac: string;
  index = 0;
  up = false;
  mtu = 1500;
  /** "172.17.0.2/16". */
  addresses: string[] = [];
  namespace: NetNamespace | undefined;
  /** The bridge that it is a port of. */
  master: NetworkInterface | undefined;
  /** A veth's other end. */
  peer: NetworkInterface | undefined;
  /** A bridge's ports. */
  readonly ports = new Set<NetworkInterface>();
  rxBytes = 0;
  rxPackets = 0;
  txBytes = 0;
  txPackets = 0;

  constructor(name: string, kind: InterfaceInfo["kind"], mac: string) {
    this.name = name;
    this.kind = kind;
    this.mac = mac;
  }

  plugInto(bridge: NetworkInterface | undefined): void {
    this.master?.ports.delete(this);
    this.master = bridge;
    bridge?.ports.add(this);
  }

  has(address: string): boolean {
    return this.addresses.some((own) => own.split("/")[0] === address);
  }

  /** Counts what goes out (or comes in): bytes in packets of at most the mtu. */
  count(direction: "rx" | "tx", bytes: number): void {
    const packets = Math.max(1, Math.ceil(bytes / (this.mtu - 52)));
    const total = bytes + packets * 66;
    if (direction === "rx") {
      this.rxBytes += total;
      this.rxPackets += packets;
    } else {
      this.txBytes += total;
      this.txPackets += packets;
    }
  }

  info(): InterfaceInfo {
    const { index, name, kind, up, mtu, mac, rxBytes, rxPackets, txBytes, txPackets } = this;
    const info: InterfaceInfo = {
      index,
      name,
      kind,
      up,
      mtu,
      mac,
      addresses: [...this.addresses],
      rxBytes,
      rxPackets,
      txBytes,
      txPackets,
    };
    if (this.master) info.master = this.master.name;
    if (this.peer)
      info.peer = { index: this.peer.index, otherNamespace: this.peer.namespace !== this.namespace };
    return info;
  }
}

/** Two interfaces that are each other's wire. */
export function vethPair(
  names: [string, string],
  macs: [string, string],
): [NetworkInterface, NetworkInterface] {
  const one = new NetworkInterface(names[0], "veth", macs[0]);
  const other = new NetworkInterface(names[1], "veth", macs[1]);
  one.peer = other;
  other.peer = one;
  return [one, other];
}
