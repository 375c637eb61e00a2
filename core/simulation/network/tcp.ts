import { Errno } from "../../files/filesystem.ts";
import { POLL, type SocketAddress } from "../kernel/calls.ts";
import type { Process, Thread } from "../kernel/process.ts";
import { WaitQueue } from "../kernel/wait-queue.ts";
import { isAny } from "./addresses.ts";
import type { Endpoint } from "./delivery.ts";
import type { StreamEnd } from "./flow.ts";
import type { NetNamespace } from "./net-namespace.ts";
import type { Network } from "./network.ts";
import type { PortHolder } from "./ports.ts";
import { Socket } from "./socket.ts";

/** Whoever takes connections at a port: a listening socket, or something of the kernel's own. */
export interface Listener extends PortHolder {
  /** Takes a connection that has come in; false when it takes no more now (the caller then gets ECONNREFUSED). */
  offer(end: StreamEnd, peer: Endpoint, local: Endpoint): boolean;
}

export const isListener = (holder: PortHolder | undefined): holder is Listener =>
  holder !== undefined && "offer" in holder && (holder as { listening?: boolean }).listening !== false;

type State = "closed" | "listening" | "connecting" | "connected";

/** A TCP socket. */
export class TcpSocket extends Socket implements Listener {
  readonly family: "inet" | "inet6";
  readonly namespace: NetNamespace;
  state: State = "closed";
  address = "";
  port = 0;
  remote: Endpoint = { address: "", port: 0 };
  end: StreamEnd | undefined;
  override readonly readable = new WaitQueue();
  override readonly writable = new WaitQueue();
  readonly #backlog: TcpSocket[] = [];
  #backlogLimit = 0;
  #claimed = false;

  constructor(network: Network, owner: Process, family: "inet" | "inet6", nonblock = false) {
    super(network, owner, nonblock);
    this.family = family;
    this.namespace = owner.namespaces.net;
  }

  get listening(): boolean {
    return this.state === "listening";
  }

  get sharesPort(): boolean {
    return this.options.get("SO_REUSEPORT") === 1;
  }

  override bind(address: SocketAddress, thread: Thread): void {
    if (address.family === "unix") throw new Errno("EAFNOSUPPORT");
    if (this.#claimed) throw new Errno("EINVAL");
    this.network.checkBind(this.namespace, "tcp", address, thread.process);
    this.#claim(address.address, address.port);
  }

  #claim(address: string, port: number): void {
    const { ports } = this.namespace;
    const chosen =
      port || this.namespace.ephemeralPort((candidate) => ports.taken("tcp", address, candidate));
    if (chosen === undefined) throw new Errno("EADDRINUSE");
    this.address = address;
    this.port = chosen;
    ports.claim("tcp", this);
    this.#claimed = true;
  }

