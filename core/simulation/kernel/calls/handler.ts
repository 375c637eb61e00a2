import type { CallName, SystemCalls } from "../calls.ts";
import type { Kernel } from "../kernel.ts";
import type { Thread } from "../process.ts";
import type { WaitQueue } from "../wait-queue.ts";

/** The answer of a handler whose call has not come to its end. */
export interface Pending {
  readonly tryAgain: "when woken" | "next turn";
}

/** What a handler answers when the call cannot end yet: it is tried again once the thread is woken. */
export const blocked: Pending = { tryAgain: "when woken" };
/** What a handler answers when the call is to be tried again at the thread's next turn. */
export const again: Pending = { tryAgain: "next turn" };

/** Does one system call for a thread: its result, or that it has to wait. Throws Errno. */
export type Handler<K extends CallName> = (
  kernel: Kernel,
  thread: Thread,
  ...args: Parameters<SystemCalls[K]>
) => ReturnType<SystemCalls[K]> | Pending;

export type Handlers = { [K in CallName]: Handler<K> };

/** Puts the thread to sleep until one of `queues` is woken, a signal comes, or `deadline` (nanoseconds since boot) passes. */
export function block(
  kernel: Kernel,
  thread: Thread,
  queues: readonly WaitQueue[],
  deadline?: number,
): Pending {
  thread.state = "waiting";
  for (const queue of queues) {
    queue.waiters.add(thread);
    thread.waitingOn.push(queue);
  }
  if (deadline !== undefined && deadline !== Infinity)
    thread.timer = kernel.time.at(deadline, () => thread.wakeUp());
  return blocked;
}
