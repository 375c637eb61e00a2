import { Cancellation } from "./cancellation.ts";
import type { Clock, Instant } from "./clock.ts";

/** Calls `due` at an instant, unless it is cancelled before; never for undefined. */
export class Deadline {
  readonly #cancellation = new Cancellation();

  constructor(clock: Clock, at: Instant | undefined, due: () => void) {
    if (at === undefined) return;
    const milliseconds = Math.max(0, Number((at - clock.now() + 999_999n) / 1_000_000n));
    clock.sleep(milliseconds, this.#cancellation).then(due, () => {});
  }

  cancel(): void {
    this.#cancellation.cancel();
  }
}
