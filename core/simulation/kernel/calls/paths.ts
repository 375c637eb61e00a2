import { Errno } from "../../../files/filesystem.ts";
import type { Inode } from "../../../files/filesystem.ts";
import type { FileSystemStat } from "../calls.ts";
import { inGroup } from "../credentials.ts";
import type { Kernel } from "../kernel.ts";
import { pathOf, type Location } from "../mounts.ts";
import {
  mayAccess,
  mayChangeDirectory,
  mayRemove,
  mayWriteTo,
  resolve,
  resolveEntry,
  type Entry,
} from "../paths.ts";
import type { Process } from "../process.ts";
import { statOf } from "./descriptors.ts";
import type { Handlers } from "./handler.ts";

/** What a path or a descriptor leads to. */
function locate(
  process: Process,
  place: string | number,
  follow = true,
): { location: Location | undefined; inode: Inode } {
  if (typeof place === "string") {
    const location = resolve(process, place, follow);
    return { location, inode: location.inode };
  }
  const file = process.descriptors.get(place);
  return { location: file.location, inode: file.inode };
}

/** For a call that changes an inode: EROFS, and EPERM unless the process owns it. */
function changeable(process: Process, place: string | number, follow = true) {
  const found = locate(process, place, follow);
  if (found.location) mayWriteTo(found.location);
  const attributes = found.inode.attributes();
  const owns = attributes.uid === process.credentials.euid || process.has("CAP_FOWNER");
  return { ...found, attributes, owns };
}

/** An entry that is to be made: EEXIST, and EINVAL-like for "." and "..". */
function newEntry(process: Process, path: string): Entry {
  const entry = resolveEntry(process, path);
  if (entry.location) throw new Errno("EEXIST");
  mayChangeDirectory(entry.directory, process.credentials);
  return entry;
}

function existingEntry(process: Process, path: string): Entry & { location: Location } {
  const entry = resolveEntry(process, path);
  if (!entry.location) throw new Errno("ENOENT");
  return entry as Entry & { location: Location };
}

/** A mount point cannot be removed or renamed. */
function notBusy(entry: Entry & { location: Location }): void {
  if (entry.location.mount !== entry.directory.mount) throw new Errno("EBUSY");
}

function inherited(process: Process, directory: Inode): { uid: number; gid: number; setgid: number } {
  const above = directory.attributes();
  const setgid = above.mode & 0o2000;
  return { uid: process.credentials.euid, gid: setgid ? above.gid : process.credentials.egid, setgid };
}

function observeEntry(
  kernel: Kernel,
  process: Process,
  change: "create" | "remove" | "rename",
  entry: Entry,
): void {
  if (!kernel.observed) return;
  const above = pathOf(entry.directory, process.namespaces.mnt.rootLocation());
  kernel.observe({
    kind: "file",
    pid: process.pid,
    change,
    path: above === "/" ? `/${entry.name}` : `${above}/${entry.name}`,
  });
}

export const pathCalls: Pick<
  Handlers,
  | "stat" | "lstat" | "readdir" | "mkdir" | "rmdir" | "unlink" | "rename" | "link" | "symlink" | "readlink" | "chmod" | "chown" | "utimes"
  | "truncate" | "mknod" | "access" | "chdir" | "chroot" | "getcwd" | "umask" | "statfs" | "sync" | "getxattr" | "setxattr" | "removexattr"
  | "listxattr"
