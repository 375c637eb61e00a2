import type { Cancellation } from "../platform/cancellation.ts";
import { Cancellation as NewCancellation, Cancelled } from "../platform/cancellation.ts";
import type { Clock } from "../platform/clock.ts";
import { Mutex } from "../platform/mutex.ts";
import { ContainerLog } from "../logs/log.ts";
import { rotationOf } from "../logs/options.ts";
import type { Task } from "../tasks/runtime.ts";
import type { ContainerRecord } from "./record.ts";
import type { Exec } from "./exec.ts";
import { ProcessStreams } from "./streams.ts";

/** What docker wait waits for. */
export type WaitCondition = "not-running" | "next-exit" | "removed";

/** How a container ended, for those who wait. */
export interface WaitResult {
  exitCode: number;
  /** It could not be removed, or could not be started. */
  error?: string;
}

/** A container: its record, and what is alive of it while the engine runs. */
export class Container {
  readonly record: ContainerRecord;
  /** One verb at a time changes it. */
  readonly lock = new Mutex();
  task: Task | undefined;
  /** Docker's exec sessions in it, by identifier. */
  readonly execs = new Map<string, Exec>();
  /** Ends what works beside it: health checks, the wait before a restart. */
  background = new NewCancellation();
  /** The pause before its next restart, in milliseconds; 0: the policy has not been at work yet. */
  restartDelay = 0;
  /** docker restart has stopped it: --rm does not take it away. */
  keepOnExit = false;
  /** docker stop (or restart) waits for its end: the event "stop" comes before "die". */
  stopping = false;
  /** It has been removed. */
  removed = false;
  #streams: ProcessStreams | undefined;
  #log: ContainerLog | undefined;
  #exitWaiters = new Set<(result: WaitResult) => void>();
  #removeWaiters = new Set<(result: WaitResult) => void>();
  readonly #clock: Clock;

  constructor(record: ContainerRecord, clock: Clock) {
    this.record = record;
    this.#clock = clock;
  }

  get id(): string {
    return this.record.id;
  }

  get name(): string {
    return this.record.name;
  }

  /** Its log driver: "json-file", "local", "none". */
  get logDriver(): string {
    return this.record.hostConfig.LogConfig?.Type || "json-file";
  }

  get log(): ContainerLog {
    this.#log ??= new ContainerLog(
      this.#clock,
      rotationOf(this.logDriver, this.record.hostConfig.LogConfig?.Config ?? {}),
    );
    return this.#log;
  }

  /** Ends the log's followers; nothing when there is no log. */
  closeLog(): void {
    this.#log?.close();
  }

  get streams(): ProcessStreams {
    this.#streams ??= new ProcessStreams(this.record.config.OpenStdin ?? false, (stream, bytes) => {
      if (this.logDriver !== "none") this.log.write(stream, bytes);
    });
    return this.#streams;
  }

  /** The container's process has ended, and it may be started again. */
  announceExit(result: WaitResult): void {
    for (const waiter of [...this.#exitWaiters]) waiter(result);
  }

  announceRemoval(result: WaitResult): void {
    this.removed = true;
    for (const waiter of [...this.#removeWaiters]) waiter(result);
  }

  /** Settles when the condition is met; rejects with Cancelled when nobody wants to know any more. */
  wait(condition: WaitCondition, cancellation: Cancellation): Promise<WaitResult> {
    const { state } = this.record;
    if (condition === "not-running" && !state.running) return Promise.resolve({ exitCode: state.exitCode });
    if (condition === "removed" && this.removed) return Promise.resolve({ exitCode: state.exitCode });
    const waiters = condition === "removed" ? this.#removeWaiters : this.#exitWaiters;
    return new Promise((resolve, reject) => {
      const done = (result: WaitResult) => {
        waiters.delete(done);
        undo();
        resolve(result);
      };
      waiters.add(done);
      const undo = cancellation.onCancel((reason) => {
        waiters.delete(done);
        reject(new Cancelled(reason));
      });
    });
  }
}
