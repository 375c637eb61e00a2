import { Errno } from "../../files/filesystem.ts";
import type { OpenFile } from "./open-file.ts";

interface Descriptor {
  file: OpenFile;
  closeOnExec: boolean;
}

/** A process's descriptors: numbers that refer to open files. */
export class DescriptorTable {
  readonly #descriptors: (Descriptor | undefined)[] = [];

  get(fd: number): OpenFile {
    const descriptor = this.#descriptors[fd];
    if (!descriptor) throw new Errno("EBADF");
    return descriptor.file;
  }

  descriptor(fd: number): Descriptor {
    const descriptor = this.#descriptors[fd];
    if (!descriptor) throw new Errno("EBADF");
    return descriptor;
  }

  has(fd: number): boolean {
    return this.#descriptors[fd] !== undefined;
  }

  /** Adds `file` at the lowest free number that is at least `lowest`. EMFILE at `limit`. */
  add(file: OpenFile, closeOnExec = false, lowest = 0, limit = 1048576): number {
    let fd = lowest;
    while (this.#descriptors[fd]) fd++;
    if (fd >= limit) throw new Errno("EMFILE");
    file.references++;
    this.#descriptors[fd] = { file, closeOnExec };
    return fd;
  }

  /** Puts `file` at `fd`, closing what was there. */
  set(fd: number, file: OpenFile, closeOnExec = false): void {
    file.references++;
    const old = this.#descriptors[fd];
    this.#descriptors[fd] = { file, closeOnExec };
    if (old) release(old.file);
  }

  close(fd: number): void {
    const descriptor = this.#descriptors[fd];
    if (!descriptor) throw new Errno("EBADF");
    this.#descriptors[fd] = undefined;
    release(descriptor.file);
  }

  entries(): [number, OpenFile][] {
    const entries: [number, OpenFile][] = [];
    this.#descriptors.forEach((descriptor, fd) => descriptor && entries.push([fd, descriptor.file]));
    return entries;
  }

  copy(): DescriptorTable {
    const copy = new DescriptorTable();
    this.#descriptors.forEach((descriptor, fd) => {
      if (!descriptor) return;
      descriptor.file.references++;
      copy.#descriptors[fd] = { ...descriptor };
    });
    return copy;
  }

  closeOnExec(): void {
    this.#descriptors.forEach((descriptor, fd) => {
      if (descriptor?.closeOnExec) this.close(fd);
    });
  }

  closeAll(): void {
    this.#descriptors.forEach((descriptor, fd) => {
      if (descriptor) this.close(fd);
    });
  }
}

function release(file: OpenFile): void {
  if (--file.references === 0) file.release();
}
