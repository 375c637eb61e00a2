import type { Readable, Writable } from "node:stream";
import type { ByteSink, ByteSource } from "../core/platform/bytes.ts";
import { BrokenPipe } from "../core/platform/bytes.ts";

/** The bytes of a Node stream, taken as they are read. */
export function sourceFrom(stream: NodeJS.ReadableStream): ByteSource {
  const readable = stream as Readable;
  let failure: Error | undefined;
  let ended = readable.readableEnded;
  let wake = () => {};
  readable.on("error", (error) => ((failure = error), wake()));
  readable.on("end", () => ((ended = true), wake()));
  readable.on("close", () => ((ended = true), wake()));
  readable.on("readable", () => wake());
  return {
    async read() {
      for (;;) {
        const chunk = readable.read() as Buffer | null;
        if (chunk && chunk.length > 0) return new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length);
        if (failure) throw failure;
        if (ended) return null;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    cancel: () => {
      ended = true;
      readable.destroy();
      wake();
    },
  };
}

/** Writes into a Node stream; waits while it is full. */
export function sinkInto(stream: NodeJS.WritableStream): ByteSink {
  const writable = stream as Writable;
  let failure: Error | undefined;
  writable.on("error", (error: NodeJS.ErrnoException) => {
    failure =
      error.code === "EPIPE" || error.code === "ERR_STREAM_WRITE_AFTER_END" ? new BrokenPipe() : error;
  });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (failure) return reject(failure);
        if (writable.destroyed || writable.writableEnded) return reject(new BrokenPipe());
        const closed = () => reject(failure ?? new BrokenPipe());
        writable.once("close", closed);
        writable.write(bytes, (error?: NodeJS.ErrnoException | null) => {
          writable.off("close", closed);
          if (!error) resolve();
          else reject(error.code === "EPIPE" ? new BrokenPipe() : error);
        });
      }),
    close: () => void writable.end(),
    abort: (error) => void writable.destroy(error),
  };
}
