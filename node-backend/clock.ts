import { Cancelled } from "../core/platform/cancellation.ts";
import type { Clock } from "../core/platform/clock.ts";

/** The machine's time. */
export const systemClock: Clock = {
  now: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6)),
  sleep: (milliseconds, cancellation) =>
    new Promise((resolve, reject) => {
      let undo = () => {};
      const timer = setTimeout(() => (undo(), resolve()), milliseconds);
      undo =
        cancellation?.onCancel((reason) => {
          clearTimeout(timer);
          reject(new Cancelled(reason));
        }) ?? undo;
    }),
};
