import { Errno } from "../../files/filesystem.ts";
import type { NetworkChange } from "../kernel/calls.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { Process } from "../kernel/process.ts";
import { NetworkInterface, vethPair } from "./interface.ts";
import type { NetNamespace } from "./net-namespace.ts";

/** A locally administered address from the kernel's random numbers. */
export function randomMac(kernel: Kernel): string {
  const bytes = kernel.random.bytes(6);
  bytes[0] = (bytes[0]! & 0xfe) | 0x02;
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

function existing(namespace: NetNamespace, name: string): NetworkInterface {
  const found = namespace.find(name);
  if (!found) throw new Errno("ENODEV");
  return found;
}

/** Takes an interface away; a veth's other end goes with it. */
export function deleteInterface(each: NetworkInterface): void {
  for (const port of [...each.ports]) port.plugInto(undefined);
  each.plugInto(undefined);
  each.namespace?.remove(each);
  each.namespace = undefined;
  const { peer } = each;
  each.peer = undefined;
  if (peer?.peer) deleteInterface(peer);
}

/** What `ip` asks of the kernel. */
export function configure(kernel: Kernel, process: Process, change: NetworkChange): void {
  const { net } = process.namespaces;
  switch (change.change) {
    case "add link": {
      if (net.find(change.name) || (change.peer && net.find(change.peer))) throw new Errno("EEXIST");
      if (change.kind !== "veth")
        return void net.add(new NetworkInterface(change.name, change.kind, randomMac(kernel)));
      const pair = vethPair(
        [change.name, change.peer ?? `veth${net.interfaces.length}`],
        [randomMac(kernel), randomMac(kernel)],
      );
      for (const each of pair) net.add(each);
      return;
    }
    case "delete link": {
      const each = existing(net, change.name);
      if (each.kind === "loopback" || each.kind === "ethernet") throw new Errno("EOPNOTSUPP");
      return deleteInterface(each);
    }
    case "set link": {
      const each = existing(net, change.name);
      if (change.newName !== undefined) {
        if (net.find(change.newName)) throw new Errno("EEXIST");
        if (each.up) throw new Errno("EBUSY");
        each.name = change.newName;
      }
      if (change.mtu !== undefined) each.mtu = change.mtu;
      if (change.mac !== undefined) each.mac = change.mac;
      if (change.master !== undefined)
        each.plugInto(change.master === null ? undefined : existing(net, change.master));
      if (change.up !== undefined) each.up = change.up;
      if (change.namespacePid !== undefined) {
        const target = process.pidNamespace.processes.get(change.namespacePid);
        if (!target) throw new Errno("ESRCH");
        each.up = false;
        each.addresses = [];
        target.namespaces.net.add(each);
      }
      if (each.kind === "loopback" && each.up && each.addresses.length === 0)
        each.addresses = ["127.0.0.1/8", "::1/128"];
      return;
    }
    case "add address": {
      const each = existing(net, change.name);
      const address = change.address.includes("/")
        ? change.address
        : `${change.address}/${change.address.includes(":") ? 128 : 32}`;
      if (each.addresses.includes(address)) throw new Errno("EEXIST");
      each.addresses.push(address);
      return;
    }
    case "delete address": {
      const each = existing(net, change.name);
      const index = each.addresses.findIndex(
        (own) => own === change.address || own.split("/")[0] === change.address,
      );
      if (index < 0) throw new Errno("EADDRNOTAVAIL");
      each.addresses.splice(index, 1);
      return;
    }
    case "add route": {
      existing(net, change.route.interfaceName);
      if (net.routes.some((route) => route.destination === change.route.destination))
        throw new Errno("EEXIST");
      net.routes.push({ ...change.route });
      return;
    }
    case "delete route": {
      const index = net.routes.findIndex((route) => route.destination === change.route.destination);
      if (index < 0) throw new Errno("ESRCH");
      net.routes.splice(index, 1);
    }
  }
}
