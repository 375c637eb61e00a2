import type { Readable, Writable } from "node:stream";
import { BrokenPipe, type ByteDuplex, type ByteSink, type ByteSource } from "../../core/platform/bytes.ts";

/** A Node stream as a ByteSource: pulled, so the other side waits while nobody reads. */
export function sourceFrom(stream: Readable): ByteSource {
  // The plain iterator would destroy a socket at its end, and with it the direction that is still open.
  const chunks = stream.iterator({ destroyOnReturn: false });
  let over = false;
  return {
    async read() {
      while (!over) {
        const { value, done } = await chunks.next();
        if (done) over = true;
        else if (value.length > 0) return new Uint8Array(value.buffer, value.byteOffset, value.length);
      }
      return null;
    },
    cancel() {
      over = true;
      stream.destroy();
    },
  };
}

/** A Node stream as a ByteSink; `write` ends when the stream wants more. */
export function sinkTo(stream: Writable): ByteSink {
  let broken: Error | undefined;
  const fail = (error?: Error) => (broken ??= new BrokenPipe(error?.message));
  stream.on("error", fail);
  stream.on("close", () => fail());
  return {
    async write(bytes) {
      if (broken) throw broken;
      if (stream.write(bytes)) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          stream.off("drain", done);
          stream.off("close", done);
          resolve();
        };
        stream.on("drain", done);
        stream.on("close", done);
      });
      if (broken) throw broken;
    },
    close: () => void stream.end(),
    abort: (error) => void stream.destroy(error),
  };
}

/** A socket as both directions of a connection. */
export function duplexFrom(socket: Readable & Writable): ByteDuplex {
  return { source: sourceFrom(socket), sink: sinkTo(socket) };
}
