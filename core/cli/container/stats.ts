import { Cancellation } from "../../platform/cancellation.ts";
import type { Cli } from "../cli.ts";
import { any, command } from "../command.ts";
import { joinErrors } from "../exit.ts";
import { bool } from "../flags/basic.ts";
import { listFormat } from "../formatter/flag_texts.ts";
import { formatStats } from "../formatter/stats.ts";
import { jsonTexts } from "../progress/json_stream.ts";
import { StatsCollector } from "./stats_collector.ts";

/** Milliseconds between two drawings. */
const interval = 500;

export const stats = command({
  usage: "stats [OPTIONS] [CONTAINER...]",
  aliasLine: "docker container stats, docker stats",
  short: "Show what containers use, as it changes",
  flags: {
    all: bool({ short: "a", usage: "All containers (default shows just running)" }),
    format: listFormat,
    "no-stream": bool({ usage: "Show what they use now, once" }),
    "no-trunc": bool({ usage: "Show everything in full" }),
  },
  arguments: any,
  async run(cli, names, flags) {
    const collectors = new Collectors(cli, !flags["no-stream"]);
    try {
      if (names.length > 0) await collectors.followNamed(names);
      else await collectors.followAll(flags.all);
      const format = flags.format || cli.config.statsFormat || "table";
      const osType = (await cli.serverInfo())?.osType ?? "";
      for (;;) {
        await cli.console.clock.sleep(interval, cli.cancellation);
        const text = formatStats(format, collectors.entries, { truncate: !flags["no-trunc"], osType });
        await cli.out.write(flags["no-stream"] ? text : redrawn(text));
        if (flags["no-stream"]) return;
        collectors.throwIfLost();
      }
    } finally {
      collectors.stop();
    }
  },
});

/** The text over what was drawn before: from the top, what is left of each line and of the screen cleared. */
function redrawn(text: string): string {
  const drawn = `\x1b[H${text}`;
  const cleared = drawn.split("\n").map((line) => `${line} \x1b[K\n`);
  return `${drawn}${cleared.join("")}\x1b[J`;
}

class Collectors {
  readonly #cli: Cli;
  readonly #stream: boolean;
  readonly #all: StatsCollector[] = [];
  readonly #events = new Cancellation();
  #lost: Error | undefined;

  constructor(cli: Cli, stream: boolean) {
    this.#cli = cli;
    this.#stream = stream;
  }

  get entries() {
    return this.#all.map(({ entry }) => entry);
  }

  async followNamed(names: readonly string[]): Promise<void> {
    for (const name of names) await this.#add(name);
    await Promise.all(this.#all.map(({ first }) => first));
    const failed = joinErrors(this.#all.flatMap(({ error }) => error ?? []));
    if (failed) throw failed;
  }

  /** The containers that there are, and those that come and go from now on. */
  async followAll(stopped: boolean): Promise<void> {
    const client = await this.#cli.client();
    const { body } = await client.request("GET", "/events", {
      query: { filters: '{"type":{"container":true}}' },
      cancellation: this.#events,
    });
    this.#watch(jsonTexts(body), stopped).catch((error: Error) => {
      if (!this.#events.cancelled) this.#lost = error;
    });
    const query = { all: stopped ? "1" : undefined };
    const containers = await client.json<{ Id: string }[] | null>("GET", "/containers/json", { query });
    for (const { Id: id } of containers ?? []) await this.#add(id.slice(0, 12));
    await Promise.all(this.#all.map(({ first }) => first));
  }

  async #watch(events: AsyncGenerator<string>, stopped: boolean): Promise<void> {
    for await (const text of events) {
      const event = JSON.parse(text) as { Action: string; Actor: { ID: string } };
      const id = event.Actor.ID.slice(0, 12);
      if (event.Action === "start" || (stopped && event.Action === "create")) await this.#add(id);
      else if (event.Action === "die" && !stopped) this.#remove(id);
    }
    throw new Error("EOF");
  }

  async #add(container: string): Promise<void> {
    if (this.#all.some((one) => one.container === container)) return;
    const client = await this.#cli.client();
    this.#all.push(new StatsCollector(container, client, this.#cli.console.clock, this.#stream));
  }

  #remove(container: string): void {
    const at = this.#all.findIndex((one) => one.container === container);
    if (at >= 0) this.#all.splice(at, 1)[0]!.stop();
  }

  /** The engine went away. */
  throwIfLost(): void {
    if (this.#lost) throw this.#lost;
  }

  stop(): void {
    this.#events.cancel();
    for (const one of this.#all) one.stop();
  }
}
