import type { RegistryFiles } from "../../distribution/server/files.ts";
import { Errno } from "../../files/filesystem.ts";
import { concat } from "../../platform/bytes.ts";
import type { ByteSource } from "../../platform/bytes.ts";
import { O } from "../kernel/calls.ts";
import type { AsyncCalls } from "../kernel/syscalls.ts";

const BLOCK = 65536;

/** A registry's files below a directory of its process. */
export class ProcessFiles implements RegistryFiles {
  readonly #calls: AsyncCalls;
  readonly #root: string;

  constructor(calls: AsyncCalls, root: string) {
    this.#calls = calls;
    this.#root = root;
  }

  async size(path: string): Promise<number | undefined> {
    try {
      const { kind, size } = await this.#calls.stat(this.#root + path);
      return kind === "file" ? size : undefined;
    } catch (error) {
      return missing(error);
    }
  }

  async read(path: string): Promise<Uint8Array> {
    const source = await this.open(path, 0, Infinity);
    const pieces: Uint8Array[] = [];
    for (let piece = await source.read(); piece; piece = await source.read()) pieces.push(piece);
    return concat(pieces);
  }

  async open(path: string, offset: number, length: number): Promise<ByteSource> {
    const fd = await this.#calls.open(this.#root + path, O.RDONLY | O.CLOEXEC);
    let at = offset;
    let open = true;
    const close = async () => {
      if (!open) return;
      open = false;
      await this.#calls.close(fd);
    };
    return {
      read: async () => {
        if (!open) return null;
        const left = offset + length - at;
        const bytes = left > 0 ? await this.#calls.pread(fd, Math.min(BLOCK, left), at) : new Uint8Array(0);
        at += bytes.length;
        if (bytes.length > 0) return bytes;
        await close();
        return null;
      },
      cancel: () => void close(),
    };
  }

  async list(path: string): Promise<string[]> {
    try {
      return (await this.#calls.readdir(this.#root + path)).map(({ name }) => name).sort();
    } catch (error) {
      return missing(error) ?? [];
    }
  }

  async write(path: string, body: ByteSource, append = false): Promise<number> {
    await this.#parents(path);
    const flags = O.WRONLY | O.CREAT | O.CLOEXEC | (append ? O.APPEND : O.TRUNC);
    const fd = await this.#calls.open(this.#root + path, flags, 0o644);
    try {
      for (let bytes = await body.read(); bytes; bytes = await body.read())
        await this.#calls.write(fd, bytes);
      return (await this.#calls.fstat(fd)).size;
    } finally {
      await this.#calls.close(fd);
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#parents(to);
    await this.#calls.rename(this.#root + from, this.#root + to);
  }

  async remove(path: string): Promise<void> {
    try {
      const { kind } = await this.#calls.lstat(this.#root + path);
      if (kind !== "directory") return await this.#calls.unlink(this.#root + path);
      for (const name of await this.list(path)) await this.remove(`${path}/${name}`);
      await this.#calls.rmdir(this.#root + path);
    } catch (error) {
      missing(error);
    }
  }

  async #parents(path: string): Promise<void> {
    const parts = (this.#root + path).split("/").slice(1, -1);
    let made = "";
    for (const part of parts) {
      made += `/${part}`;
      try {
        await this.#calls.mkdir(made, 0o755);
      } catch (error) {
        if (!(error instanceof Errno) || error.code !== "EEXIST") throw error;
      }
    }
  }
}

/** Undefined for what is not there; anything else is thrown again. */
function missing(error: unknown): undefined {
  if (error instanceof Errno && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
  throw error;
}
