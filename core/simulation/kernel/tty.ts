import { Errno } from "../../files/filesystem.ts";
import type { Attributes, Inode } from "../../files/filesystem.ts";
import { POLL, type Termios, type Winsize } from "./calls.ts";
import { LineDiscipline } from "./line-discipline.ts";
import type { Location } from "./mounts.ts";
import { OpenFile, type OpenableInode } from "./open-file.ts";
import { ByteQueue } from "./pipe.ts";
import type { ProcessGroup, Session, Thread } from "./process.ts";
import type { SignalName } from "./signals.ts";
import { SyntheticInode, syntheticAttributes } from "./synthetic-inode.ts";
import { WaitQueue } from "./wait-queue.ts";

/** What a terminal asks of the kernel: to signal process groups. */
export interface TerminalSignals {
  signalGroup(group: ProcessGroup, signal: SignalName): void;
  /** SIGTTIN or SIGTTOU to a background process's group; EIO where that cannot stop it. */
  stopBackground(thread: Thread, signal: "SIGTTIN" | "SIGTTOU"): void;
}

/** A pseudo terminal: a master, where keys go in and the screen comes out, and a slave, where programs read and write. */
export class Tty {
  readonly index: number;
  size: Winsize;
  session: Session | undefined;
  foreground: ProcessGroup | undefined;
  readonly output = new ByteQueue();
  readonly line: LineDiscipline;
  readonly inode: TtyInode;
  readonly signals: TerminalSignals;
  slaves = 0;
  everOpened = false;
  hungUp = false;

  constructor(index: number, size: Winsize, signals: TerminalSignals, time: bigint) {
    this.index = index;
    this.size = size;
    this.signals = signals;
    this.inode = new TtyInode(this, time);
    this.line = new LineDiscipline({
      echo: (bytes) => void this.output.put(bytes),
      signal: (signal) => this.foreground && signals.signalGroup(this.foreground, signal),
    });
  }

  get termios(): Termios {
    return this.line.termios;
  }

  resize(size: Winsize): void {
    if (size.columns === this.size.columns && size.rows === this.size.rows) return;
    this.size = { ...size };
    if (this.foreground) this.signals.signalGroup(this.foreground, "SIGWINCH");
  }

  /** The master is gone: programs on the slave are told by SIGHUP, then by the end of their input. */
  hangUp(): void {
    if (this.hungUp) return;
    this.hungUp = true;
    this.line.readable.wake();
    this.output.writable.wake();
    const { session } = this;
    if (!session) return;
    this.signals.signalGroup(session.leader.group, "SIGHUP");
    this.signals.signalGroup(session.leader.group, "SIGCONT");
    if (this.foreground && this.foreground !== session.leader.group)
      this.signals.signalGroup(this.foreground, "SIGHUP");
  }
}

/** /dev/pts/N. */
export class TtyInode extends SyntheticInode implements OpenableInode {
  readonly kind = "character";
  readonly tty: Tty;
  #mode = 0o620;
  #uid = 0;
  #gid = 5;
  readonly #time: bigint;

  constructor(tty: Tty, time: bigint) {
    super();
    this.tty = tty;
    this.#time = time;
  }
  attributes(): Attributes {
    const rdev = { major: 136, minor: this.tty.index };
    return syntheticAttributes(this.tty.index + 3, this.#mode, this.#time, {
      uid: this.#uid,
      gid: this.#gid,
      rdev,
    });
  }
  override setAttributes(change: Parameters<Inode["setAttributes"]>[0]): void {
    this.#mode = change.mode ?? this.#mode;
    this.#uid = change.uid ?? this.#uid;
    this.#gid = change.gid ?? this.#gid;
  }
  open(flags: number, _thread?: Thread, location?: Location): TtySlave {
    if (this.tty.hungUp) throw new Errno("EIO");
    return new TtySlave(this.tty, flags, location);
  }
}

/** A terminal as programs have it open. */
export class TtySlave extends OpenFile {
  readonly tty: Tty;
  override readonly readable: WaitQueue;
  override readonly writable: WaitQueue;

  constructor(tty: Tty, flags: number, location?: Location) {
    super(flags, location);
    this.tty = tty;
    this.readable = tty.line.readable;
    this.writable = tty.output.writable;
    tty.slaves++;
    tty.everOpened = true;
  }
  get inode(): Inode {
    return this.location?.inode ?? this.tty.inode;
  }
  override read(size: number, thread: Thread): Uint8Array | undefined {
    if (this.tty.hungUp) return new Uint8Array(0);
    if (this.#inBackground(thread)) {
      this.tty.signals.stopBackground(thread, "SIGTTIN");
      return undefined;
    }
    return this.tty.line.read(size);
  }
  override write(bytes: Uint8Array, thread: Thread): number | undefined {
    const { tty } = this;
    if (tty.hungUp) throw new Errno("EIO");
    if (tty.termios.toStop && this.#inBackground(thread)) {
      tty.signals.stopBackground(thread, "SIGTTOU");
      return undefined;
    }
    if (tty.line.outputStopped) return undefined;
    return tty.line.process(bytes, tty.output) || (bytes.length === 0 ? 0 : undefined);
  }
  #inBackground(thread: Thread): boolean {
    const { process } = thread;
    return (
      process.session.tty === this.tty &&
      this.tty.foreground !== undefined &&
      process.group !== this.tty.foreground
    );
  }
  override poll(): number {
    if (this.tty.hungUp) return POLL.IN | POLL.HUP;
    let events = this.tty.line.hasInput ? POLL.IN : 0;
    if (this.tty.output.room > 0 && !this.tty.line.outputStopped) events |= POLL.OUT;
    return events;
  }
  override release(): void {
    if (--this.tty.slaves === 0) this.tty.output.readable.wake();
  }
  override describe(): string | undefined {
    return this.location ? undefined : `/dev/pts/${this.tty.index}`;
  }
}

/** The master's side: what is written are keys, what is read is the screen. */
export class TtyMaster extends OpenFile {
  readonly tty: Tty;
  readonly inode: Inode;
  readonly #released: () => void;

  override readonly readable: WaitQueue;

  constructor(tty: Tty, flags: number, released: () => void) {
    super(flags);
    this.tty = tty;
    this.inode = tty.inode;
    this.#released = released;
    this.readable = tty.output.readable;
  }
  override read(size: number): Uint8Array | undefined {
    if (this.tty.output.length > 0) return this.tty.output.take(size);
    if (this.tty.everOpened && this.tty.slaves === 0) throw new Errno("EIO");
    return undefined;
  }
  override write(bytes: Uint8Array): number {
    this.tty.line.type(bytes);
    return bytes.length;
  }
  override poll(): number {
    const gone = this.tty.everOpened && this.tty.slaves === 0;
    return POLL.OUT | (this.tty.output.length > 0 ? POLL.IN : 0) | (gone ? POLL.HUP : 0);
  }
  override release(): void {
    this.tty.hangUp();
    this.#released();
  }
  override describe(): string {
    return "/dev/ptmx";
  }
}
