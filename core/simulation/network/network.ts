import { Errno, type ErrnoCode } from "../../files/filesystem.ts";
import type { ByteDuplex } from "../../platform/bytes.ts";
import type { SocketAddress } from "../kernel/calls.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { mayChangeDirectory, resolve, resolveEntry } from "../kernel/paths.ts";
import type { Location } from "../kernel/mounts.ts";
import type { Process } from "../kernel/process.ts";
import { isAny } from "./addresses.ts";
import { deliver, type Delivery, type Endpoint, type Hop, type Packet } from "./delivery.ts";
import { duplexOf, streamPair, type StreamEnd } from "./flow.ts";
import { Internet } from "./internet.ts";
import { NetworkInterface } from "./interface.ts";
import type { NetNamespace } from "./net-namespace.ts";
import { closeEnd, isListener } from "./tcp.ts";
import { isDatagramHolder } from "./udp.ts";
import type { PortHolder } from "./ports.ts";
import type { UnixListener } from "./unix-socket.ts";

/** Nanoseconds that one hop takes. */
const hopTime = 15_000;
/** How long it takes until a neighbour that does not answer is given up, and a host that does not. */
const neighbourTimeout = 3_060e6;
const connectTimeout = 130_000e6;

export type DialResult =
  { kind: "connected"; end: StreamEnd; source: Endpoint } | { kind: "failed"; code: ErrnoCode };

/** A port of the host that opened or closed. */
export interface HostPort {
  protocol: "tcp" | "udp";
  address: string;
  port: number;
}

/** The simulated network: stacks, wires between them, the internet beyond; and ways in from outside. */
export class Network {
  readonly kernel: Kernel;
  /** The host's own stack. */
  readonly host: NetNamespace;
  readonly internet = new Internet();
  /** Network stacks made for containers, by the sandbox's identifier. */
  readonly sandboxes = new Map<string, NetNamespace>();
  readonly unixListeners = new Map<string, UnixListener>();
  readonly #portListeners = new Set<(change: "open" | "close", port: HostPort) => void>();
  /** Datagram flows, so that answers find their way back through NAT. */
  readonly #tracked = new Map<
    string,
    { namespace: NetNamespace; source: Endpoint; target: Endpoint; hops: Hop[] }
  >();

  constructor(kernel: Kernel, host: NetNamespace) {
    this.kernel = kernel;
    this.host = host;
    host.loopback.up = true;
    host.loopback.addresses = ["127.0.0.1/8", "::1/128"];
  }

  /** Gives the host its link to the world: "eth0" with an address, and the default route. */
  connectHost(options: {
    address: string;
    gateway: string;
    interfaceName?: string;
    mac?: string;
  }): NetworkInterface {
    const name = options.interfaceName ?? "eth0";
    const uplink = new NetworkInterface(name, "ethernet", options.mac ?? "52:54:00:12:34:56");
    uplink.addresses = [options.address];
    uplink.up = true;
    this.host.add(uplink);
    this.host.routes.push({ destination: "default", gateway: options.gateway, interfaceName: name });
    return uplink;
  }

  /** Throws unless a process may have a port: EADDRNOTAVAIL, EACCES. */
  checkBind(
    namespace: NetNamespace,
    _protocol: "tcp" | "udp",
    address: Exclude<SocketAddress, { family: "unix" }>,
    process: Process,
  ): void {
    if (!isAny(address.address) && !namespace.isLocal(address.address)) throw new Errno("EADDRNOTAVAIL");
    const unprivileged = Number(namespace.sysctl.get("net/ipv4/ip_unprivileged_port_start") ?? 1024);
    if (address.port > 0 && address.port < unprivileged && !process.has("CAP_NET_BIND_SERVICE"))
      throw new Errno("EACCES");
  }

