import { sha256 } from "@noble/hashes/sha2.js";
import { Gunzip, gzipSync } from "fflate";
import { decompress } from "fzstd";
import { concat } from "./bytes.ts";
import type { Codecs } from "./digests.ts";
import { hex } from "./random.ts";

/** Codecs in plain JavaScript: the same bytes everywhere. A gzip stream carries no time. */
export const portableCodecs: Codecs = {
  sha256() {
    const hash = sha256.create();
    return {
      update(bytes) {
        hash.update(bytes);
        return this;
      },
      hex: () => hex(hash.digest()),
    };
  },
  gzip: (bytes) => gzipSync(bytes, { mtime: 0, level: 6 }),
  gunzip(bytes) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new Error("gzip: invalid header");
    // Not gunzipSync: it takes room for as many bytes as the archive's own trailer claims.
    const chunks: Uint8Array[] = [];
    let ended = false;
    try {
      new Gunzip((chunk, final) => {
        chunks.push(chunk);
        ended ||= final;
      }).push(bytes, true);
    } catch (error) {
      throw new Error(/EOF/.test((error as Error).message) ? "unexpected EOF" : "flate: corrupt input");
    }
    if (!ended) throw new Error("unexpected EOF");
    return concat(chunks);
  },
  unzstd: (bytes) => decompress(bytes),
};
