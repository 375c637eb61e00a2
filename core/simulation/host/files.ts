import { FileError, type ConsoleFiles, type FileInfo } from "../../cli/console.ts";
import { Errno } from "../../files/filesystem.ts";
import type { ByteSink, ByteSource } from "../../platform/bytes.ts";
import { O, type Stat } from "../kernel/calls.ts";
import { strerror } from "../kernel/errno-text.ts";
import type { AsyncCalls } from "../kernel/syscalls.ts";

const second = 1_000_000_000n;

/** The simulated machine's files, as a process of it reaches them; errors in Go's words. */
export function consoleFiles(calls: AsyncCalls): ConsoleFiles {
  const files: ConsoleFiles = {
    lstat: (path) => attempt("lstat", path, async () => info(await calls.lstat(path))),
    stat: (path) => attempt("stat", path, async () => info(await calls.stat(path))),
    readlink: (path) => attempt("readlink", path, () => calls.readlink(path)),
    readdir: (path) =>
      attempt("open", path, async () => (await calls.readdir(path)).map((entry) => entry.name).sort(byBytes)),
    open: (path) =>
      attempt("open", path, async () => {
        if ((await calls.stat(path)).kind === "directory")
          throw new FileError("EISDIR", `read ${path}: is a directory`);
        return descriptorSource(calls, await calls.open(path, O.RDONLY | O.CLOEXEC), true);
      }),
    create: (path, mode = 0o666) =>
      attempt("open", path, async () => {
        const fd = await calls.open(path, O.WRONLY | O.CREAT | O.TRUNC | O.CLOEXEC, mode);
        let done = () => {};
        const closed = new Promise<void>((resolve) => (done = resolve));
        const end = () => void calls.close(fd).then(done);
        return {
          sink: { write: async (bytes) => void (await calls.write(fd, bytes)), close: end, abort: end },
          closed,
        };
      }),
    mkdir: (path, mode = 0o777) => attempt("mkdir", path, () => calls.mkdir(path, mode)),
    symlink: (target, path) => attempt("symlink", `${target} ${path}`, () => calls.symlink(target, path)),
    link: (existing, path) => attempt("link", `${existing} ${path}`, () => calls.link(existing, path)),
    rename: (from, to) => attempt("rename", `${from} ${to}`, () => calls.rename(from, to)),
    remove: (path) => attempt("unlinkat", path, () => removeAll(calls, path)),
    chmod: (path, mode) => attempt("chmod", path, () => calls.chmod(path, mode)),
    utimes: (path, mtime) => {
      const at = BigInt(Math.floor(mtime)) * second + BigInt(Math.round((mtime % 1) * 1e9));
      return attempt("chtimes", path, () => calls.utimes(path, { atime: at, mtime: at }));
    },
  };
  return files;
}

/** What can be read at a descriptor; `owned` closes it at the end. */
export function descriptorSource(calls: AsyncCalls, fd: number, owned = false): ByteSource {
  let over = false;
  const end = async () => {
    over = true;
    if (owned) await calls.close(fd);
  };
  return {
    async read() {
      if (over) return null;
      const bytes = await calls.read(fd, 65536);
      if (bytes.length > 0) return bytes;
      await end();
      return null;
    },
    cancel: () => void (over || end()),
  };
}

/** Where what is written goes to a descriptor, which stays open. */
export function descriptorSink(calls: AsyncCalls, fd: number): ByteSink {
  return { write: async (bytes) => void (await calls.write(fd, bytes)), close: () => {}, abort: () => {} };
}

async function removeAll(calls: AsyncCalls, path: string): Promise<void> {
  const stat = await calls.lstat(path).catch((error: unknown) => {
    if (error instanceof Errno && error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!stat) return;
  if (stat.kind !== "directory") return calls.unlink(path);
  for (const entry of await calls.readdir(path)) await removeAll(calls, `${path}/${entry.name}`);
  await calls.rmdir(path);
}

function info(stat: Stat): FileInfo {
  const { kind, mode, uid, gid, size, mtime } = stat;
  const shown = kind === "file" || kind === "directory" || kind === "symlink" ? kind : "other";
  return { kind: shown, mode, uid, gid, size, mtime: Number(mtime / second) + Number(mtime % second) / 1e9 };
}

async function attempt<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    const reason = strerror(error.code);
    throw new FileError(
      error.code,
      `${operation} ${path}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`,
    );
  }
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
