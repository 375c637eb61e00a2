import type { Client } from "../../client/client.ts";
import { Cancellation } from "../../platform/cancellation.ts";
import type { Clock } from "../../platform/clock.ts";
import type { StatsEntry } from "../formatter/stats.ts";
import { jsonTexts } from "../progress/json_stream.ts";
import { containerPath } from "./container_path.ts";
import { statsEntryOf } from "./stats_sample.ts";
import type { StatsSample } from "./stats_sample.ts";

/** Milliseconds after which a container that sent nothing is shown without values. */
const patience = 2000;

/** Follows what one container uses. */
export class StatsCollector {
  readonly container: string;
  entry: StatsEntry;
  error: Error | undefined;
  /** Resolved when there is something to show, or an error, or nothing came in time. */
  readonly first: Promise<void>;
  readonly #cancellation = new Cancellation();
  #tellFirst = () => {};
  #wake = () => {};

  constructor(container: string, client: Client, clock: Clock, stream: boolean) {
    this.container = container;
    this.entry = emptyEntry(container);
    this.first = new Promise((resolve) => (this.#tellFirst = resolve));
    void this.#collect(client, stream);
    void this.#watch(clock);
  }

  stop(): void {
    this.#cancellation.cancel();
    this.#wake();
  }

  async #collect(client: Client, stream: boolean): Promise<void> {
    try {
      const { body } = await client.request("GET", `${containerPath(this.container)}/stats`, {
        query: { stream: stream ? "1" : "0" },
        cancellation: this.#cancellation,
      });
      for await (const text of jsonTexts(body)) {
        this.entry = statsEntryOf(this.container, JSON.parse(text) as StatsSample);
        this.error = undefined;
        this.#tellFirst();
        this.#wake();
        if (!stream) break;
      }
      if (stream) throw new Error("EOF");
      this.stop();
    } catch (error) {
      if (!this.#cancellation.cancelled) this.#fail(error as Error);
    } finally {
      this.#tellFirst();
    }
  }

  #fail(error: Error): void {
    this.error = error;
    this.entry = { ...this.entry, invalid: true };
    this.#wake();
  }

  /** Takes the values away when nothing new came for too long. */
  async #watch(clock: Clock): Promise<void> {
    while (!this.#cancellation.cancelled) {
      const timer = new Cancellation();
      let late = false;
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      const waited = clock.sleep(patience, timer).then(
        () => void (late = true),
        () => {},
      );
      await Promise.race([woken, waited]);
      timer.cancel();
      if (!late || this.#cancellation.cancelled) continue;
      this.entry = { ...emptyEntry(this.container), name: this.entry.name, id: this.entry.id, invalid: true };
      this.error = new Error("timeout waiting for stats");
      this.#tellFirst();
    }
  }
}

function emptyEntry(container: string): StatsEntry {
  return {
    container,
    name: "",
    id: "",
    cpuPercent: 0,
    memory: 0,
    memoryLimit: 0,
    memoryPercent: 0,
    networkReceived: 0,
    networkSent: 0,
    blockRead: 0,
    blockWritten: 0,
    processes: 0,
    invalid: false,
  };
}
