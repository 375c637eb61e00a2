import { Errno } from "../../files/filesystem.ts";
import type { Attributes, Inode, InodeKind, NewInode } from "../../files/filesystem.ts";

/** An inode that the kernel makes up: of /proc, a cgroup, a pipe. Everything that it is not overrides fails as Linux has it. */
export abstract class SyntheticInode implements Inode {
  abstract readonly kind: InodeKind;
  abstract attributes(): Attributes;

  setAttributes(_change: Parameters<Inode["setAttributes"]>[0]): void {
    throw new Errno("EPERM");
  }
  lookup(_name: string): Inode | undefined {
    throw new Errno("ENOTDIR");
  }
  entries(): Iterable<[string, Inode]> {
    throw new Errno("ENOTDIR");
  }
  create(_name: string, _inode: NewInode): Inode {
    throw new Errno(this.kind === "directory" ? "EPERM" : "ENOTDIR");
  }
  link(_name: string, _inode: Inode): void {
    throw new Errno("EPERM");
  }
  unlink(_name: string): void {
    throw new Errno("EPERM");
  }
  rmdir(_name: string): void {
    throw new Errno("EPERM");
  }
  rename(_name: string, _to: Inode, _newName: string): void {
    throw new Errno("EPERM");
  }
  read(_offset: number, _length: number): Uint8Array {
    throw new Errno(this.kind === "directory" ? "EISDIR" : "EINVAL");
  }
  write(_offset: number, _bytes: Uint8Array): number {
    throw new Errno("EINVAL");
  }
  truncate(_size: number): void {
    if (this.kind === "directory") throw new Errno("EISDIR");
  }
  readlink(): string {
    throw new Errno("EINVAL");
  }
  getxattr(_name: string): Uint8Array | undefined {
    return undefined;
  }
  setxattr(_name: string, _value: Uint8Array): void {
    throw new Errno("EOPNOTSUPP");
  }
  removexattr(_name: string): void {
    throw new Errno("EOPNOTSUPP");
  }
  listxattr(): string[] {
    return [];
  }
}

/** Attributes of a synthetic inode: root's, one name, `time` everywhere. */
export function syntheticAttributes(
  ino: number,
  mode: number,
  time: bigint,
  more: Partial<Attributes> = {},
): Attributes {
  return {
    ino,
    mode,
    uid: 0,
    gid: 0,
    nlink: 1,
    size: 0,
    allocated: 0,
    mtime: time,
    ctime: time,
    atime: time,
    ...more,
  };
}
