import { Errno } from "../../../files/filesystem.ts";
import { O, type SystemCalls } from "../calls.ts";
import type { Kernel } from "../kernel.ts";
import { InodeFile, isOpenable, type OpenFile } from "../open-file.ts";
import { mayAccess, mayChangeDirectory, mayWriteTo, resolveEntry, type Entry } from "../paths.ts";
import type { Location } from "../mounts.ts";
import { openDevice } from "../devices.ts";
import { Pipe } from "../pipe.ts";
import type { Process, Thread } from "../process.ts";
import { postSignal } from "../signal-delivery.ts";
import { TtyInode, TtySlave } from "../tty.ts";
import { block, blocked, type Handlers, type Pending } from "./handler.ts";

const none = new Uint8Array(0);

function descriptorLimit(process: Process): number {
  return process.rlimits.get("nofile")?.soft ?? 1024;
}

/** Opens a path for a thread; undefined when it has to wait (a FIFO without the other side). */
export function openPath(
  kernel: Kernel,
  thread: Thread,
  path: string,
  flags: number,
  mode: number,
): OpenFile | undefined {
  const { process } = thread;
  const create = (flags & O.CREAT) !== 0;
  const follow = !(flags & O.NOFOLLOW) && !(create && flags & O.EXCL);
  const entry = resolveEntry(process, path, follow);
  if (create && flags & O.EXCL && entry.location) throw new Errno("EEXIST");
  let { location } = entry;
  let made = false;
  if (!location) {
    if (!create) throw new Errno("ENOENT");
    location = createFile(process, entry, mode);
    made = true;
    kernel.observeFile(process, "create", location);
  } else if (entry.slash && location.inode.kind !== "directory") throw new Errno("ENOTDIR");
  if (location.inode.kind === "symlink" && !(flags & O.PATH)) throw new Errno("ELOOP");
  return openLocation(kernel, thread, location, flags, made);
}

function createFile(process: Process, entry: Entry, mode: number): Location {
  if (entry.slash) throw new Errno("EISDIR");
  mayChangeDirectory(entry.directory, process.credentials);
  const { inode } = entry.directory;
  const above = inode.attributes();
  const gid = above.mode & 0o2000 ? above.gid : process.credentials.egid;
  const file = inode.create(entry.name, {
    kind: "file",
    mode: mode & ~process.umask & 0o7777,
    uid: process.credentials.euid,
    gid,
  });
  const { mount, path } = entry.directory;
  return {
    mount,
    path: path === "/" ? `/${entry.name}` : `${path}/${entry.name}`,
    inode: file,
    parent: entry.directory,
    name: entry.name,
  };
}

/** Opens what is at a location. */
export function openLocation(
  kernel: Kernel,
  thread: Thread,
  location: Location,
  flags: number,
  made = false,
): OpenFile | undefined {
  const { inode } = location;
  if (flags & O.PATH) return new InodeFile(flags, location);
  const wants = flags & 3;
  const writes = wants !== O.RDONLY;
  if (inode.kind === "directory") {
    if (writes || flags & O.CREAT) throw new Errno("EISDIR");
  } else if (flags & O.DIRECTORY) throw new Errno("ENOTDIR");
  if (!made) mayAccess(inode, thread.process.credentials, (writes ? 2 : 0) | (wants !== O.WRONLY ? 4 : 0));
  if (writes && (inode.kind === "file" || inode.kind === "directory")) mayWriteTo(location);
  if (isOpenable(inode)) {
    const file = inode.open(flags, thread, location);
    if (file instanceof TtySlave) takeTerminal(thread.process, file, flags);
    return file;
  }
  if (inode.kind === "character" || inode.kind === "block") {
    const file = openDevice(kernel, location, flags, thread);
    if (file instanceof TtySlave) takeTerminal(thread.process, file, flags);
    return file;
  }
  if (inode.kind === "socket") throw new Errno("ENXIO");
  if (inode.kind === "fifo") return openFifo(kernel, thread, location, flags);
  if (writes) {
    inode.willWrite?.();
    if (flags & O.TRUNC && !made) inode.truncate(0);
  }
  return new InodeFile(flags & ~(O.CREAT | O.EXCL | O.TRUNC), location);
}

/** A session's leader without a terminal takes the first that it opens as its controlling one. */
function takeTerminal(process: Process, file: TtySlave, flags: number): void {
  if (flags & O.NOCTTY || process.session.leader !== process || process.session.tty || file.tty.session)
    return;
  process.session.tty = file.tty;
  file.tty.session = process.session;
  file.tty.foreground = process.group;
}

/** Both sides of a FIFO wait for each other when they open it. */
function openFifo(kernel: Kernel, thread: Thread, location: Location, flags: number): OpenFile | undefined {
  const pipe = kernel.fifo(location);
  const wants = flags & 3;
  if (wants === O.RDWR) return pipe.open(flags, thread, location);
  const nonblock = flags & O.NONBLOCK;
  if (wants === O.WRONLY && nonblock && pipe.readers === 0) throw new Errno("ENXIO");
  const { call } = thread;
  // Its own end counts while it waits, so that the other side's open can go on.
  const end: OpenFile = (call.progress ??= pipe.open(flags, thread, location));
  const other = wants === O.WRONLY ? pipe.readers : pipe.writers;
  if (other === 0 && !nonblock) {
    block(kernel, thread, [pipe.opened]);
    return undefined;
  }
  return end;
}

