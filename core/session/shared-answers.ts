import {
  Errno,
  type Attributes,
  type ErrnoCode,
  type FileSystem,
  type Inode,
  type InodeKind,
  type NewInode,
} from "../files/filesystem.ts";

/** What a shared directory answered to one question: a value, or how it failed. Inodes are told by number. */
export type SharedAnswer = { value: unknown } | { errno: ErrnoCode };

/** Answers one question (an Inode's method and its arguments) about the inode of that number. */
type Ask = (inode: number, method: keyof Inode, args: unknown[]) => unknown;

/**
 * A file system outside of the simulated world whose every answer is handed to `record`: what it says depends on the real
 * disk, so a replay must be told, not ask again.
 */
export function recordShared(real: FileSystem, record: (answer: SharedAnswer) => void): FileSystem {
  const inodes: Inode[] = [real.root];
  const numbers = new Map<Inode, number>([[real.root, 0]]);
  const told = (inode: Inode): { ino: number; kind: InodeKind } => {
    let ino = numbers.get(inode);
    if (ino === undefined) numbers.set(inode, (ino = inodes.push(inode) - 1));
    return { ino, kind: inode.kind };
  };
  const ask: Ask = (number, method, args) => {
    const inode = inodes[number]!;
    const known = args.map((arg) => (arg instanceof LoggedInode ? inodes[arg.number] : arg));
    try {
      const answer = (inode[method] as (...args: unknown[]) => unknown).apply(inode, known);
      const value =
        method === "entries"
          ? [...(answer as Iterable<[string, Inode]>)].map(([name, child]) => [name, told(child)])
          : (method === "lookup" || method === "create") && answer !== undefined
            ? told(answer as Inode)
            : answer;
      record({ value });
      return value;
    } catch (error) {
      if (error instanceof Errno) record({ errno: error.code });
      throw error;
    }
  };
  return new LoggedFileSystem(real.type, real.device, ask);
}

/** The file system of a replay: gives the recorded answers, in their order; `next` throws when there are no more. */
export function replayShared(type: string, device: number, next: () => SharedAnswer): FileSystem {
  return new LoggedFileSystem(type, device, () => {
    const answer = next();
    if ("errno" in answer) throw new Errno(answer.errno);
    return answer.value;
  });
}

class LoggedFileSystem implements FileSystem {
  readonly type: string;
  readonly device: number;
  readonly root: Inode;
  readonly ask: Ask;
  #inodes = new Map<number, LoggedInode>();

  constructor(type: string, device: number, ask: Ask) {
    this.type = type;
    this.device = device;
    this.ask = ask;
    this.root = this.inode({ ino: 0, kind: "directory" });
  }

  /** The same object each time, as the kernel tells inodes apart by it. */
  inode({ ino, kind }: { ino: number; kind: InodeKind }): Inode {
    let inode = this.#inodes.get(ino);
    if (!inode) this.#inodes.set(ino, (inode = new LoggedInode(this, ino, kind)));
    return inode;
  }
}

type Told = { ino: number; kind: InodeKind };

class LoggedInode implements Inode {
  readonly kind: InodeKind;
  readonly number: number;
  readonly #files: LoggedFileSystem;

  constructor(files: LoggedFileSystem, number: number, kind: InodeKind) {
    this.#files = files;
    this.number = number;
    this.kind = kind;
  }

  #ask(method: keyof Inode, ...args: unknown[]): unknown {
    return this.#files.ask(this.number, method, args);
  }

  attributes(): Attributes {
    return this.#ask("attributes") as Attributes;
  }
  setAttributes(change: Parameters<Inode["setAttributes"]>[0]): void {
    this.#ask("setAttributes", change);
  }
  lookup(name: string): Inode | undefined {
    const told = this.#ask("lookup", name) as Told | undefined | null;
    return told ? this.#files.inode(told) : undefined;
  }
  entries(): Iterable<[string, Inode]> {
    return (this.#ask("entries") as [string, Told][]).map(([name, told]) => [name, this.#files.inode(told)]);
  }
  create(name: string, inode: NewInode): Inode {
    return this.#files.inode(this.#ask("create", name, inode) as Told);
  }
  link(name: string, inode: Inode): void {
    this.#ask("link", name, inode);
  }
  unlink(name: string): void {
    this.#ask("unlink", name);
  }
  rmdir(name: string): void {
    this.#ask("rmdir", name);
  }
  rename(name: string, to: Inode, newName: string): void {
    this.#ask("rename", name, to, newName);
  }
  read(offset: number, length: number): Uint8Array {
    return this.#ask("read", offset, length) as Uint8Array;
  }
  write(offset: number, bytes: Uint8Array): number {
    return this.#ask("write", offset, bytes) as number;
  }
  truncate(size: number): void {
    this.#ask("truncate", size);
  }
  readlink(): string {
    return this.#ask("readlink") as string;
  }
  getxattr(name: string): Uint8Array | undefined {
    return (this.#ask("getxattr", name) as Uint8Array | undefined) ?? undefined;
  }
  setxattr(name: string, value: Uint8Array): void {
    this.#ask("setxattr", name, value);
  }
  removexattr(name: string): void {
    this.#ask("removexattr", name);
  }
  listxattr(): string[] {
    return this.#ask("listxattr") as string[];
  }
}
