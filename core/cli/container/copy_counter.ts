import type { ByteSource } from "../../platform/bytes.ts";

/** Counts the bytes that go by. */
export class CopyCounter {
  total = 0;

  through(source: ByteSource): ByteSource {
    return {
      read: async () => {
        const chunk = await source.read();
        this.total += chunk?.length ?? 0;
        return chunk;
      },
      cancel: (reason) => source.cancel(reason),
    };
  }
}
