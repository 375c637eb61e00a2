import { utf8 } from "../platform/bytes.ts";
import type { Inode } from "./filesystem.ts";

/** The extended attribute that makes a directory of an upper layer hide what lies under it. */
export const OPAQUE = "trusted.overlay.opaque";
export const opaqueValue = utf8("y");

/** A whiteout: a character device 0/0, which hides the same name in the lower directories. */
export function isWhiteout(inode: Inode): boolean {
  if (inode.kind !== "character") return false;
  const { rdev } = inode.attributes();
  return rdev?.major === 0 && rdev.minor === 0;
}

export function makeWhiteout(directory: Inode, name: string): void {
  directory.create(name, { kind: "character", mode: 0, uid: 0, gid: 0, rdev: { major: 0, minor: 0 } });
}

export function isOpaque(directory: Inode): boolean {
  return directory.getxattr(OPAQUE)?.[0] === opaqueValue[0];
}
