import { progressText } from "./progress-bar.ts";
import type { ByteSource } from "../platform/bytes.ts";
import type { Clock } from "../platform/clock.ts";

/** A message of the streams in which Docker tells how far it is (pull, push, load, build …). */
export interface ProgressMessage {
  stream?: string;
  status?: string;
  progressDetail?: { current?: number; total?: number };
  /** The bar, drawn. */
  progress?: string;
  id?: string;
  errorDetail?: { code?: number; message: string };
  error?: string;
  aux?: unknown;
}

/** Takes the messages; ends when there is room for more. Rejects with BrokenPipe when nobody reads them. */
export type Tell = (message: ProgressMessage) => Promise<void>;

/** What is happening to `id` (a layer): "Downloading", so much of so much. */
export function progress(id: string, status: string, current = 0, total = 0): ProgressMessage {
  const shown = current > 0 || total > 0 ? progressText(current, total) : "";
  return {
    status,
    progressDetail: { ...(current ? { current } : {}), ...(total ? { total } : {}) },
    ...(shown ? { progress: shown } : {}),
    ...(id ? { id } : {}),
  };
}

/** Something that happened. */
export function status(text: string, id = ""): ProgressMessage {
  return { status: text, ...(id ? { id } : {}) };
}

export function failure(message: string): ProgressMessage {
  return { errorDetail: { message }, error: message };
}

/** Updates come no faster than this, but for the first and the last. */
const INTERVAL = 100_000_000n;

/** Tells how much of a source has been read, as Docker's progress reader does. */
export function progressSource(
  source: ByteSource,
  { clock, tell, id, action, total }: { clock: Clock; tell: Tell; id: string; action: string; total: number },
): ByteSource {
  let current = 0;
  let told = 0;
  let last: bigint | undefined;
  const every = Math.min(512 * 1024, Math.floor(total / 100) || Infinity);
  return {
    async read() {
      const chunk = await source.read();
      current += chunk?.length ?? 0;
      if (!chunk || current - told <= every) return chunk;
      told = current;
      const now = clock.now();
      if (current === total || last === undefined || now - last >= INTERVAL) {
        last = now;
        await tell(progress(id, action, current, total));
      }
      return chunk;
    },
    cancel: (reason) => source.cancel(reason),
  };
}

/**
 * The messages of something that takes no time: how it began, and that it is done. `end`: how much there is in the end, which
 * may be more than the `total` that was expected (an archive's headers count then). `unit`: what is read at first.
 */
export async function sweepProgress(
  tell: Tell,
  id: string,
  action: string,
  total: number,
  { end = total, unit = 0 }: { end?: number; unit?: number } = {},
): Promise<void> {
  const piece = 32768;
  const every = Math.min(512 * 1024, Math.floor(total / 100));
  const first = every < unit ? unit : unit + (Math.floor((every - unit) / piece) + 1) * piece;
  if (first < end) await tell(progress(id, action, first, total));
  if (end > 0) await tell(progress(id, action, end, total));
}

/** Messages of layers that are worked on at once, written one after the other. */
export function progressTeller(tell: Tell): Tell {
  let last: Promise<void> = Promise.resolve();
  return (message) => {
    const next = last.then(() => tell(message));
    last = next.catch(() => {});
    return next;
  };
}
