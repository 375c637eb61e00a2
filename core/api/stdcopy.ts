import type { ByteSink, ByteSource } from "../platform/bytes.ts";
import { concat, text } from "../platform/bytes.ts";

// Without a terminal, a container's stdout and stderr share one stream: each piece of output has a header of eight
// bytes, [stream, 0, 0, 0, length as four bytes, most significant first].

/** The streams of the multiplexed format; "systemerr" carries an error of the engine itself. */
export type OutputStream = "stdin" | "stdout" | "stderr" | "systemerr";

const streams: readonly OutputStream[] = ["stdin", "stdout", "stderr", "systemerr"];
const headerLength = 8;

/** `bytes` as one frame of `stream`. */
export function encodeFrame(stream: OutputStream, bytes: Uint8Array): Uint8Array {
  const frame = new Uint8Array(headerLength + bytes.length);
  frame[0] = streams.indexOf(stream);
  const length = bytes.length;
  frame.set([length >>> 24, (length >>> 16) & 255, (length >>> 8) & 255, length & 255], 4);
  frame.set(bytes, headerLength);
  return frame;
}

/**
 * Splits a multiplexed stream: resolves when all of `source` is read. A stream whose sink is undefined is dropped.
 * Rejects with docker's text for what is not in this format, and for an error that the engine sends.
 */
export async function decodeFrames(
  source: ByteSource,
  sinks: { stdout?: Pick<ByteSink, "write"> | undefined; stderr?: Pick<ByteSink, "write"> | undefined },
): Promise<void> {
  const reader = new ExactReader(source);
  for (;;) {
    const header = await reader.take(headerLength);
    if (!header) return;
    const stream = streams[header[0]!];
    if (!stream) throw new Error(`unrecognized input header: ${header[0]}`);
    const length = ((header[4]! << 24) | (header[5]! << 16) | (header[6]! << 8) | header[7]!) >>> 0;
    if (stream === "systemerr") {
      const message = await reader.take(length);
      throw new Error(`error from daemon in stream: ${text(message ?? new Uint8Array())}`);
    }
    const sink = stream === "stderr" ? sinks.stderr : sinks.stdout;
    const complete = await reader.pass(length, sink);
    if (!complete) return;
  }
}

/** Reads in pieces of a wanted length from a source that has its own. */
class ExactReader {
  readonly #source: ByteSource;
  #left: Uint8Array = new Uint8Array();

  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** Exactly `length` bytes, or null when the source ends before them. */
  async take(length: number): Promise<Uint8Array | null> {
    const pieces: Uint8Array[] = [];
    for (let missing = length; missing > 0;) {
      const piece = await this.#some(missing);
      if (!piece) return null;
      pieces.push(piece);
      missing -= piece.length;
    }
    return concat(pieces);
  }

  /** Hands `length` bytes on as they come; false when the source ends before them. */
  async pass(length: number, sink: Pick<ByteSink, "write"> | undefined): Promise<boolean> {
    for (let missing = length; missing > 0;) {
      const piece = await this.#some(missing);
      if (!piece) return false;
      await sink?.write(piece);
      missing -= piece.length;
    }
    return true;
  }

  async #some(most: number): Promise<Uint8Array | null> {
    if (this.#left.length === 0) {
      const chunk = await this.#source.read();
      if (!chunk) return null;
      this.#left = chunk;
    }
    const piece = this.#left.subarray(0, most);
    this.#left = this.#left.subarray(piece.length);
    return piece;
  }
}
