import { constants, createReadStream, createWriteStream } from "node:fs";
import type { Stats } from "node:fs";
import * as fs from "node:fs/promises";
import { getSystemErrorMap } from "node:util";
import { FileError } from "../core/cli/console.ts";
import type { ConsoleFiles, FileInfo } from "../core/cli/console.ts";
import { sinkInto, sourceFrom } from "./streams.ts";

/** The files of this machine. */
export const nodeFiles: ConsoleFiles = {
  lstat: (path) => attempt("lstat", path, async () => info(await fs.lstat(path))),
  stat: (path) => attempt("stat", path, async () => info(await fs.stat(path))),
  readlink: (path) => attempt("readlink", path, () => fs.readlink(path)),
  readdir: (path) =>
    attempt("open", path, async () => {
      const names = await fs.readdir(path, { encoding: "buffer" });
      return names.sort(Buffer.compare).map((name) => name.toString());
    }),
  open: (path) =>
    attempt("open", path, async () => {
      const handle = await fs.open(path, constants.O_RDONLY);
      if ((await handle.stat()).isDirectory()) {
        await handle.close();
        throw new FileError("EISDIR", `read ${path}: is a directory`);
      }
      return sourceFrom(createReadStream("", { fd: handle, highWaterMark: 1 << 16 }));
    }),
  create: (path, mode = 0o666) =>
    attempt("open", path, async () => {
      const handle = await fs.open(path, "w", mode);
      const stream = createWriteStream("", { fd: handle });
      const closed = new Promise<void>((resolve, reject) => {
        stream.on("close", resolve);
        stream.on("error", reject);
      });
      closed.catch(() => {});
      return { sink: sinkInto(stream), closed };
    }),
  mkdir: (path, mode = 0o777) => attempt("mkdir", path, async () => void (await fs.mkdir(path, { mode }))),
  symlink: (target, path) => attempt("symlink", `${target} ${path}`, () => fs.symlink(target, path)),
  link: (existing, path) => attempt("link", `${existing} ${path}`, () => fs.link(existing, path)),
  rename: (from, to) => attempt("rename", `${from} ${to}`, () => fs.rename(from, to)),
  remove: (path) => attempt("unlinkat", path, () => fs.rm(path, { recursive: true, force: true })),
  chmod: (path, mode) => attempt("chmod", path, () => fs.chmod(path, mode)),
  utimes: (path, mtime) => attempt("chtimes", path, () => fs.utimes(path, mtime, mtime)),
};

function info(stats: Stats): FileInfo {
  const kind = stats.isFile()
    ? "file"
    : stats.isDirectory()
      ? "directory"
      : stats.isSymbolicLink()
        ? "symlink"
        : "other";
  return {
    kind,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    mtime: stats.mtimeMs / 1000,
  };
}

async function attempt<T>(operation: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, errno } = error as NodeJS.ErrnoException;
    if (error instanceof FileError || code === undefined || errno === undefined) throw error;
    throw new FileError(code, `${operation} ${path}: ${getSystemErrorMap().get(errno)?.[1] ?? code}`);
  }
}
