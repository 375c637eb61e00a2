import { text } from "../platform/bytes.ts";
import { BLOCK } from "./entry.ts";
import type { TarHeader, TarKind } from "./entry.ts";
import { parsePaxRecords, paxInteger, paxTime } from "./pax.ts";

/** An archive that is not as it should be. Messages are those of Go's archive/tar. */
export class TarError extends Error {
  override name = "TarError";
}

export const invalidHeader = () => new TarError("archive/tar: invalid tar header");
export const unexpectedEnd = () => new TarError("unexpected EOF");

/** The longest name or extended header that Go's archive/tar takes. */
const SPECIAL_LIMIT = 1 << 20;

/** What a block of headers turned out to be. */
export type HeaderBlock =
  | { kind: "end" }
  /** The first of the two blocks of zeros that end an archive. */
  | { kind: "zero" }
  /** A header that says something about the next one, with `size` bytes to be handed to `special`. */
  | { kind: "special"; size: number }
  | { kind: "entry"; header: TarHeader };

/**
 * Reads the header blocks of a tar archive (v7, ustar, GNU, PAX), one by one: what a block means depends on those before.
 * Throws TarError.
 */
export class HeaderReader {
  #zero = false;
  #special: string | undefined;
  #pax: Map<string, string> | undefined;
  #longName: string | undefined;
  #longLink: string | undefined;

  /** The next block of 512 bytes. */
  block(block: Uint8Array): HeaderBlock {
    if (block.every((byte) => byte === 0)) {
      if (this.#zero) return { kind: "end" };
      this.#zero = true;
      return { kind: "zero" };
    }
    if (this.#zero || !hasRightSum(block)) throw invalidHeader();
    const flag = String.fromCharCode(block[156]!);
    const size = number(block, 124, 12);
    if (size < 0) throw invalidHeader();
    if ("xgLK".includes(flag)) {
      if (size > SPECIAL_LIMIT) throw new TarError("archive/tar: header field too long");
      this.#special = flag;
      return { kind: "special", size };
    }
    return { kind: "entry", header: this.#entry(block, flag, size) };
  }

  /** The bytes that belong to the "special" block before. */
  special(bytes: Uint8Array): void {
    if (this.#special === "L") this.#longName = string(bytes, 0, bytes.length);
    else if (this.#special === "K") this.#longLink = string(bytes, 0, bytes.length);
    else if (this.#special === "x") this.#pax = parsePaxRecords(bytes);
    // Docker passes over global headers (git writes one), after checking them.
    else parsePaxRecords(bytes);
  }

  #entry(block: Uint8Array, flag: string, size: number): TarHeader {
    let name = string(block, 0, 100);
    const magic = string(block, 257, 8);
    const ustar = magic.startsWith("ustar") && block[262] === 0;
    const gnu = magic === "ustar  ";
    if (ustar && block[345] !== 0) name = `${string(block, 345, 155)}/${name}`;
    const header: TarHeader = {
      name: this.#longName ?? name,
      kind: "other",
      typeflag: block[156]!,
      mode: number(block, 100, 8) & 0o7777,
      uid: number(block, 108, 8),
      gid: number(block, 116, 8),
      size,
      mtime: BigInt(number(block, 136, 12)) * 1_000_000_000n,
      linkname: this.#longLink ?? string(block, 157, 100),
      uname: ustar || gnu ? string(block, 265, 32) : "",
      gname: ustar || gnu ? string(block, 297, 32) : "",
      devmajor: 0,
      devminor: 0,
    };
    if (flag === "3" || flag === "4") {
      header.devmajor = number(block, 329, 8);
      header.devminor = number(block, 337, 8);
    }
    if (this.#pax) applyPax(header, this.#pax);
    this.#pax = this.#longName = this.#longLink = undefined;
    if (flag === "S") throw new TarError("archive/tar: sparse files are not supported");
    header.kind = kindOf(flag, header.name);
    if (header.kind !== "file" && header.kind !== "other") header.size = 0;
    if (header.size < 0) throw invalidHeader();
    return header;
  }
}

function kindOf(flag: string, name: string): TarKind | "other" {
  switch (flag) {
    case "\0":
    case "0":
      // Before ustar a directory was a file whose name ends so.
      return name.endsWith("/") ? "directory" : "file";
    case "7":
      return "file";
    case "1":
      return "hardlink";
    case "2":
      return "symlink";
    case "3":
      return "character";
    case "4":
      return "block";
    case "5":
      return "directory";
    case "6":
      return "fifo";
    default:
      return "other";
  }
}

function applyPax(header: TarHeader, records: Map<string, string>): void {
  for (const [key, value] of records) {
    if (key.startsWith("GNU.sparse.")) throw new TarError("archive/tar: sparse files are not supported");
    if (key.startsWith("SCHILY.xattr.")) (header.xattrs ??= {})[key.slice(13)] = latin1Bytes(value);
    else if (value === "") continue;
    else if (key === "path") header.name = utf8Of(value);
    else if (key === "linkpath") header.linkname = utf8Of(value);
    else if (key === "uname") header.uname = utf8Of(value);
    else if (key === "gname") header.gname = utf8Of(value);
    else if (key === "size") header.size = paxInteger(value);
    else if (key === "uid") header.uid = paxInteger(value);
    else if (key === "gid") header.gid = paxInteger(value);
    else if (key === "mtime") header.mtime = paxTime(value);
  }
}

function utf8Of(value: string): string {
  return text(latin1Bytes(value));
}

function latin1Bytes(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at++) bytes[at] = value.charCodeAt(at);
  return bytes;
}

function string(block: Uint8Array, start: number, length: number): string {
  let end = start;
  while (end < start + length && block[end] !== 0) end++;
  return text(block.subarray(start, end));
}

/** Octal digits, or a number in base 256 when the first bit is set. */
function number(block: Uint8Array, start: number, length: number): number {
  if (block[start]! & 0x80) {
    const negative = (block[start]! & 0x40) !== 0;
    let value = negative ? -1n : 0n;
    for (let at = start; at < start + length; at++) {
      const byte = at === start ? (negative ? block[at]! | 0x80 : block[at]! & 0x7f) : block[at]!;
      value = (value << 8n) | BigInt(byte);
    }
    if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER))
      throw invalidHeader();
    return Number(value);
  }
  const digits = string(block, start, length).replace(/^[ \0]+|[ \0]+$/g, "");
  if (digits === "") return 0;
  if (!/^[0-7]+$/.test(digits)) throw invalidHeader();
  return parseInt(digits, 8);
}

function hasRightSum(block: Uint8Array): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let at = 0; at < BLOCK; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : block[at]!;
    unsigned += byte;
    signed += (byte << 24) >> 24;
  }
  const said = number(block, 148, 8);
  return said === unsigned || said === signed;
}