  override listen(backlog: number): void {
    if (this.state !== "closed" && this.state !== "listening") throw new Errno("EINVAL");
    if (!this.#claimed) this.#claim(this.family === "inet6" ? "::" : "0.0.0.0", 0);
    this.#backlogLimit = Math.max(1, Math.min(backlog || 1, 4096));
    this.state = "listening";
    this.network.listening(this, this.owner);
  }

  offer(end: StreamEnd, peer: Endpoint, local: Endpoint): boolean {
    if (this.state !== "listening" || this.#backlog.length >= this.#backlogLimit) return false;
    const socket = new TcpSocket(this.network, this.owner, this.family);
    socket.address = local.address;
    socket.port = local.port;
    socket.adopt(end, peer);
    this.#backlog.push(socket);
    this.readable.wake();
    return true;
  }

  /** Is connected from now on. */
  adopt(end: StreamEnd, peer: Endpoint): void {
    this.end = end;
    this.remote = peer;
    this.state = "connected";
    const wakeReaders = { wakeUp: () => this.readable.wake() };
    const wakeWriters = { wakeUp: () => this.writable.wake() };
    end.input.queue.readable.waiters.add(wakeReaders);
    end.output.queue.writable.waiters.add(wakeWriters);
  }

  override accept(): Socket | undefined {
    if (this.state !== "listening") throw new Errno("EINVAL");
    const socket = this.#backlog.shift();
    if (socket) this.namespace.connections.add(socket);
    return socket;
  }

  override connect(address: SocketAddress): boolean {
    if (address.family === "unix") throw new Errno("EAFNOSUPPORT");
    if (this.state === "connected") throw new Errno("EISCONN");
    if (this.state === "listening") throw new Errno("EINVAL");
    this.takeError();
    if (this.state === "connecting") return false;
    const { ports } = this.namespace;
    if (!this.#claimed) {
      const port = this.namespace.ephemeralPort((candidate) => ports.taken("tcp", "0.0.0.0", candidate));
      if (port === undefined) throw new Errno("EADDRNOTAVAIL");
      this.port = port;
    }
    this.state = "connecting";
    this.remote = { address: address.address, port: address.port };
    const source = { address: isAny(this.address) ? "" : this.address, port: this.port };
    this.network.dial(this.namespace, source, this.remote, this.owner, (result) => {
      if (this.state !== "connecting") return result.kind === "connected" ? closeEnd(result.end) : undefined;
      if (result.kind === "connected") {
        this.address = result.source.address;
        this.adopt(result.end, this.remote);
        this.namespace.connections.add(this);
      } else {
        this.state = "closed";
        this.error = new Errno(result.code);
      }
      this.readable.wake();
      this.writable.wake();
    });
    this.takeError();
    return (this.state as State) === "connected";
  }

  override read(size: number): Uint8Array | undefined {
    this.takeError();
    if (!this.end) throw new Errno("ENOTCONN");
    return this.end.input.read(size);
  }
  override write(bytes: Uint8Array): number | undefined {
    this.takeError();
    if (!this.end) throw new Errno(this.state === "closed" ? "EPIPE" : "ENOTCONN");
    return this.end.output.write(bytes);
  }
  override sendTo(bytes: Uint8Array): number | undefined {
    return this.write(bytes);
  }
  override receiveFrom(size: number): { bytes: Uint8Array; from: SocketAddress } | undefined {
    const bytes = this.read(size);
    return bytes && { bytes, from: { family: this.family, ...this.remote } };
  }

  override shutdown(how: "read" | "write" | "both"): void {
    if (!this.end) throw new Errno("ENOTCONN");
    if (how !== "read") this.end.output.end();
    if (how !== "write") this.end.input.refuse();
  }

  override poll(): number {
    if (this.state === "listening") return this.#backlog.length > 0 ? POLL.IN : 0;
    if (this.error) return POLL.IN | POLL.OUT | POLL.ERR;
    if (!this.end) return this.state === "closed" ? POLL.OUT | POLL.HUP : 0;
    const { input, output } = this.end;
    let events = 0;
    if (input.queue.length > 0 || input.ended || input.reset) events |= POLL.IN;
    if (output.queue.room > 0 || output.refused || output.reset) events |= POLL.OUT;
    if ((input.ended && output.ended) || input.reset) events |= POLL.HUP;
    return events;
  }

  override release(): void {
    if (this.state === "listening") this.network.listeningEnded(this, this.owner);
    if (this.#claimed) this.namespace.ports.release("tcp", this);
    this.namespace.connections.delete(this);
    this.state = "closed";
    if (this.end) closeEnd(this.end);
    for (const waiting of this.#backlog.splice(0)) if (waiting.end) breakEnd(waiting.end);
  }

  override localAddress(): SocketAddress {
    return {
      family: this.family,
      address: this.address || (this.family === "inet6" ? "::" : "0.0.0.0"),
      port: this.port,
    };
  }
  override peerAddress(): SocketAddress {
    if (!this.end) throw new Errno("ENOTCONN");
    return { family: this.family, ...this.remote };
  }
}

/** Closes one end: what comes is refused, nothing more is written. */
export function closeEnd(end: StreamEnd): void {
  end.output.end();
  end.input.refuse();
}

function breakEnd(end: StreamEnd): void {
  end.output.breakOff();
  end.input.breakOff();
}
