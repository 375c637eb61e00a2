import type { ByteSource } from "../../platform/bytes.ts";
import type { Cli } from "../cli.ts";
import { progressText } from "./bar.ts";
import type { MessageSink } from "./messages.ts";

/** A line that is rewritten comes at most after so many bytes more, and so much later. */
const stepBytes = 512 * 1024;
const stepNanoseconds = 100_000_000n;

/**
 * `source`, while how much of it went is told on one line: `action`, then the size, rewritten as it grows on a
 * terminal, written once at the end elsewhere.
 */
export function counted(
  source: ByteSource,
  cli: Cli,
  out: MessageSink,
  action: string,
  total = 0,
): ByteSource {
  const { clock } = cli.console;
  const onTerminal = cli.out.terminal !== undefined;
  let current = 0;
  let shown = 0;
  let shownAt: bigint | undefined;
  let ended = false;
  const line = () => `${action} ${progressText({ current, total }, out.columns ?? 200, clock.now())}`;
  const tell = async (last: boolean) => {
    shown = current;
    const now = clock.now();
    const due = shownAt === undefined || now - shownAt >= stepNanoseconds;
    if (!last && !(onTerminal && due)) return;
    shownAt = now;
    const text = line();
    await out.write(`${text}\r${text === `${action} ` ? "\n" : ""}${last ? "\r\n" : ""}`);
  };
  return {
    async read() {
      const chunk = await source.read();
      if (chunk) {
        current += chunk.length;
        if (current - shown > stepBytes) await tell(false);
      } else if (!ended) {
        ended = true;
        await tell(true);
      }
      return chunk;
    },
    cancel: (reason) => source.cancel(reason),
  };
}