  /** A socket listens: told to observers, and for the host's ports to whoever opens real ones. */
  listening(holder: PortHolder & { namespace: NetNamespace }, owner: Process): void {
    const protocol = isListener(holder) || "offer" in holder ? "tcp" : "udp";
    this.#observeListening("listen", protocol, holder, owner.pid);
    if (holder.namespace === this.host)
      this.hostPort("open", { protocol, address: holder.address, port: holder.port });
  }

  listeningEnded(holder: PortHolder & { namespace: NetNamespace }, owner: Process): void {
    const protocol = "offer" in holder ? "tcp" : "udp";
    this.#observeListening("listen end", protocol, holder, owner.pid);
    if (holder.namespace === this.host)
      this.hostPort("close", { protocol, address: holder.address, port: holder.port });
  }

  #observeListening(
    kind: "listen" | "listen end",
    protocol: string,
    holder: PortHolder & { namespace: NetNamespace },
    pid: number,
  ): void {
    if (!this.kernel.observed) return;
    this.kernel.observe({
      kind,
      pid,
      protocol,
      address: holder.address,
      port: holder.port,
      namespace: holder.namespace.ino,
    });
  }

  /** Calls `listener` when a port of the host opens or closes, published ones among them; returns what ends that. */
  onHostPort(listener: (change: "open" | "close", port: HostPort) => void): () => void {
    this.#portListeners.add(listener);
    return () => this.#portListeners.delete(listener);
  }

  hostPort(change: "open" | "close", port: HostPort): void {
    for (const listener of this.#portListeners) listener(change, port);
  }

  /** A connection from outside of the simulation to a port of the host; rejects with Errno ECONNREFUSED when nobody listens. */
  connectFromOutside(address: string, port: number): Promise<ByteDuplex> {
    return this.dialDuplex(this.host, { address: isAny(address) ? "127.0.0.1" : address, port });
  }

  /** A connection from one of the simulated stacks (the host's: the daemon's own) for code outside of the kernel. Rejects with Errno. */
  dialDuplex(from: NetNamespace, target: Endpoint): Promise<ByteDuplex> {
    return new Promise((resolvePromise, reject) => {
      const port = from.ephemeralPort((candidate) => from.ports.taken("tcp", "0.0.0.0", candidate)) ?? 0;
      this.dial(from, { address: "", port }, target, undefined, (result) => {
        if (result.kind === "connected") resolvePromise(duplexOf(result.end));
        else reject(new Errno(result.code));
      });
    });
  }

  /** Connects; `done` may be called at once or, in virtual time, later. */
  dial(
    from: NetNamespace,
    source: Endpoint,
    target: Endpoint,
    caller: Process | undefined,
    done: (result: DialResult) => void,
  ): void {
    const packet: Packet = { protocol: "tcp", source, destination: target };
    const delivery = deliver(from, packet, this.internet);
    const tell = (result: DialResult, delay: number) => {
      if (this.kernel.observed) {
        const outcome = result.kind === "connected" ? "connected" : result.code;
        this.kernel.observe({
          kind: "connect",
          pid: caller?.pid ?? 0,
          protocol: "tcp",
          from: `${source.address}:${source.port}`,
          to: `${target.address}:${target.port}`,
          result: outcome,
        });
      }
      if (delay === 0) done(result);
      else this.kernel.time.at(this.kernel.time.elapsed + delay, () => done(result));
    };
    if (delivery.kind === "failed")
      return tell({ kind: "failed", code: delivery.code }, failureDelay(delivery));
    count(delivery.hops, 60, true);
    const [mine, theirs] = streamPair({
      there: (bytes) => count(delivery.hops, bytes, true),
      back: (bytes) => count(delivery.hops, bytes, false),
    });
    const seenSource = ownAddress(from, source, target);
    const connected: DialResult = { kind: "connected", end: mine, source: seenSource };
    if (delivery.kind === "internet") {
      const handler = delivery.host.tcp?.(delivery.packet.destination.port);
      const delay = (delivery.host.roundTrip ?? 10) * 1e6;
      if (!handler) return tell({ kind: "failed", code: "ECONNREFUSED" }, delay);
      handler(duplexOf(theirs), delivery.packet.source);
      return tell(connected, delay);
    }
    const { destination } = delivery.packet;
    const holder = delivery.namespace.ports.find("tcp", destination.address, destination.port);
    if (!isListener(holder) || !holder.offer(theirs, delivery.packet.source, destination))
      return tell({ kind: "failed", code: "ECONNREFUSED" }, 0);
    tell(connected, 0);
  }

  /** Sends a datagram; returns an error that the sender gets at once, or tells it later. */
  sendDatagram(
    from: NetNamespace,
    source: Endpoint,
    target: Endpoint,
    bytes: Uint8Array,
    later: (error: Errno) => void,
  ): Errno | undefined {
    const answered = this.#answer(from, source, target, bytes);
    if (answered) return undefined;
    const delivery = deliver(from, { protocol: "udp", source, destination: target }, this.internet);
    if (delivery.kind === "failed")
      return delivery.code === "ENETUNREACH" || delivery.code === "ENETDOWN"
        ? new Errno(delivery.code)
        : undefined;
    count(delivery.hops, bytes.length, true);
    const origin = ownAddress(from, source, target);
    const { packet } = delivery;
    const back = (reply: Uint8Array) => {
      count(delivery.hops, reply.length, false);
      this.#receiveAt(from, origin, target, reply);
    };
    if (delivery.kind === "internet") {
      const reply = delivery.host.udp?.(packet.destination.port)?.(bytes);
      if (reply)
        this.kernel.time.at(this.kernel.time.elapsed + (delivery.host.roundTrip ?? 10) * 1e6, () =>
          back(reply),
        );
      return undefined;
    }
    const holder = delivery.namespace.ports.find("udp", packet.destination.address, packet.destination.port);
    if (!isDatagramHolder(holder)) {
      later(new Errno("ECONNREFUSED"));
      return undefined;
    }
    this.#track(packet, { namespace: from, source: origin, target, hops: delivery.hops });
    holder.receive(bytes, packet.source, back);
    return undefined;
  }

  /** A datagram that answers one seen before goes back to where that came from. */
  #answer(from: NetNamespace, source: Endpoint, target: Endpoint, bytes: Uint8Array): boolean {
    const address = isAny(source.address) ? from.sourceFor(target.address) : source.address;
    const flow = this.#tracked.get(`${address}:${source.port} ${target.address}:${target.port}`);
    if (!flow || flow.namespace === from) return false;
    count(flow.hops, bytes.length, false);
    return this.#receiveAt(flow.namespace, flow.source, flow.target, bytes);
  }

  #track(
    packet: Packet,
    flow: { namespace: NetNamespace; source: Endpoint; target: Endpoint; hops: Hop[] },
  ): void {
    const { source, destination } = packet;
    if (this.#tracked.size > 8192) this.#tracked.delete(this.#tracked.keys().next().value!);
    this.#tracked.set(`${destination.address}:${destination.port} ${source.address}:${source.port}`, flow);
  }

  #receiveAt(namespace: NetNamespace, to: Endpoint, from: Endpoint, bytes: Uint8Array): boolean {
    const holder = namespace.ports.find("udp", to.address, to.port);
    if (!isDatagramHolder(holder)) return false;
    holder.receive(bytes, from, () => {});
    return true;
  }

  /** What an echo request finds. */
  echo(
    from: NetNamespace,
    address: string,
  ): { from: string; ttl: number; delay: number; hops: Hop[] } & (
    { kind: "answered" } | { kind: "failed"; code: ErrnoCode; now: boolean }
  ) {
    const delivery = deliver(
      from,
      { protocol: "icmp", source: { address: "", port: 0 }, destination: { address, port: 0 } },
      this.internet,
    );
    const own = from.sourceFor(address) ?? "";
    const common = { ttl: 64, hops: delivery.hops };
    if (delivery.kind === "failed") {
      const now = delivery.code === "ENETUNREACH" || delivery.code === "ENETDOWN";
      return {
        ...common,
        kind: "failed",
        code: delivery.code,
        now,
        from: own,
        delay: failureDelay(delivery),
      };
    }
    if (delivery.kind === "internet")
      return {
        ...common,
        kind: "answered",
        from: address,
        ttl: 56,
        delay: (delivery.host.roundTrip ?? 10) * 1e6,
      };
    return {
      ...common,
      kind: "answered",
      from: address,
      delay: 2 * hopTime * Math.max(1, delivery.hops.length),
    };
  }

  /** Under what a unix socket's listener is kept: its inode, by whatever path one comes to it. */
  unixKey(location: Location): string {
    return `${location.mount.fileSystem.device}:${location.inode.attributes().ino}`;
  }

  /** Serves a unix socket of the host (such as /var/run/docker.sock) from outside of the kernel; returns what ends that. */
  serveUnix(
    path: string,
    handler: (connection: ByteDuplex) => void,
    attributes: { mode: number; uid: number; gid: number } = { mode: 0o660, uid: 0, gid: 0 },
  ): () => void {
    const entry = resolveEntry(this.kernel.init, path);
    mayChangeDirectory(entry.directory, this.kernel.init.credentials);
    if (entry.location) entry.directory.inode.unlink(entry.name);
    entry.directory.inode.create(entry.name, { kind: "socket", ...attributes });
    const key = this.unixKey(resolve(this.kernel.init, path));
    this.unixListeners.set(key, {
      offer(end) {
        handler(duplexOf(end));
        return true;
      },
    });
    return () => {
      this.unixListeners.delete(key);
      if (entry.directory.inode.lookup(entry.name)) entry.directory.inode.unlink(entry.name);
    };
  }

  /** Passes all connections on to `target`, dialled from `stack`: what docker-proxy does. */
  relay(stack: NetNamespace, target: Endpoint, end: StreamEnd): void {
    const port = stack.ephemeralPort((candidate) => stack.ports.taken("tcp", "0.0.0.0", candidate)) ?? 0;
    this.dial(stack, { address: "", port }, target, undefined, (result) => {
      if (result.kind === "failed") return closeEnd(end);
      join(end.input, result.end.output);
      join(result.end.input, end.output);
    });
  }
}