> /* prettier-ignore */ =
  {
    stat(_kernel, { process }, path) {
      const location = resolve(process, path);
      return statOf(location, location.inode);
    },
    lstat(_kernel, { process }, path) {
      const location = resolve(process, path, false);
      return statOf(location, location.inode);
    },
    readdir(_kernel, { process }, place) {
      const { inode, location } = locate(process, place);
      if (inode.kind !== "directory") throw new Errno("ENOTDIR");
      if (typeof place === "string") mayAccess(inode, process.credentials, 4);
      const entries: { name: string; kind: Inode["kind"]; ino: number }[] = [];
      for (const [name, child] of inode.entries()) {
        const cover =
          location && location.mount.children.size > 0
            ? location.mount.children.get(joined(location.path, name))
            : undefined;
        const shown = cover?.root ?? child;
        entries.push({ name, kind: shown.kind, ino: shown.attributes().ino });
      }
      return entries;
    },
    mkdir(kernel, { process }, path, mode = 0o777) {
      const entry = newEntry(process, path);
      const { uid, gid, setgid } = inherited(process, entry.directory.inode);
      entry.directory.inode.create(entry.name, {
        kind: "directory",
        mode: (mode & ~process.umask & 0o1777) | setgid,
        uid,
        gid,
      });
      observeEntry(kernel, process, "create", entry);
    },
    rmdir(kernel, { process }, path) {
      const last = path.replace(/\/+$/, "").split("/").pop();
      if (last === ".") throw new Errno("EINVAL");
      const entry = existingEntry(process, path);
      if (entry.name === "") throw new Errno(last === ".." ? "ENOTEMPTY" : "EBUSY");
      mayRemove(entry, process.credentials);
      if (entry.location.inode.kind !== "directory") throw new Errno("ENOTDIR");
      notBusy(entry);
      entry.directory.inode.rmdir(entry.name);
      observeEntry(kernel, process, "remove", entry);
    },
    unlink(kernel, { process }, path) {
      const entry = existingEntry(process, path);
      if (entry.name === "" || entry.location.inode.kind === "directory") throw new Errno("EISDIR");
      if (entry.slash) throw new Errno("ENOTDIR");
      mayRemove(entry, process.credentials);
      notBusy(entry);
      entry.directory.inode.unlink(entry.name);
      observeEntry(kernel, process, "remove", entry);
    },
    rename(kernel, { process }, from, to) {
      const source = existingEntry(process, from);
      const target = resolveEntry(process, to);
      if (source.name === "" || target.name === "") throw new Errno("EBUSY");
      if (source.directory.mount !== target.directory.mount) throw new Errno("EXDEV");
      if ((source.slash || target.slash) && source.location.inode.kind !== "directory")
        throw new Errno("ENOTDIR");
      mayRemove(source, process.credentials);
      notBusy(source);
      if (target.location) {
        mayRemove(target, process.credentials);
        notBusy(target as Entry & { location: Location });
      } else mayChangeDirectory(target.directory, process.credentials);
      source.directory.inode.rename(source.name, target.directory.inode, target.name);
      observeEntry(kernel, process, "rename", target);
    },
    link(kernel, { process }, existing, path) {
      const source = resolve(process, existing, false);
      const entry = newEntry(process, path);
      if (source.inode.kind === "directory") throw new Errno("EPERM");
      if (source.mount !== entry.directory.mount) throw new Errno("EXDEV");
      entry.directory.inode.link(entry.name, source.inode);
      observeEntry(kernel, process, "create", entry);
    },
    symlink(kernel, { process }, target, path) {
      if (target === "") throw new Errno("ENOENT");
      const entry = newEntry(process, path);
      if (entry.slash) throw new Errno("ENOENT");
      const { uid, gid } = inherited(process, entry.directory.inode);
      entry.directory.inode.create(entry.name, { kind: "symlink", mode: 0o777, uid, gid, target });
      observeEntry(kernel, process, "create", entry);
    },
    readlink(_kernel, { process }, path) {
      const { inode } = resolve(process, path, false);
      if (inode.kind !== "symlink") throw new Errno("EINVAL");
      return inode.readlink();
    },
    chmod(_kernel, { process }, place, mode) {
      const { inode, attributes, owns } = changeable(process, place);
      if (!owns) throw new Errno("EPERM");
      const keepsSetgid = inGroup(process.credentials, attributes.gid) || process.has("CAP_FSETID");
      inode.setAttributes({ mode: keepsSetgid ? mode & 0o7777 : mode & 0o5777 });
    },
    chown(_kernel, { process }, place, uid, gid, noFollow = false) {
      const { inode, attributes, owns } = changeable(process, place, !noFollow);
      if (!process.has("CAP_CHOWN")) {
        const keepsUser = uid === -1 || uid === attributes.uid;
        const mayGive = gid === -1 || gid === attributes.gid || inGroup(process.credentials, gid);
        if (!owns || !keepsUser || !mayGive) throw new Errno("EPERM");
      }
      const change: Parameters<Inode["setAttributes"]>[0] = {};
      if (uid !== -1) change.uid = uid;
      if (gid !== -1) change.gid = gid;
      if (inode.kind === "file" && attributes.mode & 0o6000)
        change.mode = attributes.mode & ~(attributes.mode & 0o10 ? 0o6000 : 0o4000);
      inode.setAttributes(change);
    },
    utimes(kernel, { process }, place, times, noFollow = false) {
      const { inode, owns } = changeable(process, place, !noFollow);
      if (!owns) {
        if (times) throw new Errno("EPERM");
        mayAccess(inode, process.credentials, 2);
      }
      const now = kernel.time.realtime();
      inode.setAttributes(times ? { ...times } : { atime: now, mtime: now });
    },
    truncate(_kernel, { process }, place, size) {
      if (size < 0) throw new Errno("EINVAL");
      if (typeof place === "number") {
        const file = process.descriptors.get(place);
        if (!file.mayWrite) throw new Errno("EINVAL");
        return file.truncate(size);
      }
      const location = resolve(process, place);
      if (location.inode.kind === "directory") throw new Errno("EISDIR");
      mayAccess(location.inode, process.credentials, 2);
      mayWriteTo(location);
      location.inode.truncate(size);
    },
    mknod(kernel, { process }, path, kind, mode, rdev) {
      const entry = newEntry(process, path);
      if ((kind === "character" || kind === "block") && !process.has("CAP_MKNOD")) throw new Errno("EPERM");
      const { uid, gid } = inherited(process, entry.directory.inode);
      entry.directory.inode.create(entry.name, {
        kind,
        mode: mode & ~process.umask & 0o7777,
        uid,
        gid,
        ...(rdev ? { rdev } : {}),
      });
      observeEntry(kernel, process, "create", entry);
    },
    access(_kernel, { process }, path, mode) {
      const location = resolve(process, path);
      const { uid, gid, permitted } = process.credentials;
      const real = {
        ...process.credentials,
        euid: uid,
        egid: gid,
        effective: uid === 0 ? permitted : new Set<string>(),
      };
      const wanted =
        (mode.includes("r") ? 4 : 0) | (mode.includes("w") ? 2 : 0) | (mode.includes("x") ? 1 : 0);
      if (wanted !== 0) mayAccess(location.inode, real, wanted);
      if (mode.includes("w") && location.inode.kind !== "character" && location.inode.kind !== "fifo")
        mayWriteTo(location);
    },
    chdir(_kernel, { process }, place) {
      const { location, inode } = locate(process, place);
      if (!location || inode.kind !== "directory") throw new Errno("ENOTDIR");
      mayAccess(inode, process.credentials, 1);
      process.cwd = location;
    },
    chroot(_kernel, { process }, path) {
      const location = resolve(process, path);
      if (location.inode.kind !== "directory") throw new Errno("ENOTDIR");
      mayAccess(location.inode, process.credentials, 1);
      if (!process.has("CAP_SYS_CHROOT")) throw new Errno("EPERM");
      process.root = location;
    },
    getcwd(_kernel, { process }) {
      return pathOf(process.cwd, process.root);
    },
    umask(_kernel, { process }, mask) {
      const old = process.umask;
      process.umask = mask & 0o777;
      return old;
    },
    statfs(kernel, { process }, place) {
      const { location } = locate(process, place);
      return fileSystemStat(kernel, location);
    },
    sync() {},
    getxattr(_kernel, { process }, path, name, noFollow = false) {
      const value = resolve(process, path, !noFollow).inode.getxattr(name);
      if (!value) throw new Errno("ENODATA");
      return value;
    },
    setxattr(_kernel, { process }, path, name, value, noFollow = false) {
      const { inode, owns } = changeable(process, path, !noFollow);
      if (!owns || (name.startsWith("trusted.") && !process.has("CAP_SYS_ADMIN"))) throw new Errno("EPERM");
      inode.setxattr(name, value);
    },
    removexattr(_kernel, { process }, path, name, noFollow = false) {
      const { inode, owns } = changeable(process, path, !noFollow);
      if (!owns) throw new Errno("EPERM");
      inode.removexattr(name);
    },
    listxattr(_kernel, { process }, path, noFollow = false) {
      return resolve(process, path, !noFollow).inode.listxattr();
    },
  };

function joined(path: string, name: string): string {
  return path === "/" ? `/${name}` : `${path}/${name}`;
}

const virtualTypes = new Set(["proc", "sysfs", "cgroup2", "devpts", "mqueue"]);

function fileSystemStat(kernel: Kernel, location: Location | undefined): FileSystemStat {
  const type = location?.mount.fileSystem.type ?? "pipefs";
  const none = { type, blockSize: 4096, blocks: 0, blocksFree: 0, files: 0, filesFree: 0 };
  if (!location || virtualTypes.has(type)) return none;
  const { size, used } = kernel.spaceOf(location.mount);
  const blocks = Math.floor(size / 4096);
  const files = Math.floor(size / 16384);
  return {
    ...none,
    blocks,
    blocksFree: Math.max(0, blocks - Math.ceil(used / 4096)),
    files,
    filesFree: files,
  };
}