export const descriptorCalls: Pick<
  Handlers,
  | "open"
  | "close"
  | "read"
  | "write"
  | "pread"
  | "pwrite"
  | "lseek"
  | "dup"
  | "dup2"
  | "pipe"
  | "fcntl"
  | "flock"
  | "fstat"
> = {
  open(kernel, thread, path, flags, mode = 0o666) {
    const file = openPath(kernel, thread, path, flags, mode);
    if (!file) return blocked;
    return thread.process.descriptors.add(
      file,
      (flags & O.CLOEXEC) !== 0,
      0,
      descriptorLimit(thread.process),
    );
  },
  close(_kernel, thread, fd) {
    thread.process.descriptors.close(fd);
  },
  read(kernel, thread, fd, size) {
    const file = thread.process.descriptors.get(fd);
    if (!file.mayRead) throw new Errno("EBADF");
    const bytes = size === 0 ? none : file.read(size, thread);
    if (bytes) return bytes;
    if (file.nonblock) throw new Errno("EAGAIN");
    return block(kernel, thread, [file.readable]);
  },
  write(kernel, thread, fd, bytes) {
    const file = thread.process.descriptors.get(fd);
    if (!file.mayWrite) throw new Errno("EBADF");
    return writeAll(kernel, thread, file, bytes);
  },
  pread(_kernel, thread, fd, size, offset) {
    const file = thread.process.descriptors.get(fd);
    if (!file.mayRead) throw new Errno("EBADF");
    return file.pread(size, offset);
  },
  pwrite(_kernel, thread, fd, bytes, offset) {
    const file = thread.process.descriptors.get(fd);
    if (!file.mayWrite) throw new Errno("EBADF");
    return file.pwrite(bytes, offset);
  },
  lseek(_kernel, thread, fd, offset, whence) {
    return thread.process.descriptors.get(fd).seek(offset, whence);
  },
  dup(_kernel, thread, fd, lowest = 0, closeOnExec = false) {
    const { descriptors } = thread.process;
    return descriptors.add(descriptors.get(fd), closeOnExec, lowest, descriptorLimit(thread.process));
  },
  dup2(_kernel, thread, from, to) {
    const { descriptors } = thread.process;
    const file = descriptors.get(from);
    if (to < 0 || to >= descriptorLimit(thread.process)) throw new Errno("EBADF");
    if (from !== to) descriptors.set(to, file);
    return to;
  },
  pipe(kernel, thread, options = {}) {
    const { descriptors } = thread.process;
    const pipe = kernel.createPipe();
    const limit = descriptorLimit(thread.process);
    const read = descriptors.add(pipe.open(O.RDONLY), options.closeOnExec, 0, limit);
    return { read, write: descriptors.add(pipe.open(O.WRONLY), options.closeOnExec, 0, limit) };
  },
  fcntl(_kernel, thread, fd, change = {}) {
    const descriptor = thread.process.descriptors.descriptor(fd);
    if (change.closeOnExec !== undefined) descriptor.closeOnExec = change.closeOnExec;
    const { file } = descriptor;
    if (change.nonblock !== undefined)
      file.flags = change.nonblock ? file.flags | O.NONBLOCK : file.flags & ~O.NONBLOCK;
    if (change.append !== undefined)
      file.flags = change.append ? file.flags | O.APPEND : file.flags & ~O.APPEND;
    return { closeOnExec: descriptor.closeOnExec, flags: file.flags };
  },
  flock(kernel, thread, fd, operation, nonblock = false) {
    const file = thread.process.descriptors.get(fd);
    if (kernel.fileLocks.change(file, operation)) return;
    if (nonblock || file.nonblock) throw new Errno("EAGAIN");
    return block(kernel, thread, [kernel.fileLocks.released]);
  },
  fstat(_kernel, thread, fd) {
    const file = thread.process.descriptors.get(fd);
    return statOf(file.location, file.inode);
  },
};

/** Writes all of `bytes`, waiting for room where need be. */
export function writeAll(
  kernel: Kernel,
  thread: Thread,
  file: OpenFile,
  bytes: Uint8Array,
): number | Pending {
  const { call } = thread;
  let done: number = call.progress ?? 0;
  try {
    for (;;) {
      const written = file.write(done === 0 ? bytes : bytes.subarray(done), thread);
      if (written === undefined) break;
      done += written;
      call.progress = done;
      if (done >= bytes.length) return done;
    }
  } catch (error) {
    if (error instanceof Errno && error.code === "EPIPE") postSignal(kernel, thread.process, "SIGPIPE");
    throw error;
  }
  if (file.nonblock) {
    if (done > 0) return done;
    throw new Errno("EAGAIN");
  }
  return block(kernel, thread, [file.writable]);
}

export function statOf(
  location: Location | undefined,
  inode: OpenFile["inode"],
): ReturnType<SystemCalls["stat"]> {
  const shown =
    location && !(inode instanceof Pipe && location.inode.kind === "fifo")
      ? inode
      : (location?.inode ?? inode);
  const attributes = shown.attributes();
  const dev = shown instanceof TtyInode ? 24 : (location?.mount.fileSystem.device ?? 13);
  return { ...attributes, kind: shown.kind, dev };
}
