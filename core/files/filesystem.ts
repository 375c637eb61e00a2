/**
 * A file system in memory, as the simulated kernel mounts it: a tree of inodes with operations on them.
 *
 * Implementations: the memory tree (disk, tmpfs, layers), overlay (lower directories under an upper one), proc,
 * cgroup2, sysfs, a shared directory of the real machine. All operations are synchronous and throw Errno; the
 * caller (the kernel's path walk) has checked permissions and read-only mounts. Times are nanoseconds (Instant).
 */
export interface FileSystem {
  /** As /proc/mounts has it: "ext4", "overlay", "tmpfs", "proc". */
  readonly type: string;
  /** Device number, as stat's st_dev. */
  readonly device: number;
  readonly root: Inode;
}

export type InodeKind = "file" | "directory" | "symlink" | "character" | "block" | "fifo" | "socket";

/** What stat tells. */
export interface Attributes {
  ino: number;
  /** Permission bits with setuid, setgid, sticky (0o7777); the kind is apart. */
  mode: number;
  uid: number;
  gid: number;
  nlink: number;
  /** Bytes; for a symbolic link the length of its target. */
  size: number;
  /** Bytes that it occupies (sparse files occupy less than their size). */
  allocated: number;
  mtime: bigint;
  ctime: bigint;
  atime: bigint;
  /** Device numbers of a character or block device. */
  rdev?: { major: number; minor: number };
}

/** What a new inode is made from. */
export interface NewInode {
  kind: InodeKind;
  mode: number;
  uid: number;
  gid: number;
  /** Of a symbolic link. */
  target?: string;
  rdev?: { major: number; minor: number };
  /** Of a file: its first content; `FileContent` that is made when read costs no memory. */
  content?: FileContent;
}

/** Bytes of a file that are only made when they are read: recipes of the catalogue, slices of an archive, holes. */
export interface FileContent {
  readonly size: number;
  /** Up to `length` bytes from `offset`; fewer only at the end. The result must not be changed by the caller. */
  read(offset: number, length: number): Uint8Array;
  /** Bytes that it occupies on disk when holes make that fewer than `size`. */
  readonly allocated?: number;
}

/** One inode. Operations that do not fit its kind throw ENOTDIR, EISDIR or EINVAL as Linux does. */
export interface Inode {
  readonly kind: InodeKind;
  attributes(): Attributes;
  /** Sets what is given; ctime follows. */
  setAttributes(change: { mode?: number; uid?: number; gid?: number; mtime?: bigint; atime?: bigint }): void;

  /** Directory: the entry, or undefined. "." and ".." are the kernel's. */
  lookup(name: string): Inode | undefined;
  /** Directory: its entries, without "." and "..", in the order that readdir gives. */
  entries(): Iterable<[string, Inode]>;
  /** Directory: makes an entry. EEXIST. */
  create(name: string, inode: NewInode): Inode;
  /** Directory: another name for an inode of the same file system. EEXIST, EXDEV, EPERM for a directory. */
  link(name: string, inode: Inode): void;
  /** Directory: removes a name that is no directory. ENOENT, EISDIR. */
  unlink(name: string): void;
  /** Directory: ENOTEMPTY, ENOTDIR. */
  rmdir(name: string): void;
  /** Directory: moves `name` to `newName` in `to` (of the same file system), replacing as rename(2) does. */
  rename(name: string, to: Inode, newName: string): void;

  /** File: up to `length` bytes from `offset`; empty at the end. */
  read(offset: number, length: number): Uint8Array;
  /** File: writes and returns how many; a gap becomes a hole. */
  write(offset: number, bytes: Uint8Array): number;
  truncate(size: number): void;
  /**
   * File: what it holds now, unchanged by later writes; shares memory with the file. Where it is missing, read() the file.
   */
  content?(): FileContent;
  /** File: it is being opened for writing. An overlay copies it up then, even if nothing is ever written. */
  willWrite?(): void;

  /** Symbolic link. */
  readlink(): string;

  getxattr(name: string): Uint8Array | undefined;
  setxattr(name: string, value: Uint8Array): void;
  removexattr(name: string): void;
  listxattr(): string[];
}

/** A failed system call: `code` is the errno's name. */
export class Errno extends Error {
  override name = "Errno";
  readonly code: ErrnoCode;
  constructor(code: ErrnoCode) {
    const { stackTraceLimit } = engine;
    engine.stackTraceLimit = 0;
    super(code);
    engine.stackTraceLimit = stackTraceLimit;
    this.code = code;
  }
}

/** V8's way to leave out the stack: to be told "no" is everyday life for a program, and a stack costs more than the call. */
const engine = Error as { stackTraceLimit?: number | undefined };

export type ErrnoCode =
  | "EPERM"
  | "ENOENT"
  | "ESRCH"
  | "EINTR"
  | "EIO"
  | "ENXIO"
  | "E2BIG"
  | "ENOEXEC"
  | "EBADF"
  | "ECHILD"
  | "EAGAIN"
  | "ENOMEM"
  | "EACCES"
  | "EBUSY"
  | "EEXIST"
  | "EXDEV"
  | "ENODEV"
  | "ENOTDIR"
  | "EISDIR"
  | "EINVAL"
  | "ENFILE"
  | "EMFILE"
  | "ENOTTY"
  | "ETXTBSY"
  | "EFBIG"
  | "ENOSPC"
  | "ESPIPE"
  | "EROFS"
  | "EMLINK"
  | "EPIPE"
  | "ERANGE"
  | "EDEADLK"
  | "ENAMETOOLONG"
  | "ENOSYS"
  | "ENOTEMPTY"
  | "ELOOP"
  | "ENODATA"
  | "EOVERFLOW"
  | "ENOTSOCK"
  | "EDESTADDRREQ"
  | "EMSGSIZE"
  | "EPROTONOSUPPORT"
  | "EOPNOTSUPP"
  | "EAFNOSUPPORT"
  | "EADDRINUSE"
  | "EADDRNOTAVAIL"
  | "ENETDOWN"
  | "ENETUNREACH"
  | "ECONNABORTED"
  | "ECONNRESET"
  | "ENOBUFS"
  | "EISCONN"
  | "ENOTCONN"
  | "ETIMEDOUT"
  | "ECONNREFUSED"
  | "EHOSTUNREACH"
  | "EALREADY"
  | "EINPROGRESS"
  | "ESTALE"
  | "EDQUOT";
