/**
 * A request to stop, handed down to whatever works on somebody's behalf.
 *
 * core has no AbortSignal (it is the DOM's), and an AbortSignal does not cross a MessagePort; this is
 * the small part of it that is needed.
 */
export class Cancellation {
  #reason: string | undefined;
  #listeners = new Set<(reason: string) => void>();

  /** Why it was cancelled; undefined while it is not. */
  get reason(): string | undefined {
    return this.#reason;
  }

  get cancelled(): boolean {
    return this.#reason !== undefined;
  }

  /** Cancels, once; later calls do nothing. Listeners run synchronously, in the order they were added. */
  cancel(reason = "context canceled"): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(reason);
  }

  /** Calls `listener` at cancellation, at once if that has been; returns a function that takes it back. */
  onCancel(listener: (reason: string) => void): () => void {
    if (this.#reason !== undefined) {
      listener(this.#reason);
      return () => {};
    }
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  throwIfCancelled(): void {
    if (this.#reason !== undefined) throw new Cancelled(this.#reason);
  }
}

/** Thrown by work that ended because its Cancellation was cancelled. */
export class Cancelled extends Error {
  override name = "Cancelled";
}
