import type { SessionLog } from "../../core/session/log.ts";

/** What the page may ask of the worker in which the machine runs; reached through comlink. */
export interface MachineWorker {
  /**
   * Starts the machine: a new one, or, from the log of an earlier one, that machine after a power cut. `api` becomes a way
   * to its engine. `draw` gets what its terminal prints; the next piece waits for its promise.
   */
  boot(
    saved: SessionLog | null,
    size: { columns: number; rows: number },
    api: MessagePort,
    watch: { draw(bytes: Uint8Array): Promise<void>; changed(state: MachineState): void },
  ): Promise<void>;
  input(bytes: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** The session so far, to be saved. */
  log(): Promise<SessionLog>;
  /** The session as text, and the digest of the state that it has come to. */
  digest(): Promise<{ log: string; digest: string }>;
}

/** What the page is told whenever the machine has come to rest. */
export interface MachineState {
  canUndo: boolean;
  canRedo: boolean;
  /** The machine that had been saved could not be made again; this is a new one. */
  lost: boolean;
  failure?: string | undefined;
}

/** What the owner's tab tells the others. */
export type BroadcastMessage =
  { type: "hello" } | { type: "printed"; bytes: Uint8Array } | { type: "picture"; picture: unknown };
