import type { Transport } from "../api/exchange.ts";
import { createApiHandler } from "../api/handler.ts";
import { Errno, type FileSystem } from "../files/filesystem.ts";
import type { ByteSink } from "../platform/bytes.ts";
import type { HostLine } from "../simulation/host/line.ts";
import type { Pacer } from "../simulation/kernel/pacing.ts";
import type { SignalName } from "../simulation/kernel/signals.ts";
import { World, type WorldOptions } from "../simulation/world.ts";
import { Outlet } from "./outlet.ts";
import { sessionFormat, type LogEntry, type SessionInput, type SessionLog } from "./log.ts";
import { recordShared, replayShared, type SharedAnswer } from "./shared-answers.ts";
import { stateDigest } from "./state-digest.ts";

/** What a session stands on: all but the seed, which is the log's. */
export interface SessionSurroundings extends Omit<WorldOptions, "seed" | "epoch" | "shared" | "directories"> {
  /** A directory of the real machine that the log names. In a replay it is not asked, the log answers. */
  shared?: (path: string, device: number) => FileSystem;
  /** How time goes on, from so many nanoseconds since boot, once everything in the log has happened. */
  pace(elapsed: number): Pacer;
  /** Where what a line prints goes. */
  output(line: number): { stdout: ByteSink; stderr: ByteSink };
}

/** What a new session begins with. */
export interface SessionStart {
  seed: number;
  epoch: bigint;
  directories?: string[];
  shared?: string[];
}

/** Thrown when a replay came to another place than the log says: the log is of another version, or was changed. */
export class ReplayDiverged extends Error {
  override name = "ReplayDiverged";
}

/**
 * A simulated machine together with everything that has come into it from outside. Each input goes through here, is written
 * into the log with its place, and so can be made again.
 */
export class Session {
  readonly log: SessionLog;
  readonly world: World;
  readonly lines: HostLine[] = [];
  readonly #surroundings: SessionSurroundings;
  #live = false;
  /** For each line: when it has taken what came. A full pipe takes the rest as the machine goes on. */
  #taken: Promise<void>[] = [];
  /** Inputs that come in before the machine's next move. */
  readonly #waiting: (() => void)[] = [];
  readonly #outlet = new Outlet();
  /** Lines whose output nobody takes any more. */
  #broken = new Set<number>();

  private constructor(log: SessionLog, world: World, surroundings: SessionSurroundings) {
    this.log = log;
    this.world = world;
    this.#surroundings = surroundings;
    this.#outlet.onRoom = () => {
      if (!this.#outlet.full) this.world.kernel.loop.poke();
    };
  }

  /** A new machine. */
  static async start(start: SessionStart, surroundings: SessionSurroundings): Promise<Session> {
    const { seed, epoch, directories = [], shared = [] } = start;
    const log: SessionLog = {
      format: sessionFormat,
      seed,
      epoch,
      hostname: "drydock",
      directories,
      shared,
      entries: [],
    };
    return Session.#open(log, [], surroundings);
  }

  /**
   * The machine to which all that `log` holds has happened; it goes on from there.
   */
  static async replay(log: SessionLog, surroundings: SessionSurroundings): Promise<Session> {
    return Session.#open({ ...log, entries: [] }, log.entries, surroundings);
  }