/** Moves bytes from one flow to another, as far as there is room, for as long as both live. */
function join(from: StreamEnd["input"], to: StreamEnd["output"]): void {
  const move = () => {
    while (from.queue.length > 0 && to.queue.room > 0 && !to.refused && !to.ended) {
      const bytes = from.queue.take(Math.min(from.queue.length, to.queue.room));
      to.write(bytes);
    }
    if (to.refused && !from.refused) from.refuse();
    if (from.queue.length === 0 && from.ended) to.end();
    if (from.reset && !to.reset) to.breakOff();
  };
  from.queue.readable.waiters.add({ wakeUp: move });
  to.queue.writable.waiters.add({ wakeUp: move });
  move();
}

function failureDelay(delivery: Extract<Delivery, { kind: "failed" }>): number {
  if (delivery.code === "EHOSTUNREACH") return neighbourTimeout;
  return delivery.code === "ETIMEDOUT" ? connectTimeout : 0;
}

function count(hops: readonly Hop[], bytes: number, forward: boolean): void {
  for (const { interface: each, direction } of hops)
    each.count(forward === (direction === "tx") ? "tx" : "rx", bytes);
}

/** The address that the sender itself has on the connection, before any NAT. */
function ownAddress(from: NetNamespace, source: Endpoint, target: Endpoint): Endpoint {
  return { address: source.address || (from.sourceFor(target.address) ?? "127.0.0.1"), port: source.port };
}
