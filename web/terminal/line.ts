/** The line between the page's terminal and a machine. */
export interface TerminalLine {
  /** What was typed. */
  input(bytes: Uint8Array): void;
  resize(size: { columns: number; rows: number }): void;
  /** Calls `draw` with what the machine prints, one piece after another; the next waits for its promise. */
  output(draw: (bytes: Uint8Array) => Promise<void>): void;
}
