import { collect, contentSource } from "../../archive/collect.ts";
import { systemError } from "../../errors/errors.ts";
import { contentBytes } from "../../files/content.ts";
import { type ByteSource, sourceOf } from "../../platform/bytes.ts";
import type { Codecs } from "../../platform/digests.ts";

/** What gzip or zstd has compressed, opened; anything else as it is. Known by its first bytes, as Docker knows it. */
export async function decompressed(archive: ByteSource, codecs: Codecs): Promise<ByteSource> {
  const content = await collect(archive);
  const [a, b, c, d] = content.read(0, 4);
  if (a === 0x1f && b === 0x8b) return sourceOf(codecs.gunzip(contentBytes(content)));
  if (a === 0x28 && b === 0xb5 && c === 0x2f && d === 0xfd)
    return sourceOf(codecs.unzstd(contentBytes(content)));
  if (a === 0x42 && b === 0x5a && c === 0x68) throw unsupported("bzip2");
  if (a === 0xfd && b === 0x37 && c === 0x7a && d === 0x58) throw unsupported("xz");
  return contentSource(content);
}

const unsupported = (compression: string) => systemError(`unsupported compression format ${compression}`);
