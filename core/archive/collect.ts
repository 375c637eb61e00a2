import { bytesContent, contentPieces, JoinedContent } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Sha256 } from "../platform/digests.ts";

/** All that a source gives, held as it came, without joining it; `hash` sees it too. */
export async function collect(source: ByteSource, hash?: Sha256): Promise<FileContent> {
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
  let pieces: Iterator<Uint8Array> | undefined = contentPieces(content, offset);
  return {
    read: async () => {
      const next = pieces?.next();
      return next && !next.done ? next.value : null;
    },
    cancel: () => void (pieces = undefined),
  };
}
