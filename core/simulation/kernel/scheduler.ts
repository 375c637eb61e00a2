import type { Cgroup } from "./cgroups.ts";
import type { Thread } from "./process.ts";
import type { VirtualTime } from "./time.ts";

/** Virtual nanoseconds that one system call costs, as user and as system time. */
export const callCost = { user: 300, system: 700 };

/** Steps that a thread of weight 100 may make before it is another one's turn. */
const sliceSteps = 20;

/**
 * Takes turns among threads that can run: round robin, longer turns for heavier cgroups, nobody from a frozen cgroup
 * or from one that has used up its quota.
 */
export class Scheduler {
  readonly #time: VirtualTime;
  readonly #step: (thread: Thread) => void;
  readonly #processors: number;
  #queue: Thread[] = [];
  #head = 0;
  /** Called when a thread became runnable: the loop may be asleep. */
  onRunnable: () => void = () => {};
  /** Processor time of all threads since boot. */
  busy = 0;

  constructor(time: VirtualTime, processors: number, step: (thread: Thread) => void) {
    this.#time = time;
    this.#processors = processors;
    this.#step = step;
  }

  get runnable(): number {
    return this.#queue.length - this.#head;
  }

  readonly enqueue = (thread: Thread): void => {
    if (thread.state === "dead") return;
    thread.state = "runnable";
    if (thread.queued) return;
    thread.queued = true;
    this.#queue.push(thread);
    this.onRunnable();
  };

  /** Runs up to `steps` system calls, fewer when nothing can run any more or virtual time has come to `until`. */
  run(steps: number, until = Infinity): void {
    while (steps > 0 && this.#time.elapsed < until) {
      const thread = this.#next();
      if (!thread) return;
      const slice = Math.min(steps, this.#slice(thread));
      let made = 0;
      while (made < slice && thread.state === "runnable" && !thread.process.stopped) {
        this.#step(thread);
        made++;
        if (thread.process.cgroup.throttledUntil > this.#time.elapsed) break;
      }
      steps -= made;
      if (thread.state === "runnable") this.enqueue(thread);
    }
  }

  /** Accounts for processor time: the process's, its cgroups', the clock's. */
  charge(thread: Thread, user: number, system: number): void {
    const { process } = thread;
    process.userTime += user;
    process.systemTime += system;
    this.busy += user + system;
    process.cgroup.chargeCpu(user, system, this.#time.elapsed);
    const parallel = Math.min(this.#processors, this.runnable + 1);
    this.#time.advance(Math.round((user + system) / parallel));
  }

  #slice(thread: Thread): number {
    const nice = thread.process.nice === 0 ? 1 : 1.25 ** -thread.process.nice;
    return Math.max(
      1,
      Math.min(200, Math.round((sliceSteps * nice * thread.process.cgroup.cpuWeight) / 100)),
    );
  }

  #next(): Thread | undefined {
    while (this.#head < this.#queue.length) {
      const thread = this.#queue[this.#head++]!;
      if (this.#head > 1024 && this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      thread.queued = false;
      if (thread.state !== "runnable") continue;
      if (thread.process.stopped) {
        thread.state = "parked";
        continue;
      }
      const holder = thread.process.cgroup.holding(this.#time.elapsed);
      if (!holder) return thread;
      this.#park(thread, holder);
    }
    this.#queue = [];
    this.#head = 0;
    return undefined;
  }

  #park(thread: Thread, holder: Cgroup): void {
    thread.state = "parked";
    if (holder.parked.push(thread) > 1 || holder.freeze) return;
    this.#time.at(holder.throttledUntil, () => this.unpark(holder));
  }

  /** Lets the threads run that `group` held back; whatever still holds them parks them again. */
  unpark(group: Cgroup): void {
    for (const thread of group.parked.splice(0)) if (thread.state === "parked") this.enqueue(thread);
  }
}
