import type { Clock, Instant } from "../platform/clock.ts";

/** Who acts, from the client down to the kernel. */
export type Actor =
  "client" | "api" | "engine" | "builder" | "storage" | "network" | "registry" | "runtime" | "kernel";

/**
 * One thing that an operation did. `state` "requested" is what was asked of an OCI runtime and not yet seen;
 * "done" went through our own hands.
 */
export interface Step {
  id: number;
  /** The step that this is a part of; 0 for the outermost. */
  parent: number;
  at: Instant;
  until?: Instant;
  actor: Actor;
  /** A short verb with its object's kind: "mount overlay", "write cgroup file", "container create". */
  what: string;
  /** The actual arguments: paths, digests, names, values. JSON. */
  data: Readonly<Record<string, unknown>>;
  state: "running" | "done" | "requested" | "confirmed" | "failed";
  error?: string;
}

/** The last `capacity` steps, and those who listen to more. */
export class StepLog {
  #steps: Step[] = [];
  #next = 1;
  #listeners = new Set<(step: Step) => void>();
  readonly #clock: Clock;
  readonly #capacity: number;

  constructor(clock: Clock, capacity = 10_000) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  /** An outermost trace: one operation. */
  root(): Trace {
    return new Trace(this, 0);
  }

  /** Steps that began after the one with number `after`. */
  since(after: number): Step[] {
    return this.#steps.filter((step) => step.id > after);
  }

  /** Calls `listener` when a step begins and when it ends. */
  listen(listener: (step: Step) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Used by Trace. */
  begin(parent: number, actor: Actor, what: string, data: Record<string, unknown>): Step {
    const step: Step = {
      id: this.#next++,
      parent,
      at: this.#clock.now(),
      actor,
      what,
      data,
      state: "running",
    };
    this.#steps.push(step);
    if (this.#steps.length > this.#capacity * 2) this.#steps.splice(0, this.#steps.length - this.#capacity);
    this.#tell(step);
    return step;
  }

  /** Used by Trace. */
  end(step: Step, state: Step["state"], error?: string): void {
    step.until = this.#clock.now();
    step.state = state;
    if (error !== undefined) step.error = error;
    this.#tell(step);
  }

  #tell(step: Step): void {
    for (const listener of this.#listeners) listener(step);
  }
}

/** A place in the tree of steps; what an operation hands down so that the parts say whose they are. */
export class Trace {
  readonly #log: StepLog;
  readonly #parent: number;

  constructor(log: StepLog, parent: number) {
    this.#log = log;
    this.#parent = parent;
  }

  /** Does `work` as a step; it ends with it, "done" or "failed". */
  async step<T>(
    actor: Actor,
    what: string,
    data: Record<string, unknown>,
    work: (trace: Trace) => Promise<T>,
  ): Promise<T> {
    const step = this.#log.begin(this.#parent, actor, what, data);
    try {
      const result = await work(new Trace(this.#log, step.id));
      this.#log.end(step, "done");
      return result;
    } catch (error) {
      this.#log.end(step, "failed", (error as Error).message);
      throw error;
    }
  }

  /** A step without parts, done at once. */
  note(actor: Actor, what: string, data: Record<string, unknown>, state: Step["state"] = "done"): void {
    this.#log.end(this.#log.begin(this.#parent, actor, what, data), state);
  }
}
