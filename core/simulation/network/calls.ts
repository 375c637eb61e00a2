import { Errno } from "../../files/filesystem.ts";
import { block, type Handlers } from "../kernel/calls/handler.ts";
import { deadlineOf } from "../kernel/calls/time.ts";
import type { Process, Thread } from "../kernel/process.ts";
import { configure } from "./configure.ts";
import { streamPair } from "./flow.ts";
import { IcmpSocket } from "./icmp.ts";
import { Socket } from "./socket.ts";
import { socketTable } from "./socket-table.ts";
import { TcpSocket } from "./tcp.ts";
import { UdpSocket } from "./udp.ts";
import { UnixSocket } from "./unix-socket.ts";

function socketAt(process: Process, fd: number): Socket {
  const file = process.descriptors.get(fd);
  if (!(file instanceof Socket)) throw new Errno("ENOTSOCK");
  return file;
}

/** Waits for something of a socket unless it does not want to. */
function waitFor(
  kernel: Parameters<typeof block>[0],
  thread: Thread,
  socket: Socket,
  queue: "readable" | "writable",
) {
  if (socket.nonblock) throw new Errno("EAGAIN");
  return block(kernel, thread, [socket[queue]]);
}

export const networkCalls: Pick<
  Handlers,
  | "socket" | "socketpair" | "bind" | "listen" | "accept" | "connect" | "sendto" | "recvfrom" | "shutdown" | "getsockname" | "getpeername"
  | "setsockopt" | "getsockopt" | "interfaces" | "routes" | "sockets" | "configureNetwork" | "firewallRules"
> /* prettier-ignore */ =
  {
    socket(kernel, { process }, family, type, options = {}) {
      const { network } = kernel;
      let socket: Socket;
      if (family === "unix") socket = new UnixSocket(network, process, options.nonblock);
      else if (type === "stream") socket = new TcpSocket(network, process, family, options.nonblock);
      else if (type === "datagram") socket = new UdpSocket(network, process, family, options.nonblock);
      else {
        if (!process.has("CAP_NET_RAW")) mayPing(process);
        socket = new IcmpSocket(network, process, family);
      }
      return process.descriptors.add(socket, options.closeOnExec);
    },
    socketpair(kernel, { process }) {
      const [one, other] = streamPair();
      const sockets = [one, other].map((end) => {
        const socket = new UnixSocket(kernel.network, process);
        socket.adopt(end);
        return process.descriptors.add(socket);
      });
      return sockets as [number, number];
    },
    bind(_kernel, thread, fd, address) {
      socketAt(thread.process, fd).bind(address, thread);
    },
    listen(_kernel, { process }, fd, backlog = 128) {
      socketAt(process, fd).listen(backlog);
    },
    accept(kernel, thread, fd) {
      const socket = socketAt(thread.process, fd);
      const accepted = socket.accept();
      if (!accepted) return waitFor(kernel, thread, socket, "readable");
      return { fd: thread.process.descriptors.add(accepted), peer: accepted.peerAddress() };
    },
    connect(kernel, thread, fd, address, timeout) {
      const socket = socketAt(thread.process, fd);
      const started = thread.call.progress === true;
      if (started && socket instanceof TcpSocket && socket.state === "connected") return;
      thread.call.progress = true;
      if (socket.connect(address, thread)) return;
      if (socket.nonblock) throw new Errno("EINPROGRESS");
      const deadline = deadlineOf(kernel, thread, timeout);
      if (deadline !== undefined && kernel.time.elapsed >= deadline) throw new Errno("ETIMEDOUT");
      return block(kernel, thread, [socket.writable], deadline);
    },
    sendto(kernel, thread, fd, bytes, to) {
      const socket = socketAt(thread.process, fd);
      return socket.sendTo(bytes, to, thread) ?? waitFor(kernel, thread, socket, "writable");
    },
    recvfrom(kernel, thread, fd, size) {
      const socket = socketAt(thread.process, fd);
      return socket.receiveFrom(size, thread) ?? waitFor(kernel, thread, socket, "readable");
    },
    shutdown(_kernel, { process }, fd, how) {
      socketAt(process, fd).shutdown(how);
    },
    getsockname: (_kernel, { process }, fd) => socketAt(process, fd).localAddress(),
    getpeername: (_kernel, { process }, fd) => socketAt(process, fd).peerAddress(),
    setsockopt(_kernel, { process }, fd, option, value) {
      socketAt(process, fd).options.set(option, value);
    },
    getsockopt(_kernel, { process }, fd, option) {
      const socket = socketAt(process, fd);
      return socket.options.get(option) ?? 0;
    },
    interfaces: (_kernel, { process }) => process.namespaces.net.interfaces.map((each) => each.info()),
    routes: (_kernel, { process }) => process.namespaces.net.allRoutes(),
    sockets(_kernel, { process }) {
      const text = (endpoint: { address: string; port: number }) =>
        `${endpoint.address}:${endpoint.port || "*"}`;
      return socketTable(process.namespaces.net).map(({ protocol, local, remote, state, pid, inode }) => {
        const owner = process.pidNamespace;
        const seen = [...owner.processes].find(([, each]) => each.pid === pid)?.[0] ?? 0;
        return { protocol, local: text(local), remote: text(remote), state, pid: seen, inode };
      });
    },
    configureNetwork(kernel, { process }, change) {
      if (!process.has("CAP_NET_ADMIN")) throw new Errno("EPERM");
      configure(kernel, process, change);
    },
    firewallRules(_kernel, { process }, table) {
      if (!process.has("CAP_NET_ADMIN")) throw new Errno("EPERM");
      return process.namespaces.net.firewall.save(table);
    },
  };

/** Without CAP_NET_RAW only groups of ping_group_range may ping. */
function mayPing(process: Process): void {
  const [first = 1, last = 0] = (process.namespaces.net.sysctl.get("net/ipv4/ping_group_range") ?? "1 0")
    .split(/\s+/)
    .map(Number);
  const { egid } = process.credentials;
  if (egid < first || egid > last) throw new Errno("EPERM");
}