  static async #open(
    log: SessionLog,
    past: readonly LogEntry[],
    surroundings: SessionSurroundings,
  ): Promise<Session> {
    const answers = past.flatMap(({ input }) => (input.kind === "shared" ? [input.answer] : []));
    const shared = log.shared.map((path) => ({
      path,
      fileSystem: (device: number) =>
        sharedIn(log, answers, device, () => surroundings.shared?.(path, device)),
    }));
    const { seed, epoch, directories } = log;
    const world = await World.create({ ...surroundings, seed, epoch, directories, shared });
    const session = new Session(log, world, surroundings);
    for (const entry of past) if (entry.input.kind !== "shared") await session.#again(entry);
    session.#goLive();
    return session;
  }

  #goLive(): void {
    const { loop, time } = this.world.kernel;
    loop.beforeMove = () => {
      const letIn = this.#waiting.shift();
      letIn?.();
      return letIn ? "again" : this.#outlet.full ? "stop" : "go";
    };
    this.#live = true;
    loop.pace(this.#surroundings.pace(time.elapsed));
  }

  /**
   * Lets an input in, before the machine's next move, when nothing is at work: there a replay can let it in too. Ends when
   * the machine has taken all of it.
   */
  async input(input: SessionInput): Promise<void> {
    if (!this.#live) throw new Error("the machine is being replayed");
    let done: Promise<void> | undefined;
    await new Promise<void>((resolve) => {
      this.#waiting.push(() => {
        const { kernel } = this.world;
        kernel.loop.input(() => {
          this.log.entries.push({ turn: kernel.loop.moves, at: kernel.time.elapsed, input });
          done = this.#happen(input);
        });
        resolve();
      });
      this.world.kernel.loop.poke();
    });
    await done;
    if (input.kind === "power cut") this.#goLive();
    else if ("line" in input) await this.#taken[input.line];
  }

  /** Settles when all that the lines have printed is out. */
  flushed(): Promise<void> {
    return this.#outlet.flushed();
  }

  /** Lets an input of the log in, at its place. */
  async #again(entry: LogEntry): Promise<void> {
    const { loop, time } = this.world.kernel;
    let done: Promise<void> | undefined;
    await new Promise<void>((resolve, reject) => {
      loop.beforeMove = () => {
        if (done || this.#outlet.full) return "stop";
        if (loop.moves < entry.turn) return "go";
        if (loop.moves > entry.turn || time.elapsed > entry.at) {
          reject(
            new ReplayDiverged(
              `the replay is at ${loop.moves}/${time.elapsed} where the log has ${entry.turn}/${entry.at}`,
            ),
          );
          return "stop";
        }
        loop.input(() => {
          this.log.entries.push(entry);
          done = this.#happen(entry.input);
        }, entry.at);
        resolve();
        return "stop";
      };
      loop.pace(replayPacer);
    });
    try {
      await done;
    } catch (error) {
      // It failed then, too: a program that is not there.
      if (!(error instanceof Errno)) throw error;
    }
  }

  async #happen(input: SessionInput): Promise<void> {
    const line = "line" in input ? this.lines[input.line] : undefined;
    switch (input.kind) {
      case "open":
        this.#broken.delete(input.line);
        this.lines[input.line] = this.world.open({ ...input, output: this.#output(input.line) });
        this.#taken[input.line] = Promise.resolve();
        return;
      case "keys":
        this.#taken[input.line] = this.#taken[input.line]!.then(() => take(line!, input.bytes));
        return;
      case "end":
        this.#taken[input.line] = this.#taken[input.line]!.then(() => line!.end());
        return;
      case "resize":
        return line!.resize(input);
      case "signal":
        return line!.signal(input.signal as SignalName);
      case "power cut":
        this.lines.length = 0;
        return this.world.powerCut(input.date);
      case "unread":
        this.#broken.add(input.line);
        return;
      case "close":
      case "shared":
        return;
    }
  }

  #output(line: number): { stdout: ByteSink; stderr: ByteSink } {
    const { stdout, stderr } = this.#surroundings.output(line);
    const broken = () => this.#broken.has(line);
    const onBroken = () => {
      if (this.#live && !broken()) void this.input({ kind: "unread", line });
    };
    return {
      stdout: this.#outlet.sink(stdout, broken, onBroken),
      stderr: this.#outlet.sink(stderr, broken, onBroken),
    };
  }

  /**
   * The engine's API for those who only look (pictures): answers without moving anything, so that it need not be in the log.
   */
  get onlooker(): Transport {
    const { engine, kernel } = this.world;
    const frozen = { now: () => kernel.time.realtime(), sleep: kernel.clock.sleep.bind(kernel.clock) };
    const handler = createApiHandler({ ...engine, clock: frozen });
    return async (request) => {
      if (request.method !== "GET") throw new Error("who only looks may only GET");
      return handler(request);
    };
  }

  /** SHA-256 over everything that the machine is. */
  digest(): string {
    return stateDigest(this.world.state(), this.#surroundings.codecs);
  }
}

/** Hands bytes to a line, as fast as it takes them. */
async function take(line: HostLine, bytes: Uint8Array): Promise<void> {
  for (;;) {
    bytes = bytes.subarray(line.input(bytes));
    if (bytes.length === 0) return;
    await line.writable();
  }
}

/** In a replay time jumps; the places of the inputs say where it has to wait. */
const replayPacer: Pacer = {
  until: (due) => (due === Infinity ? new Promise<void>(() => {}) : Promise.resolve()),
  mayRun: () => true,
};

/** A shared directory that is recorded; as long as the log has answers, these are given instead. */
function sharedIn(
  log: SessionLog,
  answers: SharedAnswer[],
  device: number,
  real: () => FileSystem | undefined,
): FileSystem {
  const record = (answer: SharedAnswer) =>
    void log.entries.push({ turn: -1, at: -1, input: { kind: "shared", answer } });
  if (answers.length === 0) {
    const directory = real();
    if (directory) return recordShared(directory, record);
  }
  return replayShared("9p", device, () => {
    const answer = answers.shift();
    if (!answer) throw new ReplayDiverged("the replay asks a shared directory more than the log answers");
    record(answer);
    return answer;
  });
}
