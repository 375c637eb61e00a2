import { jumping, still, type Pacer } from "./pacing.ts";
import type { Scheduler } from "./scheduler.ts";
import type { VirtualTime } from "./time.ts";

/** Steps between two turns of the host's event loop: so few that a busy program never freezes a page. */
const stepsPerTurn = 2000;

/**
 * What keeps a kernel going. The kernel does not move while the engine is at work: after what can run has run, the
 * loop lets the host's event loop take one turn, in which every chain of promises comes to its end; only when nothing
 * can run after that does time go on to what is due.
 */
export class KernelLoop {
  readonly #time: VirtualTime;
  readonly #scheduler: Scheduler;
  /** Ends in a later macrotask: setImmediate, or a message to oneself. */
  readonly #turn: () => Promise<void>;
  #pacer: Pacer = still;
  #wake: (() => void) | undefined;
  #running = false;
  #holds = 0;
  /** Code that somebody waits for; each settles when it is there. */
  readonly #loads: (() => Promise<void>)[] = [];
  #drivers = 0;
  /** How often programs ran or time jumped: with the virtual time, the place of an input in a session's log. */
  moves = 0;
  /**
   * Asked before each move, when all promises have settled. "again": it let an input in, whose promises are to settle
   * first; "stop": no further move until poke().
   */
  beforeMove: () => "go" | "again" | "stop" = () => "go";

  constructor(time: VirtualTime, scheduler: Scheduler, turn: () => Promise<void>) {
    this.#time = time;
    this.#scheduler = scheduler;
    this.#turn = turn;
    time.onTimer = scheduler.onRunnable = () => this.poke();
  }

  /** How time goes on from now; "still" before this is called. */
  pace(pacer: Pacer): void {
    this.#pacer = pacer;
    this.poke();
  }

  /** Time stands still until the returned function is called: somebody outside is fetching something. */
  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (held) this.#holds--;
      held = false;
      this.poke();
    };
  }

  /**
   * Code that is fetched when it is first wanted. No move is made and no input let in before it is there, and who waits
   * goes on when all other promises have settled: so nothing depends on how long it took, or whether it was there already.
   */
  load<T>(code: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#loads.push(() => code.then(resolve, reject));
      this.poke();
    });
  }

  /** Lets time jump until `promise` settles; gives back its outcome. */
  async runUntil<T>(promise: Promise<T>): Promise<T> {
    this.#drivers++;
    this.poke();
    try {
      return await promise;
    } finally {
      this.#drivers--;
      this.poke();
    }
  }

  /** An input from outside arrives: virtual time is first brought to where the wall clock is (or to `at`, in a replay). */
  input(action: () => void, at = this.#pacer.now?.()): void {
    if (at !== undefined && at > this.#time.elapsed && at <= this.#time.nextDue()) this.#time.elapsed = at;
    action();
    this.poke();
  }

  /** No further move, ever: the power is cut. */
  halt(): void {
    this.beforeMove = () => "stop";
    this.#wake?.();
  }

  /** Something became runnable or due. */
  poke(): void {
    if (this.#running) {
      this.#wake?.();
      return;
    }
    this.#running = true;
    void this.#run();
  }

  async #run(): Promise<void> {
    for (;;) {
      await this.#turn();
      const load = this.#loads.shift();
      if (load) {
        await load();
        continue;
      }
      const decision = this.beforeMove();
      if (decision === "again") continue;
      if (decision === "stop") {
        this.#running = false;
        return;
      }
      const pacer = this.#drivers > 0 ? jumping : this.#pacer;
      if (this.#scheduler.runnable > 0) {
        if (pacer.mayRun(this.#time.elapsed)) {
          this.moves++;
          this.#scheduler.run(stepsPerTurn);
        } else await this.#sleep(pacer.until(this.#time.elapsed), false);
        continue;
      }
      const due = this.#holds > 0 ? Infinity : this.#time.nextDue();
      const jump = await this.#sleep(pacer.until(due), true);
      // Something may have come in at the very moment that the wait was over: then it goes first.
      if (!jump || due === Infinity || this.#scheduler.runnable > 0 || this.#time.nextDue() < due) continue;
      this.moves++;
      this.#time.advance(Math.max(0, due - this.#time.elapsed));
    }
  }

  /** Waits for `paced`, or, when `wakeable`, for something to happen before; true when it was `paced` that came. */
  async #sleep(paced: Promise<void>, wakeable: boolean): Promise<boolean> {
    const woken = new Promise<false>((resolve) => {
      if (wakeable) this.#wake = () => resolve(false);
    });
    const result = await Promise.race([paced.then(() => true), woken]);
    this.#wake = undefined;
    return result;
  }
}
