import { bytesContent, contentPieces, JoinedContent, sliceContent } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Sha256 } from "../platform/digests.ts";

/**
 * All that a source gives, held as it came, without joining it; `hash` sees it too. Of a contentSource that nobody has
 * read from yet it is the content itself: bytes that are only made when read stay so.
 */
export async function collect(source: ByteSource, hash?: Sha256): Promise<FileContent> {
  if (source instanceof ContentSource && source.untouched) {
    source.cancel();
    if (hash) for (const piece of contentPieces(source.content)) hash.update(piece);
    return source.content;
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
  return new ContentSource(sliceContent(content, offset, content.size - offset));
}

class ContentSource implements ByteSource {
  readonly content: FileContent;
  #pieces: Iterator<Uint8Array> | undefined;
  #over = false;

  constructor(content: FileContent) {
    this.content = content;
  }

  get untouched(): boolean {
    return !this.#pieces && !this.#over;
  }

  async read(): Promise<Uint8Array | null> {
    if (this.#over) return null;
    this.#pieces ??= contentPieces(this.content);
    const next = this.#pieces.next();
    return next.done ? null : next.value;
  }

  cancel(): void {
    this.#over = true;
  }
}
