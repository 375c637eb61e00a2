import { bytesContent, emptyContent, sliceContent } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import { concat } from "../platform/bytes.ts";
import type { ByteSource } from "../platform/bytes.ts";
import { BLOCK, padding } from "./entry.ts";
import type { TarEntry, TarHeader } from "./entry.ts";
import { HeaderReader, unexpectedEnd } from "./headers.ts";

/**
 * The members of an archive that is at hand. Their contents are slices of it, so nothing is copied.
 * Throws TarError, with Go's texts ("archive/tar: invalid tar header", "unexpected EOF").
 */
export function* parseTar(archive: FileContent): Generator<TarEntry> {
  const reader = new HeaderReader();
  let at = 0;
  while (at < archive.size) {
    if (at + BLOCK > archive.size) throw unexpectedEnd();
    const block = reader.block(archive.read(at, BLOCK));
    at += BLOCK;
    if (block.kind === "end") return;
    if (block.kind === "zero") continue;
    const size = block.kind === "special" ? block.size : block.header.size;
    if (at + size > archive.size) throw unexpectedEnd();
    if (block.kind === "special") reader.special(archive.read(at, size));
    else yield withContent(block.header, sliceContent(archive, at, size));
    at += size + padding(size);
  }
}

/** The same for an archive that comes in; each member is read whole before it is given. */
export async function* readTar(source: ByteSource): AsyncGenerator<TarEntry> {
  const input = new BlockInput(source);
  const reader = new HeaderReader();
  try {
    for (;;) {
      const bytes = await input.take(BLOCK);
      if (bytes.length === 0) return;
      if (bytes.length < BLOCK) throw unexpectedEnd();
      const block = reader.block(bytes);
      if (block.kind === "end") return;
      if (block.kind === "zero") continue;
      const size = block.kind === "special" ? block.size : block.header.size;
      const content = await input.take(size);
      if (content.length < size) throw unexpectedEnd();
      if (block.kind === "special") reader.special(content);
      else yield withContent(block.header, bytesContent(content));
      await input.take(padding(size));
    }
  } finally {
    source.cancel();
  }
}

function withContent(header: TarHeader, content: FileContent): TarEntry {
  const { size: _, ...rest } = header;
  return { ...rest, content: header.kind === "file" ? content : emptyContent };
}

/** Cuts what a source gives into pieces of the lengths that are asked for. */
class BlockInput {
  readonly #source: ByteSource;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** `length` bytes; fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    let missing = length;
    while (missing > 0) {
      if (this.#rest.length === 0) {
        const chunk = await this.#source.read();
        if (!chunk) break;
        this.#rest = chunk;
      }
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      pieces.push(piece);
    }
    return concat(pieces);
  }
}
