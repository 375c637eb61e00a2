import { Errno } from "../../files/filesystem.ts";
import type { Attributes, InodeKind } from "../../files/filesystem.ts";
import { O, type SocketAddress } from "../kernel/calls.ts";
import { OpenFile } from "../kernel/open-file.ts";
import type { Process, Thread } from "../kernel/process.ts";
import { SyntheticInode, syntheticAttributes } from "../kernel/synthetic-inode.ts";
import type { Network } from "./network.ts";

class SocketInode extends SyntheticInode {
  readonly kind: InodeKind = "socket";
  readonly ino: number;
  constructor(ino: number) {
    super();
    this.ino = ino;
  }
  attributes(): Attributes {
    return syntheticAttributes(this.ino, 0o777, 0n);
  }
}

/** What all sockets have. Calls that do not fit a socket's kind fail as Linux has them fail. */
export abstract class Socket extends OpenFile {
  readonly inode: SocketInode;
  readonly network: Network;
  /** Who made it: whose network stack it uses. */
  readonly owner: Process;
  readonly options = new Map<string, number>();
  /** An error that the next call reports (SO_ERROR). */
  error: Errno | undefined;

  constructor(network: Network, owner: Process, nonblock = false) {
    super(O.RDWR | (nonblock ? O.NONBLOCK : 0));
    this.network = network;
    this.owner = owner;
    this.inode = new SocketInode(network.kernel.takeIno());
  }

  bind(_address: SocketAddress, _thread: Thread): void {
    throw new Errno("EOPNOTSUPP");
  }
  listen(_backlog: number): void {
    throw new Errno("EOPNOTSUPP");
  }
  /** Undefined: nobody has connected yet. */
  accept(): Socket | undefined {
    throw new Errno("EOPNOTSUPP");
  }
  /** Starts to connect; true once connected, false while it takes. */
  connect(_address: SocketAddress, _thread: Thread): boolean {
    throw new Errno("EOPNOTSUPP");
  }
  sendTo(_bytes: Uint8Array, _to: SocketAddress | undefined, _thread: Thread): number | undefined {
    throw new Errno("EOPNOTSUPP");
  }
  receiveFrom(
    _size: number,
    _thread: Thread,
  ): { bytes: Uint8Array; from: SocketAddress; ttl?: number } | undefined {
    throw new Errno("EOPNOTSUPP");
  }
  shutdown(_how: "read" | "write" | "both"): void {
    throw new Errno("ENOTCONN");
  }
  abstract localAddress(): SocketAddress;
  peerAddress(): SocketAddress {
    throw new Errno("ENOTCONN");
  }
  override describe(): string {
    return `socket:[${this.inode.ino}]`;
  }
  protected takeError(): void {
    const { error } = this;
    this.error = undefined;
    if (error) throw error;
  }
}
