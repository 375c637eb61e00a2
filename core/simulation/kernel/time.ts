import { Cancelled, type Cancellation } from "../../platform/cancellation.ts";
import type { Clock, Instant } from "../../platform/clock.ts";

/** Something that happens at a virtual moment. */
export interface Timer {
  /** Nanoseconds since boot. */
  readonly due: number;
  readonly order: number;
  readonly fire: () => void;
  cancelled: boolean;
}

/** How much a reading of the engine's clock moves virtual time on (ns), so that no two of its timestamps are the same. */
const readingCost = 1009;

/** Virtual time: nanoseconds since boot, the moments at which something is due, and the engine's Clock over both. */
export class VirtualTime implements Clock {
  /** Nanoseconds since boot. */
  elapsed = 0;
  /** The moment of boot, as clock_settime changes it. */
  boot: Instant;
  /** Called when a timer was set: the loop may be waiting for a later one. */
  onTimer: () => void = () => {};
  #heap: Timer[] = [];
  #order = 0;

  constructor(boot: Instant) {
    this.boot = boot;
  }

  /** The date, without moving it. */
  realtime(): Instant {
    return this.boot + BigInt(Math.floor(this.elapsed));
  }

  now(): Instant {
    this.elapsed += readingCost;
    return this.realtime();
  }

  sleep(milliseconds: number, cancellation?: Cancellation): Promise<void> {
    return new Promise((resolve, reject) => {
      if (cancellation?.cancelled) return reject(new Cancelled(cancellation.reason));
      let undo = () => {};
      const timer = this.at(this.elapsed + Math.max(milliseconds, 0) * 1e6, () => {
        undo();
        resolve();
      });
      undo =
        cancellation?.onCancel((reason) => {
          this.cancel(timer);
          reject(new Cancelled(reason));
        }) ?? undo;
    });
  }

  /** Calls `fire` once virtual time has reached `due`. */
  at(due: number, fire: () => void): Timer {
    const timer: Timer = { due, order: this.#order++, fire, cancelled: false };
    this.#push(timer);
    this.onTimer();
    return timer;
  }

  cancel(timer: Timer): void {
    timer.cancelled = true;
  }

  /** When the next timer is due; Infinity when there is none. */
  nextDue(): number {
    while (this.#heap[0]?.cancelled) this.#pop();
    return this.#heap[0]?.due ?? Infinity;
  }

  /** Moves time on and fires what has become due, in order. */
  advance(nanoseconds: number): void {
    this.elapsed += nanoseconds;
    while (this.#heap.length > 0 && this.#heap[0]!.due <= this.elapsed) {
      const timer = this.#pop();
      if (!timer.cancelled) timer.fire();
    }
  }

  #before(a: Timer, b: Timer): boolean {
    return a.due < b.due || (a.due === b.due && a.order < b.order);
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#before(timer, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = timer;
  }

  #pop(): Timer {
    const heap = this.#heap;
    const top = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && this.#before(heap[below + 1]!, heap[below]!)) below++;
      if (!this.#before(heap[below]!, last)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = last;
    return top;
  }
}
