import type { ByteSource } from "../../platform/bytes.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { humanSize } from "../units.ts";

/** Milliseconds between two looks at what has been copied. */
const interval = 75;

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

/** Does `work`, and shows on a terminal meanwhile how much was copied. */
export async function showCopy<T>(
  cli: Cli,
  header: string,
  counter: CopyCounter,
  work: () => Promise<T>,
): Promise<T> {
  if (!cli.err.terminal) return work();
  const { err } = cli;
  // Save and restore the cursor, erase a line, hide and show the cursor.
  await err.write(
    "\x1b[s" + "Preparing to copy..." + "\x1b[?25l" + "\x1b[u" + "\x1b[2K" + header + humanSize(0, 3),
  );
  const over = new Cancellation();
  const shown = watch();
  try {
    return await work();
  } finally {
    over.cancel();
    await shown;
    await err.write("\x1b[?25h" + "\x1b[u" + "\x1b[2K");
  }

  async function watch(): Promise<void> {
    let last = 0;
    for (;;) {
      await cli.console.clock.sleep(interval, over).catch(() => {});
      if (over.cancelled) return;
      if (counter.total === last) continue;
      last = counter.total;
      await err.write(`\x1b[${header.length + 1}G\x1b[0K${humanSize(last, 3)}`);
    }
  }
}
