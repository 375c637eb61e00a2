/**
 * Decides when virtual time may jump to what is due. It only delays: what happens, and at which virtual moment, never
 * depends on it.
 */
export interface Pacer {
  /**
   * Resolves when virtual time may be `due` (nanoseconds since boot; Infinity when nothing is due). It is dropped,
   * without being told, when the kernel has something to do before.
   */
  until(due: number): Promise<void>;
  /** Whether programs that are busy may go on although virtual time is `elapsed` already. */
  mayRun(elapsed: number): boolean;
  /** The virtual moment that the wall clock has reached; undefined where there is none. */
  now?(): number;
}

const never = new Promise<void>(() => {});

/** Time jumps at once to what is due. */
export const jumping: Pacer = {
  until: (due) => (due === Infinity ? never : Promise.resolve()),
  mayRun: () => true,
};

/** Programs run, but timers wait. */
export const still: Pacer = { until: () => never, mayRun: () => true };

/** A clock of the real machine, handed in by the composition root. */
export interface WallClock {
  /** Milliseconds, from any zero, never going back. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/**
 * Virtual time goes with a wall clock, `speed` times as fast: from now on, at `elapsed` nanoseconds since boot.
 */
export function wallPacer(wall: WallClock, elapsed: number, speed = 1): Pacer {
  const start = wall.now();
  const virtual = () => elapsed + (wall.now() - start) * 1e6 * speed;
  return {
    now: virtual,
    mayRun: (at) => at <= virtual() + 20e6,
    async until(due) {
      if (due === Infinity) return never;
      for (let left = due - virtual(); left > 0; left = due - virtual()) {
        await wall.sleep(Math.min(Math.max(left / 1e6 / speed, 1), 2 ** 30));
      }
    },
  };
}
