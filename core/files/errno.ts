import type { ErrnoCode } from "./filesystem.ts";

const texts: Partial<Record<ErrnoCode, string>> = {
  EPERM: "operation not permitted",
  ENOENT: "no such file or directory",
  EIO: "input/output error",
  ENXIO: "no such device or address",
  EACCES: "permission denied",
  EBUSY: "device or resource busy",
  EEXIST: "file exists",
  EXDEV: "invalid cross-device link",
  ENODEV: "no such device",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  EINVAL: "invalid argument",
  EFBIG: "file too large",
  ENOSPC: "no space left on device",
  EROFS: "read-only file system",
  EMLINK: "too many links",
  ENAMETOOLONG: "file name too long",
  ENOTEMPTY: "directory not empty",
  ELOOP: "too many levels of symbolic links",
  ENODATA: "no data available",
  EOPNOTSUPP: "operation not supported",
  EDQUOT: "disk quota exceeded",
};

/** What Go says of an error of the file system: "no such file or directory". */
export function describeErrno(code: ErrnoCode): string {
  return texts[code] ?? code;
}
