import fs from "node:fs";
import { join } from "node:path";
import {
  Errno,
  type Attributes,
  type ErrnoCode,
  type FileSystem,
  type Inode,
  type InodeKind,
  type NewInode,
} from "../../core/files/filesystem.ts";

/**
 * A directory of the real machine as a file system of the simulated one (`--with DIR`), read and write. Nothing outside of it
 * is reached: symbolic links are followed by the simulated kernel, in its own tree, and a directory on the way that was
 * replaced by a link from outside is refused.
 */
export class SharedDirectory implements FileSystem {
  readonly type = "9p";
  readonly device: number;
  readonly root: Inode;

  /** `path` is absolute and real (no symbolic links on the way). */
  constructor(path: string, device: number) {
    this.device = device;
    this.root = new SharedInode(undefined, path, "directory");
  }
}

/** Files of whoever runs this process are root's inside, unless it is root: then owners are as they are. */
const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };

class SharedInode implements Inode {
  readonly kind: InodeKind;
  #parent: SharedInode | undefined;
  #name: string;
  #children = new Map<string, SharedInode>();

  constructor(parent: SharedInode | undefined, name: string, kind: InodeKind) {
    this.#parent = parent;
    this.#name = name;
    this.kind = kind;
  }

  get #path(): string {
    return this.#parent ? join(this.#parent.#path, this.#name) : this.#name;
  }

  /** The path, once it is certain that no directory on the way has become a link. */
  #checked(name?: string): string {
    const directory = name === undefined && this.#parent ? this.#parent.#path : this.#path;
    if (attempt(() => fs.realpathSync.native(directory)) !== directory) throw new Errno("ESTALE");
    return name === undefined ? this.#path : join(directory, name);
  }

  attributes(): Attributes {
    const stat = attempt(() => fs.lstatSync(this.#checked(), { bigint: true }));
    return {
      ino: Number(stat.ino),
      mode: Number(stat.mode) & 0o7777,
      uid: Number(stat.uid) === self.uid ? 0 : Number(stat.uid),
      gid: Number(stat.gid) === self.gid ? 0 : Number(stat.gid),
      nlink: Number(stat.nlink),
      size: Number(stat.size),
      allocated: Number(stat.blocks ?? 0n) * 512,
      mtime: stat.mtimeNs,
      ctime: stat.ctimeNs,
      atime: stat.atimeNs,
    };
  }

  setAttributes({ mode, uid, gid, mtime, atime }: Parameters<Inode["setAttributes"]>[0]): void {
    const path = this.#checked();
    if (mode !== undefined && this.kind !== "symlink") attempt(() => fs.chmodSync(path, mode));
    if ((uid !== undefined || gid !== undefined) && self.uid === 0) {
      const now = this.attributes();
      attempt(() => fs.lchownSync(path, uid ?? now.uid, gid ?? now.gid));
    }
    if (mtime !== undefined || atime !== undefined) {
      const now = this.attributes();
      attempt(() => fs.lutimesSync(path, Number(atime ?? now.atime) / 1e9, Number(mtime ?? now.mtime) / 1e9));
    }
  }

  lookup(name: string): Inode | undefined {
    let stat: fs.Stats;
    try {
      stat = fs.lstatSync(this.#checked(name));
    } catch (error) {
      this.#children.delete(name);
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw errnoOf(error);
    }
    const kind = kindOf(stat);
    let child = this.#children.get(name);
    if (child?.kind !== kind) this.#children.set(name, (child = new SharedInode(this, name, kind)));
    return child;
  }

  entries(): Iterable<[string, Inode]> {
    const names = attempt(() => fs.readdirSync(this.#checked()));
    return names.flatMap((name) => {
      const inode = this.lookup(name);
      return inode ? [[name, inode] as [string, Inode]] : [];
    });
  }

  create(name: string, { kind, mode, uid, gid, target, content }: NewInode): Inode {
    const path = this.#checked(name);
    attempt(() => {
      if (kind === "directory") fs.mkdirSync(path, mode);
      else if (kind === "symlink") fs.symlinkSync(target ?? "", path);
      else if (kind === "file")
        fs.writeFileSync(path, content?.read(0, content.size) ?? "", { flag: "wx", mode });
      else throw new Errno("EPERM"); // a device or socket would be a real one
    });
    const inode = this.lookup(name)!;
    // The process's umask is not the simulated one.
    inode.setAttributes(kind === "symlink" ? { uid, gid } : { mode, uid, gid });
    return inode;
  }

  link(name: string, inode: Inode): void {
    if (!(inode instanceof SharedInode)) throw new Errno("EXDEV");
    attempt(() => fs.linkSync(inode.#checked(), this.#checked(name)));
  }

  unlink(name: string): void {
    const path = this.#checked(name);
    if (this.lookup(name)?.kind === "directory") throw new Errno("EISDIR");
    attempt(() => fs.unlinkSync(path));
    this.#children.delete(name);
  }

  rmdir(name: string): void {
    attempt(() => fs.rmdirSync(this.#checked(name)));
    this.#children.delete(name);
  }

  rename(name: string, to: Inode, newName: string): void {
    if (!(to instanceof SharedInode)) throw new Errno("EXDEV");
    attempt(() => fs.renameSync(this.#checked(name), to.#checked(newName)));
    const moved = this.#children.get(name);
    this.#children.delete(name);
    to.#children.delete(newName);
    if (!moved) return;
    moved.#parent = to;
    moved.#name = newName;
    to.#children.set(newName, moved);
  }

  read(offset: number, length: number): Uint8Array {
    return this.#open(fs.constants.O_RDONLY, (fd) => {
      const bytes = new Uint8Array(Math.min(length, Math.max(0, fs.fstatSync(fd).size - offset)));
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, offset));
    });
  }

  write(offset: number, bytes: Uint8Array): number {
    return this.#open(fs.constants.O_WRONLY, (fd) => fs.writeSync(fd, bytes, 0, bytes.length, offset));
  }

  truncate(size: number): void {
    this.#open(fs.constants.O_WRONLY, (fd) => fs.ftruncateSync(fd, size));
  }

  readlink(): string {
    return attempt(() => fs.readlinkSync(this.#checked()));
  }

  getxattr(): undefined {}

  setxattr(): void {
    throw new Errno("EOPNOTSUPP");
  }

  removexattr(): void {
    throw new Errno("ENODATA");
  }

  listxattr(): string[] {
    return [];
  }

  #open<T>(flags: number, work: (fd: number) => T): T {
    if (this.kind === "directory") throw new Errno("EISDIR");
    if (this.kind !== "file") throw new Errno("EINVAL");
    const fd = attempt(() => fs.openSync(this.#checked(), flags | (fs.constants.O_NOFOLLOW ?? 0)));
    try {
      return attempt(() => work(fd));
    } finally {
      fs.closeSync(fd);
    }
  }
}

function kindOf(stat: fs.Stats): InodeKind {
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  if (stat.isFile()) return "file";
  if (stat.isFIFO()) return "fifo";
  if (stat.isSocket()) return "socket";
  return stat.isBlockDevice() ? "block" : "character";
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw errnoOf(error);
  }
}

/** Node's error as the simulated kernel knows it; what is no system error stays as it is. */
function errnoOf(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (error instanceof Errno || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  return new Errno(code as ErrnoCode);
}
