import { Errno } from "../../files/filesystem.ts";
import { POLL, type SocketAddress } from "../kernel/calls.ts";
import type { Process, Thread } from "../kernel/process.ts";
import { isAny } from "./addresses.ts";
import type { Endpoint } from "./delivery.ts";
import type { NetNamespace } from "./net-namespace.ts";
import type { Network } from "./network.ts";
import type { PortHolder } from "./ports.ts";
import { Socket } from "./socket.ts";

/** Whoever takes datagrams at a port. `reply` sends one back to where it came from. */
export interface DatagramHolder extends PortHolder {
  receive(bytes: Uint8Array, from: Endpoint, reply: (bytes: Uint8Array) => void): void;
}

export const isDatagramHolder = (holder: PortHolder | undefined): holder is DatagramHolder =>
  holder !== undefined && "receive" in holder;

/** Datagrams that wait to be read before more are dropped. */
const queueLimit = 256;

/** A UDP socket. */
export class UdpSocket extends Socket implements DatagramHolder {
  readonly family: "inet" | "inet6";
  readonly namespace: NetNamespace;
  address = "";
  port = 0;
  remote: Endpoint | undefined;
  readonly #queue: { bytes: Uint8Array; from: Endpoint }[] = [];
  #claimed = false;

  constructor(network: Network, owner: Process, family: "inet" | "inet6", nonblock = false) {
    super(network, owner, nonblock);
    this.family = family;
    this.namespace = owner.namespaces.net;
  }

  get sharesPort(): boolean {
    return this.options.get("SO_REUSEPORT") === 1 || this.options.get("SO_REUSEADDR") === 1;
  }

  override bind(address: SocketAddress, thread: Thread): void {
    if (address.family === "unix") throw new Errno("EAFNOSUPPORT");
    if (this.#claimed) throw new Errno("EINVAL");
    this.network.checkBind(this.namespace, "udp", address, thread.process);
    this.#claim(address.address, address.port);
    this.network.listening(this, this.owner);
  }

  #claim(address: string, port: number): void {
    const { ports } = this.namespace;
    const chosen =
      port || this.namespace.ephemeralPort((candidate) => ports.taken("udp", address, candidate));
    if (chosen === undefined) throw new Errno("EADDRINUSE");
    this.address = address;
    this.port = chosen;
    ports.claim("udp", this);
    this.#claimed = true;
  }

  override connect(address: SocketAddress): boolean {
    if (address.family === "unix") throw new Errno("EAFNOSUPPORT");
    if (!this.#claimed) this.#claim(this.family === "inet6" ? "::" : "0.0.0.0", 0);
    if (!this.namespace.isLocal(address.address) && !this.namespace.route(address.address))
      throw new Errno("ENETUNREACH");
    this.remote = { address: address.address, port: address.port };
    return true;
  }

  override sendTo(bytes: Uint8Array, to: SocketAddress | undefined): number {
    this.takeError();
    if (to?.family === "unix") throw new Errno("EAFNOSUPPORT");
    const target = to ? { address: to.address, port: to.port } : this.remote;
    if (!target) throw new Errno("EDESTADDRREQ");
    if (bytes.length > 65507) throw new Errno("EMSGSIZE");
    if (!this.#claimed) this.#claim(this.family === "inet6" ? "::" : "0.0.0.0", 0);
    const source = { address: isAny(this.address) ? "" : this.address, port: this.port };
    const failure = this.network.sendDatagram(this.namespace, source, target, bytes, (error) => {
      // Only a connected socket is told that nobody is there.
      if (!this.remote) return;
      this.error = error;
      this.readable.wake();
    });
    if (failure) throw failure;
    return bytes.length;
  }

  override write(bytes: Uint8Array): number {
    return this.sendTo(bytes, undefined);
  }

  receive(bytes: Uint8Array, from: Endpoint): void {
    if (this.#queue.length >= queueLimit) return;
    if (this.remote && (this.remote.address !== from.address || this.remote.port !== from.port)) return;
    this.#queue.push({ bytes, from });
    this.readable.wake();
  }

  override receiveFrom(size: number): { bytes: Uint8Array; from: SocketAddress } | undefined {
    const first = this.#queue.shift();
    if (first) return { bytes: first.bytes.subarray(0, size), from: { family: this.family, ...first.from } };
    this.takeError();
    return undefined;
  }
  override read(size: number): Uint8Array | undefined {
    return this.receiveFrom(size)?.bytes;
  }

  override poll(): number {
    return POLL.OUT | (this.#queue.length > 0 || this.error ? POLL.IN : 0);
  }
  override shutdown(): void {}
  override release(): void {
    if (this.#claimed) this.namespace.ports.release("udp", this);
    if (this.#claimed) this.network.listeningEnded(this, this.owner);
  }
  override localAddress(): SocketAddress {
    return { family: this.family, address: this.address || "0.0.0.0", port: this.port };
  }
  override peerAddress(): SocketAddress {
    if (!this.remote) throw new Errno("ENOTCONN");
    return { family: this.family, ...this.remote };
  }
}
