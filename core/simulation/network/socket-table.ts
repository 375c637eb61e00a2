import type { NetNamespace } from "./net-namespace.ts";
import { TcpSocket } from "./tcp.ts";
import { UdpSocket } from "./udp.ts";
import type { Endpoint } from "./delivery.ts";

/** A row of /proc/net/tcp or udp. */
export interface SocketRow {
  protocol: "tcp" | "udp";
  family: "inet" | "inet6";
  local: Endpoint;
  remote: Endpoint;
  state: string;
  pid: number;
  uid: number;
  inode: number;
}

const anywhere: Endpoint = { address: "0.0.0.0", port: 0 };

/** The sockets of a network stack that have a port: listening, connected, and those that take datagrams. */
export function socketTable(namespace: NetNamespace): SocketRow[] {
  const rows: SocketRow[] = [];
  const row = (
    socket: TcpSocket | UdpSocket,
    protocol: "tcp" | "udp",
    state: string,
    remote: Endpoint,
  ): SocketRow => ({
    protocol,
    family: socket.family,
    local: { address: socket.address || "0.0.0.0", port: socket.port },
    remote,
    state,
    pid: socket.owner.pid,
    uid: socket.owner.credentials.uid,
    inode: socket.inode.ino,
  });
  for (const holder of namespace.ports.all("tcp")) {
    if (holder instanceof TcpSocket) {
      if (holder.state === "listening") rows.push(row(holder, "tcp", "LISTEN", anywhere));
    } else {
      const family = holder.address.includes(":") ? "inet6" : "inet";
      rows.push({
        protocol: "tcp",
        family,
        local: { address: holder.address, port: holder.port },
        remote: anywhere,
        state: "LISTEN",
        pid: 0,
        uid: 0,
        inode: 0,
      });
    }
  }
  for (const socket of namespace.connections) {
    const { input, output } = socket.end!;
    const state = input.ended
      ? output.ended
        ? "CLOSE"
        : "CLOSE_WAIT"
      : output.ended
        ? "FIN_WAIT2"
        : "ESTABLISHED";
    rows.push(row(socket, "tcp", state, socket.remote));
  }
  for (const holder of namespace.ports.all("udp")) {
    if (holder instanceof UdpSocket)
      rows.push(row(holder, "udp", holder.remote ? "ESTABLISHED" : "", holder.remote ?? anywhere));
  }
  return rows;
}
