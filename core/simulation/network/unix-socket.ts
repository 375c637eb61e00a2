import { Errno } from "../../files/filesystem.ts";
import { POLL, type SocketAddress } from "../kernel/calls.ts";
import { mayAccess, mayChangeDirectory, resolve, resolveEntry } from "../kernel/paths.ts";
import type { Process, Thread } from "../kernel/process.ts";
import { WaitQueue } from "../kernel/wait-queue.ts";
import { streamPair, type StreamEnd } from "./flow.ts";
import type { Network } from "./network.ts";
import { Socket } from "./socket.ts";
import { closeEnd } from "./tcp.ts";

/** Whoever takes connections at a path: a listening socket, or a server outside of the kernel. */
export interface UnixListener {
  offer(end: StreamEnd): boolean;
}

/** A stream socket of the unix family. */
export class UnixSocket extends Socket implements UnixListener {
  path = "";
  end: StreamEnd | undefined;
  peerPath = "";
  override readonly readable = new WaitQueue();
  override readonly writable = new WaitQueue();
  readonly #backlog: UnixSocket[] = [];
  #listening = false;
  #key: string | undefined;

  constructor(network: Network, owner: Process, nonblock = false) {
    super(network, owner, nonblock);
  }

  override bind(address: SocketAddress, { process }: Thread): void {
    if (address.family !== "unix") throw new Errno("EINVAL");
    const entry = resolveEntry(process, address.path);
    if (entry.location) throw new Errno("EADDRINUSE");
    mayChangeDirectory(entry.directory, process.credentials);
    const { euid, egid } = process.credentials;
    entry.directory.inode.create(entry.name, {
      kind: "socket",
      mode: 0o777 & ~process.umask,
      uid: euid,
      gid: egid,
    });
    this.path = address.path;
    this.#key = this.network.unixKey(resolve(process, address.path));
  }

  override listen(): void {
    if (!this.#key) throw new Errno("EINVAL");
    this.#listening = true;
    this.network.unixListeners.set(this.#key, this);
  }

  offer(end: StreamEnd): boolean {
    const socket = new UnixSocket(this.network, this.owner);
    socket.path = this.path;
    socket.adopt(end);
    this.#backlog.push(socket);
    this.readable.wake();
    return true;
  }

  adopt(end: StreamEnd): void {
    this.end = end;
    end.input.queue.readable.waiters.add({ wakeUp: () => this.readable.wake() });
    end.output.queue.writable.waiters.add({ wakeUp: () => this.writable.wake() });
  }

  override accept(): Socket | undefined {
    if (!this.#listening) throw new Errno("EINVAL");
    return this.#backlog.shift();
  }

  override connect(address: SocketAddress, { process }: Thread): boolean {
    if (address.family !== "unix") throw new Errno("EINVAL");
    if (this.end) throw new Errno("EISCONN");
    const location = resolve(process, address.path);
    mayAccess(location.inode, process.credentials, 2);
    if (location.inode.kind !== "socket") throw new Errno("ECONNREFUSED");
    const listener = this.network.unixListeners.get(this.network.unixKey(location));
    if (!listener) throw new Errno("ECONNREFUSED");
    const [mine, theirs] = streamPair();
    if (!listener.offer(theirs)) throw new Errno("EAGAIN");
    this.peerPath = address.path;
    this.adopt(mine);
    return true;
  }

  override read(size: number): Uint8Array | undefined {
    if (!this.end) throw new Errno("EINVAL");
    return this.end.input.read(size);
  }
  override write(bytes: Uint8Array): number | undefined {
    if (!this.end) throw new Errno("ENOTCONN");
    return this.end.output.write(bytes);
  }
  override sendTo(bytes: Uint8Array): number | undefined {
    return this.write(bytes);
  }
  override receiveFrom(size: number): { bytes: Uint8Array; from: SocketAddress } | undefined {
    const bytes = this.read(size);
    return bytes && { bytes, from: this.peerAddress() };
  }
  override shutdown(how: "read" | "write" | "both"): void {
    if (!this.end) throw new Errno("ENOTCONN");
    if (how !== "read") this.end.output.end();
    if (how !== "write") this.end.input.refuse();
  }
  override poll(): number {
    if (this.#listening) return this.#backlog.length > 0 ? POLL.IN : 0;
    if (!this.end) return POLL.OUT | POLL.HUP;
    const { input, output } = this.end;
    return (
      (input.queue.length > 0 || input.ended ? POLL.IN : 0) |
      (output.queue.room > 0 ? POLL.OUT : 0) |
      (input.ended && output.ended ? POLL.HUP : 0)
    );
  }
  override release(): void {
    if (this.#key && this.network.unixListeners.get(this.#key) === this)
      this.network.unixListeners.delete(this.#key);
    if (this.end) closeEnd(this.end);
    for (const waiting of this.#backlog.splice(0)) if (waiting.end) closeEnd(waiting.end);
  }
  override localAddress(): SocketAddress {
    return { family: "unix", path: this.path };
  }
  override peerAddress(): SocketAddress {
    return { family: "unix", path: this.peerPath };
  }
}
