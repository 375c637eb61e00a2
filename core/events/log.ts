import type { Clock, Instant } from "../platform/clock.ts";
import type { EventMessage, EventType } from "./message.ts";

/** Docker's events: the last 256, and those who listen to more. */
export class EventLog {
  #events: EventMessage[] = [];
  #listeners = new Set<(event: EventMessage) => void>();
  readonly #clock: Clock;
  readonly #capacity: number;

  constructor(clock: Clock, capacity = 256) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  /** Tells that something happened. */
  publish(
    type: EventType,
    action: string,
    actorId: string,
    attributes: Readonly<Record<string, string>> = {},
  ): void {
    const event = { type, action, actorId, attributes, at: this.#clock.now() };
    this.#events.push(event);
    if (this.#events.length > this.#capacity) this.#events.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** The kept events from `since` to `until`, both included, oldest first. */
  between(since: Instant, until?: Instant): EventMessage[] {
    return this.#events.filter(({ at }) => at >= since && (until === undefined || at <= until));
  }

  /** Calls `listener` for every event from now on. */
  listen(listener: (event: EventMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How many listen: docker info's NEventsListener. */
  get listeners(): number {
    return this.#listeners.size;
  }
}
