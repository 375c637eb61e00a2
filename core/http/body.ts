import { sourceOf, utf8, type ByteSink, type ByteSource } from "../platform/bytes.ts";
import { MalformedMessage, type BufferedSource, type MessageHead } from "./head.ts";

/** How a message's body ends: after so many bytes, after its last chunk, or with the connection. */
export type Framing = { kind: "length"; length: number } | { kind: "chunked" } | { kind: "close" };

/** The framing that a head tells. `otherwise` is what is true where it says nothing. */
export function framingOf({ headers }: MessageHead, otherwise: Framing): Framing {
  const coding = headers["transfer-encoding"];
  if (coding !== undefined) {
    if (!/(^|,\s*)chunked$/i.test(coding))
      throw new MalformedMessage(`unsupported transfer encoding ${JSON.stringify(coding)}`);
    return { kind: "chunked" };
  }
  const length = headers["content-length"];
  if (length === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(length)) throw new MalformedMessage(`bad Content-Length ${JSON.stringify(length)}`);
  return { kind: "length", length: Number(length) };
}

/** The body that follows a head in `source`. `finished` is called when all of it has been read. */
export function readBody(
  source: BufferedSource,
  framing: Framing,
  finished: () => void = () => {},
): ByteSource {
  if (framing.kind === "close") return source;
  if (framing.kind === "chunked") return chunkedBody(source, finished);
  let left = framing.length;
  if (left === 0) {
    finished();
    return sourceOf();
  }
  return {
    async read() {
      if (left === 0) return null;
      const bytes = await source.read(left);
      if (!bytes) throw new MalformedMessage("unexpected EOF");
      left -= bytes.length;
      if (left === 0) finished();
      return bytes;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

function chunkedBody(source: BufferedSource, finished: () => void): ByteSource {
  let left = 0;
  let first = true;
  let over = false;
  return {
    async read() {
      if (over) return null;
      if (left === 0) {
        if (!first) await source.readUntil("\r\n", 2);
        first = false;
        const line = await source.readUntil("\r\n", 1024);
        const size = /^([0-9a-fA-F]{1,12})\s*(;.*)?$/.exec(line ?? "");
        if (!size) throw new MalformedMessage("malformed chunked encoding");
        left = parseInt(size[1]!, 16);
        if (left === 0) {
          // Trailers end with an empty line.
          for (
            let trailer = await source.readUntil("\r\n", 8192);
            trailer;
            trailer = await source.readUntil("\r\n", 8192)
          );
          over = true;
          finished();
          return null;
        }
      }
      const bytes = await source.read(left);
      if (!bytes) throw new MalformedMessage("unexpected EOF");
      left -= bytes.length;
      return bytes;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

/** Sends all of a body; the connection stays open. */
export async function writeBody(sink: ByteSink, body: ByteSource, framing: Framing): Promise<void> {
  for (let bytes = await body.read(); bytes; bytes = await body.read()) {
    if (framing.kind === "chunked") await sink.write(utf8(`${bytes.length.toString(16)}\r\n`));
    await sink.write(bytes);
    if (framing.kind === "chunked") await sink.write(utf8("\r\n"));
  }
  if (framing.kind === "chunked") await sink.write(utf8("0\r\n\r\n"));
}
