import { Errno } from "../../files/filesystem.ts";
import type { Attributes, FileSystem, Inode } from "../../files/filesystem.ts";
import type { Winsize } from "./calls.ts";
import type { OpenableInode } from "./open-file.ts";
import { SyntheticInode, syntheticAttributes } from "./synthetic-inode.ts";
import { Tty, TtyMaster, type TerminalSignals } from "./tty.ts";

/** One instance of devpts: the pseudo terminals of a host or of a container, and the ptmx that makes them. */
export class DevptsFileSystem implements FileSystem {
  readonly type = "devpts";
  readonly device: number;
  readonly root: Inode;
  readonly ttys = new Map<number, Tty>();
  readonly #signals: TerminalSignals;
  readonly #now: () => bigint;

  constructor(device: number, signals: TerminalSignals, now: () => bigint) {
    this.device = device;
    this.#signals = signals;
    this.#now = now;
    this.root = new DevptsDirectory(this, now());
  }

  /** Opens a new pseudo terminal. */
  create(size: Winsize, flags: number): TtyMaster {
    let index = 0;
    while (this.ttys.has(index)) index++;
    const tty = new Tty(index, size, this.#signals, this.#now());
    this.ttys.set(index, tty);
    return new TtyMaster(tty, flags, () => this.ttys.delete(index));
  }
}

class DevptsDirectory extends SyntheticInode {
  readonly kind = "directory";
  readonly #fileSystem: DevptsFileSystem;
  readonly #time: bigint;
  readonly #ptmx: PtmxInode;

  constructor(fileSystem: DevptsFileSystem, time: bigint) {
    super();
    this.#fileSystem = fileSystem;
    this.#time = time;
    this.#ptmx = new PtmxInode(fileSystem, time);
  }
  attributes(): Attributes {
    return syntheticAttributes(1, 0o755, this.#time, { nlink: 2 });
  }
  override lookup(name: string): Inode | undefined {
    return name === "ptmx" ? this.#ptmx : this.#fileSystem.ttys.get(Number(name))?.inode;
  }
  override *entries(): Iterable<[string, Inode]> {
    yield ["ptmx", this.#ptmx];
    for (const [index, tty] of this.#fileSystem.ttys) yield [String(index), tty.inode];
  }
}

class PtmxInode extends SyntheticInode implements OpenableInode {
  readonly kind = "character";
  readonly #fileSystem: DevptsFileSystem;
  readonly #time: bigint;

  constructor(fileSystem: DevptsFileSystem, time: bigint) {
    super();
    this.#fileSystem = fileSystem;
    this.#time = time;
  }
  attributes(): Attributes {
    return syntheticAttributes(2, 0o666, this.#time, { rdev: { major: 5, minor: 2 } });
  }
  override setAttributes(): void {}
  open(flags: number): TtyMaster {
    if ((flags & 3) !== 2) throw new Errno("EIO");
    return this.#fileSystem.create({ columns: 80, rows: 24 }, flags);
  }
}
