import { Errno } from "../../files/filesystem.ts";
import { POLL, type SocketAddress } from "../kernel/calls.ts";
import type { Process } from "../kernel/process.ts";
import type { NetNamespace } from "./net-namespace.ts";
import type { Network } from "./network.ts";
import { Socket } from "./socket.ts";

const echoRequest = { inet: 8, inet6: 128 };
const echoReply = { inet: 0, inet6: 129 };
/** Destination unreachable; codes: 0 network, 1 host. */
const unreachable = { inet: 3, inet6: 1 };

/** A socket for ICMP: what is sent is a message from its type on; echo requests are answered. */
export class IcmpSocket extends Socket {
  readonly family: "inet" | "inet6";
  readonly namespace: NetNamespace;
  readonly #queue: { bytes: Uint8Array; from: string; ttl: number }[] = [];

  constructor(network: Network, owner: Process, family: "inet" | "inet6") {
    super(network, owner);
    this.family = family;
    this.namespace = owner.namespaces.net;
  }

  override sendTo(bytes: Uint8Array, to: SocketAddress | undefined): number {
    if (!to || to.family === "unix") throw new Errno("EDESTADDRREQ");
    const answer = this.network.echo(this.namespace, to.address);
    if (answer.kind === "failed" && answer.now) throw new Errno(answer.code);
    if (bytes[0] !== echoRequest[this.family]) return bytes.length;
    const reply = bytes.slice();
    if (answer.kind === "failed") {
      if (answer.code !== "EHOSTUNREACH") return bytes.length;
      reply[0] = unreachable[this.family];
      reply[1] = 1;
    } else reply[0] = echoReply[this.family];
    for (const hop of answer.hops) hop.interface.count(hop.direction, bytes.length + 20);
    this.network.kernel.time.at(this.network.kernel.time.elapsed + answer.delay, () => {
      if (answer.kind === "answered")
        for (const hop of answer.hops)
          hop.interface.count(hop.direction === "rx" ? "tx" : "rx", bytes.length + 20);
      this.#queue.push({ bytes: reply, from: answer.from, ttl: answer.ttl });
      this.readable.wake();
    });
    return bytes.length;
  }

  override receiveFrom(size: number): { bytes: Uint8Array; from: SocketAddress; ttl: number } | undefined {
    const first = this.#queue.shift();
    return (
      first && {
        bytes: first.bytes.subarray(0, size),
        from: { family: this.family, address: first.from, port: 0 },
        ttl: first.ttl,
      }
    );
  }
  override read(size: number): Uint8Array | undefined {
    return this.receiveFrom(size)?.bytes;
  }
  override bind(): void {}
  override poll(): number {
    return POLL.OUT | (this.#queue.length > 0 ? POLL.IN : 0);
  }
  override localAddress(): SocketAddress {
    return { family: this.family, address: "0.0.0.0", port: 0 };
  }
}
