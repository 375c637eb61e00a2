import { contentPieces } from "../../../files/content.ts";
import type { FileContent } from "../../../files/filesystem.ts";

const HEADER = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255);
const LONGEST_STORED = 65535;
/** Shorter runs are not worth a block. */
const SHORTEST_RUN = 64;

/**
 * A gzip stream of `content`, piece by piece. Only runs of zeros become smaller, everything else is stored: so it is
 * fast, and the bytes are the same whatever library the machine has, which is what a digest in the catalogue needs.
 */
export function* gzipPieces(content: FileContent): Generator<Uint8Array> {
  yield HEADER;
  let crc = 0xffffffff;
  let zeros = 0;
  for (const piece of contentPieces(content, 0, 1 << 16)) {
    crc = crc32(crc, piece);
    let at = 0;
    while (at < piece.length) {
      const run = zeroRun(piece, at);
      if (run > 0 && (zeros > 0 || run >= SHORTEST_RUN || at + run === piece.length)) {
        zeros += run;
        at += run;
        if (at === piece.length) break;
      }
      if (zeros > 0) {
        yield* zeroBlock(zeros);
        zeros = 0;
      }
      const end = nextRun(piece, at);
      yield* stored(piece.subarray(at, end));
      at = end;
    }
  }
  if (zeros > 0) yield* zeroBlock(zeros);
  const trailer = new DataView(new ArrayBuffer(13));
  trailer.setUint8(0, 1); // A last, empty stored block.
  trailer.setUint16(3, 0xffff, true);
  trailer.setUint32(5, ~crc >>> 0, true);
  trailer.setUint32(9, content.size >>> 0, true);
  yield new Uint8Array(trailer.buffer);
}

/** How many zeros stand at `at`. */
function zeroRun(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && bytes[end] === 0) end++;
  return end - at;
}

/** Where, after `at`, the next run of zeros begins that is worth a block, or reaches the end. */
function nextRun(bytes: Uint8Array, at: number): number {
  let from = at;
  for (;;) {
    const zero = bytes.indexOf(0, from);
    if (zero < 0) return bytes.length;
    const run = zeroRun(bytes, zero);
    if (zero > at && (run >= SHORTEST_RUN || zero + run === bytes.length)) return zero;
    from = zero + run;
    if (from >= bytes.length) return bytes.length;
  }
}

function* stored(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += LONGEST_STORED) {
    const part = bytes.subarray(at, at + LONGEST_STORED);
    yield Uint8Array.of(
      0,
      part.length & 0xff,
      part.length >> 8,
      ~part.length & 0xff,
      (~part.length >> 8) & 0xff,
    );
    yield part;
  }
}

/**
 * A block with fixed codes: a zero, then repetitions of the byte before (length 258 is symbol 285, distance 1 symbol 0),
 * single zeros for what is left; then an empty stored block, so that the next one begins on a whole byte.
 */
function zeroBlock(count: number): Uint8Array[] {
  const bits = new BitWriter(Math.ceil(((count / 258) * 13) / 8) + 600);
  bits.put(0b010, 3);
  bits.code(0x30, 8);
  let left = count - 1;
  for (; left >= 258; left -= 258) {
    bits.code(0b11000101, 8);
    bits.code(0, 5);
  }
  for (; left > 0; left--) bits.code(0x30, 8);
  bits.code(0, 7);
  bits.put(0, 3);
  return [bits.bytes(), Uint8Array.of(0, 0, 0xff, 0xff)];
}

/** Bits, the least significant of a byte first. */
class BitWriter {
  readonly #bytes: Uint8Array;
  #at = 0;
  #held = 0;
  #count = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity);
  }

  put(value: number, count: number): void {
    this.#held |= value << this.#count;
    this.#count += count;
    while (this.#count >= 8) {
      this.#bytes[this.#at++] = this.#held & 0xff;
      this.#held >>>= 8;
      this.#count -= 8;
    }
  }

  /** A Huffman code: its most significant bit first. */
  code(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) this.put((value >>> bit) & 1, 1);
  }

  bytes(): Uint8Array {
    if (this.#count > 0) this.put(0, 8 - this.#count);
    return this.#bytes.subarray(0, this.#at);
  }
}

/** For four bytes at a time: the table of a byte, and of a byte with one, two, three zeros behind it. */
const TABLES = crcTables();

function crcTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    return value;
  });
  const tables = [first];
  for (let behind = 1; behind < 4; behind++)
    tables.push(tables[behind - 1]!.map((value) => (value >>> 8) ^ first[value & 0xff]!));
  return tables;
}

function crc32(crc: number, bytes: Uint8Array): number {
  const [none, one, two, three] = TABLES as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let value = crc;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    value ^= bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    value =
      three[value & 0xff]! ^ two[(value >>> 8) & 0xff]! ^ one[(value >>> 16) & 0xff]! ^ none[value >>> 24]!;
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ none[(value ^ bytes[at]!) & 0xff]!;
  return value;
}
