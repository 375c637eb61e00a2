import { concat } from "../../platform/bytes.ts";
import type { ByteSink } from "../../platform/bytes.ts";

const pieceSize = 32 * 1024;

/** Writes to `sink` in pieces of 32 KiB, whatever the sizes it is given; `finish` writes the rest and closes it. */
export function gathering(sink: ByteSink): Pick<ByteSink, "write"> & { finish(): Promise<void> } {
  let held: Uint8Array[] = [];
  let size = 0;
  const flush = async () => {
    const piece = concat(held);
    held = [];
    size = 0;
    await sink.write(piece);
  };
  return {
    async write(bytes) {
      held.push(bytes);
      size += bytes.length;
      if (size >= pieceSize) await flush();
    },
    async finish() {
      if (size > 0) await flush();
      sink.close();
    },
  };
}
