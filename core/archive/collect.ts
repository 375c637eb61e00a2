import { bytesContent, contentPieces, JoinedContent } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Sha256 } from "../platform/digests.ts";

/**
 * All that a source gives, held as it came, without joining it; `hash` sees it too. Of a source that was made from a
 * content, that content itself: bytes that are made when they are read need not be made for it.
 */
export async function collect(source: ByteSource, hash?: Sha256): Promise<FileContent> {
  const content = source instanceof ContentSource ? source.take() : undefined;
  if (content) {
    if (hash) for (const piece of contentPieces(content)) hash.update(piece);
    return content;
  }
  const chunks: FileContent[] = [];
  for (;;) {
    const chunk = await source.read();
    if (!chunk) return new JoinedContent(chunks);
    hash?.update(chunk);
    chunks.push(bytesContent(chunk));
  }
}

/** A content as a source, from `offset`; its bytes are made as they are read. */
export function contentSource(content: FileContent, offset = 0): ByteSource {
  return new ContentSource(content, offset);
}

class ContentSource implements ByteSource {
  readonly #content: FileContent;
  #offset: number;

  constructor(content: FileContent, offset: number) {
    this.#content = content;
    this.#offset = offset;
  }

  async read(): Promise<Uint8Array | null> {
    const piece = this.#content.read(this.#offset, 65536);
    if (piece.length === 0) return null;
    this.#offset += piece.length;
    return piece;
  }

  cancel(): void {
    this.#offset = this.#content.size;
  }

  /** The whole content, if nothing of it has been read; nothing is left to read then. */
  take(): FileContent | undefined {
    if (this.#offset !== 0) return undefined;
    this.cancel();
    return this.#content;
  }
}
