/** Who waits for something to change. */
export interface Waiter {
  /** It may have changed; whoever waits looks again. */
  wakeUp(): void;
}

/** Those who wait for one thing: that a pipe has bytes, that a child changed. */
export class WaitQueue {
  readonly waiters = new Set<Waiter>();

  wake(): void {
    if (this.waiters.size === 0) return;
    for (const waiter of [...this.waiters]) waiter.wakeUp();
  }

  /** Settles at the next wake; for those outside of the kernel. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      const waiter: Waiter = {
        wakeUp: () => {
          this.waiters.delete(waiter);
          resolve();
        },
      };
      this.waiters.add(waiter);
    });
  }
}
