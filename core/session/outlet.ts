import { BrokenPipe, type ByteSink } from "../platform/bytes.ts";

/** So many bytes may be on their way out before the machine stands still. */
const room = 1 << 18;

/**
 * What the lines of a machine print, on its way to whoever shows it. How fast that goes must not change what happens
 * within: nobody there waits for it, the whole machine stands still while too much is on its way.
 */
export class Outlet {
  #pending = 0;
  #last: Promise<unknown> = Promise.resolve();
  /** Called when there is room again. */
  onRoom: () => void = () => {};

  get full(): boolean {
    return this.#pending > room;
  }

  /** Settles when all that was printed is out. */
  async flushed(): Promise<void> {
    for (let last; last !== this.#last;) await (last = this.#last);
  }

  /** `onBroken` is called when nobody takes what comes out any more; `broken` says so inside, once that has been let in. */
  sink(real: ByteSink, broken: () => boolean, onBroken: () => void): ByteSink {
    let last = Promise.resolve();
    let gone = false;
    const pass = async (bytes: Uint8Array) => {
      try {
        if (!gone) await real.write(bytes);
      } catch (error) {
        gone = true;
        if (!(error instanceof BrokenPipe)) throw error;
        onBroken();
      } finally {
        this.#pending -= bytes.length;
        this.onRoom();
      }
    };
    return {
      write: async (bytes) => {
        if (broken()) throw new BrokenPipe();
        this.#pending += bytes.length;
        last = last.then(() => pass(bytes));
        this.#last = Promise.all([this.#last, last]);
      },
      close: () => void last.then(() => real.close()),
      abort: (error) => void last.then(() => real.abort(error)),
    };
  }
}
