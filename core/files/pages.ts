import { Errno } from "./filesystem.ts";
import type { FileContent } from "./filesystem.ts";
import { emptyContent } from "./content.ts";

/** Bytes of a page: the unit in which files are written and space is counted, as on ext4. */
export const PAGE = 4096;
const zeros = new Uint8Array(PAGE);

/** How much space a file system has; shared by its files. */
export interface Space {
  used: number;
  capacity: number;
}

/**
 * What a file holds: a content that never changes, with written pages over it. Pages may be shorter than PAGE (the rest
 * is zeros), and whole pages of zeros are one page.
 */
export class PagedContent implements FileContent {
  size: number;
  #base: FileContent;
  /** How much of the base still shows. */
  #baseSize: number;
  #pages: Map<number, Uint8Array> | undefined;
  readonly #space: Space;

  constructor(base: FileContent, space: Space) {
    this.#base = base;
    this.#baseSize = this.size = base.size;
    this.#space = space;
    space.used += this.allocated;
  }

  get allocated(): number {
    const pages = this.#pages;
    if (!pages) return Math.min(this.#base.allocated ?? Infinity, roundUp(this.#baseSize));
    if (this.#base.allocated !== undefined) return this.#base.allocated + pages.size * PAGE;
    let under = roundUp(this.#baseSize) / PAGE;
    const whole = under;
    for (const page of pages.keys()) if (page < whole) under--;
    return (under + pages.size) * PAGE;
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.size);
    if (end <= offset) return emptyContent.read(0, 0);
    if (!this.#pages) {
      if (end <= this.#baseSize) {
        const bytes = this.#base.read(offset, end - offset);
        if (bytes.length === end - offset) return bytes;
      }
    }
    const bytes = new Uint8Array(end - offset);
    if (offset < this.#baseSize)
      readInto(this.#base, offset, bytes.subarray(0, Math.min(end, this.#baseSize) - offset));
    if (this.#pages) {
      for (let page = Math.floor(offset / PAGE); page * PAGE < end; page++) {
        const written = this.#pages.get(page);
        if (!written) continue;
        const start = Math.max(offset, page * PAGE);
        const stop = Math.min(end, (page + 1) * PAGE);
        bytes.fill(0, start - offset, stop - offset);
        bytes.set(written.subarray(start - page * PAGE, stop - page * PAGE), start - offset);
      }
    }
    return bytes;
  }

  /** Returns how many were written: fewer when the space ran out. Throws ENOSPC when there is none at all. */
  write(offset: number, bytes: Uint8Array): number {
    const pages = (this.#pages ??= new Map());
    let done = 0;
    while (done < bytes.length) {
      const at = offset + done;
      const page = Math.floor(at / PAGE);
      const within = at - page * PAGE;
      const piece = bytes.subarray(done, done + Math.min(PAGE - within, bytes.length - done));
      if (!pages.has(page) && !this.#allocate(page)) {
        if (done === 0) throw new Errno("ENOSPC");
        break;
      }
      pages.set(page, this.#written(pages.get(page), page, within, piece));
      done += piece.length;
      this.size = Math.max(this.size, at + piece.length);
    }
    return done;
  }

  #allocate(page: number): boolean {
    const covered = this.#base.allocated === undefined && page * PAGE < this.#baseSize;
    if (covered) return true;
    if (this.#space.used + PAGE > this.#space.capacity) return false;
    this.#space.used += PAGE;
    return true;
  }

  #written(old: Uint8Array | undefined, page: number, within: number, piece: Uint8Array): Uint8Array {
    if (piece.length === PAGE && isZero(piece)) return zeros;
    const needed = within + piece.length;
    let target = old;
    if (!target || target === zeros || target.length < needed) {
      const before =
        target ?? this.#base.read(page * PAGE, Math.max(0, Math.min(PAGE, this.#baseSize - page * PAGE)));
      // A file that grows by small writes, such as a log, doubles its last page.
      const length = target
        ? Math.min(PAGE, Math.max(needed, target.length * 2))
        : Math.max(needed, before.length);
      const grown = new Uint8Array(length);
      grown.set(before.length > length ? before.subarray(0, length) : before);
      target = grown;
    }
    target.set(piece, within);
    return target;
  }

  truncate(size: number): void {
    const before = this.allocated;
    if (size < this.size) {
      this.#baseSize = Math.min(this.#baseSize, size);
      if (this.#pages) {
        for (const [page, bytes] of this.#pages) {
          const keep = size - page * PAGE;
          if (keep <= 0) this.#pages.delete(page);
          else if (keep < bytes.length) this.#pages.set(page, bytes.slice(0, keep));
        }
      }
      if (size === 0) {
        this.#base = emptyContent;
        this.#pages = undefined;
      }
      this.#space.used -= before - this.allocated;
    }
    this.size = size;
  }

  /** What is there now, for ever; its pages become the base of this one. */
  freeze(): FileContent {
    if (!this.#pages && this.#baseSize === this.size && this.#base.size === this.size) return this.#base;
    const frozen = new PagedContent(this.#base, { used: 0, capacity: Infinity });
    frozen.size = this.size;
    frozen.#baseSize = this.#baseSize;
    frozen.#pages = this.#pages;
    const allocated = this.allocated;
    this.#base = new FrozenContent(frozen, allocated === roundUp(this.size) ? undefined : allocated);
    this.#baseSize = this.size;
    this.#pages = undefined;
    return this.#base;
  }

  /** Gives its space back. */
  release(): void {
    this.#space.used -= this.allocated;
  }
}

class FrozenContent implements FileContent {
  readonly #pages: PagedContent;
  readonly size: number;
  readonly allocated?: number;
  constructor(pages: PagedContent, allocated: number | undefined) {
    this.#pages = pages;
    this.size = pages.size;
    if (allocated !== undefined) this.allocated = allocated;
  }
  read(offset: number, length: number): Uint8Array {
    return this.#pages.read(offset, length);
  }
}

function readInto(content: FileContent, offset: number, target: Uint8Array): void {
  let done = 0;
  while (done < target.length) {
    const bytes = content.read(offset + done, target.length - done);
    if (bytes.length === 0) return;
    target.set(bytes, done);
    done += bytes.length;
  }
}

function roundUp(size: number): number {
  return Math.ceil(size / PAGE) * PAGE;
}

function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at] !== 0) return false;
  return true;
}
