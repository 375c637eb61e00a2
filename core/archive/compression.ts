import { bytesContent, contentBytes } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import type { Codecs } from "../platform/digests.ts";

export type Compression = "none" | "gzip" | "bzip2" | "xz" | "zstd";

const magics: readonly [Compression, readonly number[]][] = [
  ["bzip2", [0x42, 0x5a, 0x68]],
  ["gzip", [0x1f, 0x8b, 0x08]],
  ["xz", [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ["zstd", [0x28, 0xb5, 0x2f, 0xfd]],
];

/** How an archive is compressed, by its first ten bytes. */
export function compressionOf(start: Uint8Array): Compression {
  const found = magics.find(([, magic]) => magic.every((byte, at) => start[at] === byte));
  return found?.[0] ?? "none";
}

/** What a content is when it is decompressed; what is not compressed stays as it is. */
export function decompress(content: FileContent, codecs: Codecs): FileContent {
  const compression = compressionOf(content.read(0, 10));
  switch (compression) {
    case "none":
      return content;
    case "gzip":
      return bytesContent(codecs.gunzip(contentBytes(content)));
    case "zstd":
      return bytesContent(codecs.unzstd(contentBytes(content)));
    case "xz":
      // Docker leaves this to the program, and says so when the host has none.
      throw new Error('exec: "xz": executable file not found in $PATH');
    case "bzip2":
      throw new Error("archives compressed with bzip2 cannot be read here; use gzip or zstd");
  }
}
