import { bytesContent, contentPieces, emptyContent, JoinedContent } from "../files/content.ts";
import type { FileContent } from "../files/filesystem.ts";
import { concat, utf8 } from "../platform/bytes.ts";
import type { ByteSink } from "../platform/bytes.ts";
import { BLOCK, padding, typeflags } from "./entry.ts";
import type { NewTarEntry } from "./entry.ts";
import { paxRecord } from "./pax.ts";

/** The header blocks of an entry, byte for byte as Go's archive/tar writes them in its PAX format. */
export function headerBytes(entry: NewTarEntry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const size = entry.kind === "file" ? (entry.content?.size ?? 0) : 0;
  const records = new Map<string, string | Uint8Array>();
  const seconds = floorSeconds(entry.mtime ?? 0n);
  const name = entry.kind === "directory" && !entry.name.endsWith("/") ? `${entry.name}/` : entry.name;

  const putText = (start: number, length: number, value: string, key: string) => {
    const ascii = value.replace(/[^\x00-\x7f]/g, "");
    if (ascii !== value || value.length > length) records.set(key, value);
    block.set(utf8(ascii.slice(0, length)), start);
  };
  const putNumber = (start: number, length: number, value: number, key = "") => {
    const fits = value >= 0 && value < 8 ** (length - 1);
    if (!fits) records.set(key, String(value));
    block.set(utf8((fits ? value : 0).toString(8).padStart(length - 1, "0")), start);
  };

  putText(0, 100, name, "path");
  putNumber(100, 8, entry.mode & 0o7777);
  putNumber(108, 8, entry.uid ?? 0, "uid");
  putNumber(116, 8, entry.gid ?? 0, "gid");
  putNumber(124, 12, size, "size");
  putNumber(136, 12, seconds, "mtime");
  block[156] = typeflags[entry.kind].charCodeAt(0);
  putText(157, 100, entry.linkname ?? "", "linkpath");
  block.set(utf8("ustar\x0000"), 257);
  putText(265, 32, entry.uname ?? "", "uname");
  putText(297, 32, entry.gname ?? "", "gname");
  putNumber(329, 8, entry.devmajor ?? 0);
  putNumber(337, 8, entry.devminor ?? 0);
  for (const [key, value] of Object.entries(entry.xattrs ?? {})) records.set(`SCHILY.xattr.${key}`, value);
  sign(block);
  return records.size === 0 ? block : concat([extendedHeader(name, records), block]);
}

function extendedHeader(name: string, records: Map<string, string | Uint8Array>): Uint8Array {
  const body = concat([...records.keys()].sort().map((key) => paxRecord(key, records.get(key)!)));
  const parts = name.replace(/\/+$/, "").split("/");
  const last = parts.pop()!;
  const path = [...parts, "PaxHeaders.0", last].join("/").replace(/[^\x00-\x7f]/g, "");
  const block = new Uint8Array(BLOCK);
  block.set(utf8(path.slice(0, 100).replace(/\/+$/, "")), 0);
  for (const start of [100, 108, 116]) block.set(utf8("0000000"), start);
  block.set(utf8(body.length.toString(8).padStart(11, "0")), 124);
  block.set(utf8("00000000000"), 136);
  block[156] = "x".charCodeAt(0);
  block.set(utf8("ustar\x0000"), 257);
  sign(block);
  return concat([block, body, new Uint8Array(padding(body.length))]);
}

function sign(block: Uint8Array): void {
  block.fill(0x20, 148, 156);
  let sum = 0;
  for (const byte of block) sum += byte;
  block.set(utf8(`${sum.toString(8).padStart(6, "0")}\0 `), 148);
}

function floorSeconds(nanoseconds: bigint): number {
  const seconds = nanoseconds / 1_000_000_000n;
  return Number(nanoseconds < 0n && seconds * 1_000_000_000n !== nanoseconds ? seconds - 1n : seconds);
}

/** The two blocks of zeros that end an archive. */
const trailer = new Uint8Array(2 * BLOCK);

/** Makes an archive whose files' bytes stay where they are, to be read when the archive is. */
export class TarBuilder {
  #parts: FileContent[] = [];

  add(entry: NewTarEntry): void {
    const content = entry.kind === "file" ? (entry.content ?? emptyContent) : emptyContent;
    this.#parts.push(
      bytesContent(headerBytes(entry)),
      content,
      bytesContent(trailer.subarray(0, padding(content.size))),
    );
  }

  finish(): FileContent {
    return new JoinedContent([...this.#parts, bytesContent(trailer)]);
  }
}

/** Writes an archive to `sink`, an entry at a time. */
export function tarWriter(sink: ByteSink): {
  add(entry: NewTarEntry): Promise<void>;
  finish(): Promise<void>;
} {
  return {
    async add(entry) {
      const content = entry.kind === "file" ? (entry.content ?? emptyContent) : emptyContent;
      await sink.write(headerBytes(entry));
      for (const piece of contentPieces(content)) await sink.write(piece);
      await sink.write(trailer.subarray(0, padding(content.size)));
    },
    async finish() {
      await sink.write(trailer);
      sink.close();
    },
  };
}
