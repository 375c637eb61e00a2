import { proxy, transfer, wrap, type Remote } from "comlink";
import type { Transport } from "../../core/api/exchange.ts";
import { linkTransport, type LinkMessage } from "../../core/api/link.ts";
import { readAll, text } from "../../core/platform/bytes.ts";
import { Cancellation } from "../../core/platform/cancellation.ts";
import type { TerminalLine } from "../terminal/line.ts";
import type { LayersPicture } from "../visuals/layers/picture.ts";
import type { BroadcastMessage, MachineState, MachineWorker } from "./protocol.ts";
import { loadSession, saveSession } from "./storage.ts";

/** How much of what was printed a newly opened tab is shown. */
const remembered = 256 * 1024;

/**
 * The simulated machine as the page sees it. One tab owns it (a Web Lock) and runs it in a worker; other tabs of the
 * same browser look on, and one of them takes over when the owner is closed.
 */
export class Machine {
  role: "starting" | "owner" | "onlooker" = $state("starting");
  picture: LayersPicture = $state.raw({ layers: [], images: [], containers: [] });
  canUndo = $state(false);
  canRedo = $state(false);
  failure: string | undefined = $state();
  /** The machine that had been saved could not be brought back; this is a new one. */
  lost = $state(false);
  /** Grows with every new machine; the terminal is made afresh with it. */
  generation = $state(0);

  #worker: { raw: Worker; calls: Remote<MachineWorker> } | undefined;
  #api: Transport | undefined;
  #channel = new BroadcastChannel("drydock-machine");
  #printed: Uint8Array[] = [];
  #draw: ((bytes: Uint8Array) => Promise<void>) | undefined;
  #size = { columns: 80, rows: 24 };
  #saveWanted = false;
  #saving: Promise<void> | undefined;
  #pictureWanted = false;
  #pictureAsked = false;

  /** Takes the machine, or looks on until it can be had. Returns what lets go of it. */
  start(): () => void {
    this.#channel.onmessage = ({ data }: MessageEvent<BroadcastMessage>) => this.#hear(data);
    let release = () => {};
    void navigator.locks.request("drydock-machine", { ifAvailable: true }, async (lock) => {
      if (lock) return this.#own((end) => (release = end));
      this.role = "onlooker";
      this.#tell({ type: "hello" });
      void navigator.locks.request("drydock-machine", () => this.#own((end) => (release = end)));
    });
    return () => {
      release();
      this.#worker?.raw.terminate();
      this.#channel.close();
    };
  }

  #own(held: (release: () => void) => void): Promise<void> {
    this.#printed = [];
    this.role = "owner";
    this.generation++;
    return new Promise(held);
  }

  /** The terminal's line to the machine; the owner's first one starts it. */
  async openTerminal(size: { columns: number; rows: number }): Promise<TerminalLine> {
    this.#size = size;
    if (this.role === "owner") await this.#boot(await loadSession());
    return {
      input: (bytes) => void this.#worker?.calls.input(bytes),
      resize: (changed) => {
        this.#size = changed;
        void this.#worker?.calls.resize(changed);
      },
      output: (draw) => {
        this.#draw = draw;
        for (const bytes of this.#printed) void draw(bytes);
      },
    };
  }

  async #boot(saved: Awaited<ReturnType<typeof loadSession>>): Promise<void> {
    this.#worker?.raw.terminate();
    this.failure = undefined;
    const raw = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    raw.onerror = (event) => (this.failure = event.message);
    const calls = wrap<MachineWorker>(raw);
    this.#worker = { raw, calls };
    const { port1, port2 } = new MessageChannel();
    this.#api = linkTransport({
      post: (message) => port1.postMessage(message),
      listen: (listener) => (port1.onmessage = ({ data }: MessageEvent<LinkMessage>) => listener(data)),
    });
    const watch = {
      draw: (bytes: Uint8Array) => this.#print(bytes),
      changed: (state: MachineState) => this.#changed(state),
    };
    try {
      await calls.boot(saved, { ...this.#size }, transfer(port2, [port2]), proxy(watch));
    } catch (error) {
      this.failure = (error as Error).message;
    }
    this.#askForPicture();
  }

  undo(): void {
    void this.#worker?.calls.undo();
  }

  redo(): void {
    void this.#worker?.calls.redo();
  }

  /** A fresh machine instead of this one. */
  async reset(): Promise<void> {
    // Nothing more is heard of the old machine.
    this.#worker?.raw.terminate();
    await saveSession(null);
    this.#printed = [];
    this.picture = { layers: [], images: [], containers: [] };
    this.generation++;
  }

  /** The session as `drydock replay` reads it, and the digest that it then prints. */
  async digest(): Promise<{ log: string; digest: string } | undefined> {
    return this.#worker?.calls.digest();
  }

  /** docker diff of a container. */
  async changesOf(container: string): Promise<{ Kind: number; Path: string }[]> {
    return (
      ((await this.#get(`/containers/${container}/changes`)) as { Kind: number; Path: string }[] | null) ?? []
    );
  }

  async #get(path: string): Promise<unknown> {
    if (!this.#api) return null;
    const reply = await this.#api({
      method: "GET",
      target: path,
      headers: {},
      body: null,
      cancellation: new Cancellation(),
    });
    const body = text(await readAll(reply.body));
    return reply.status === 200 ? JSON.parse(body) : null;
  }

  async #print(bytes: Uint8Array): Promise<void> {
    this.#remember(bytes);
    this.#tell({ type: "printed", bytes });
    await this.#draw?.(bytes);
  }

  #remember(bytes: Uint8Array): void {
    this.#printed.push(bytes);
    let total = this.#printed.reduce((sum, each) => sum + each.length, 0);
    while (total > remembered) total -= this.#printed.shift()!.length;
  }

  #changed({ canUndo, canRedo, lost, failure }: MachineState): void {
    this.canUndo = canUndo;
    this.canRedo = canRedo;
    this.failure = failure;
    this.lost = lost;
    this.#askForPicture();
    this.#save();
  }

  /** One at a time; what happens while the log is written is in the next. */
  #save(): void {
    this.#saveWanted = true;
    this.#saving ??= (async () => {
      try {
        while (this.#saveWanted) {
          this.#saveWanted = false;
          await saveSession(await this.#worker!.calls.log());
        }
      } catch (error) {
        this.failure = (error as Error).message;
      }
      this.#saving = undefined;
    })();
  }

  /** One question at a time; a change in the meantime asks once more. */
  #askForPicture(): void {
    this.#pictureWanted = true;
    if (this.#pictureAsked) return;
    this.#pictureAsked = true;
    void (async () => {
      while (this.#pictureWanted) {
        this.#pictureWanted = false;
        const picture = (await this.#get("/_drydock/layers")) as LayersPicture | null;
        if (picture) {
          this.picture = picture;
          this.#tell({ type: "picture", picture });
        }
      }
      this.#pictureAsked = false;
    })();
  }

  #tell(message: BroadcastMessage): void {
    this.#channel.postMessage(message);
  }

  #hear(message: BroadcastMessage): void {
    if (this.role === "owner") {
      if (message.type !== "hello") return;
      for (const bytes of this.#printed) this.#tell({ type: "printed", bytes });
      this.#tell({ type: "picture", picture: this.picture });
    } else if (message.type === "printed") {
      this.#remember(message.bytes);
      void this.#draw?.(message.bytes);
    } else if (message.type === "picture") this.picture = message.picture as LayersPicture;
  }
}
