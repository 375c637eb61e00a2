import { concat } from "../../platform/bytes.ts";
import type { Termios } from "./calls.ts";
import type { ByteQueue } from "./pipe.ts";
import type { SignalName } from "./signals.ts";
import { WaitQueue } from "./wait-queue.ts";

/** How a terminal starts: "cooked". */
export const cooked: Termios = {
  canonical: true,
  echo: true,
  signals: true,
  crToNl: true,
  nlToCrNl: true,
  toStop: false,
  flowControl: true,
};

const control = (letter: string) => letter.charCodeAt(0) & 31;
const erase = 0x7f;
const newline = 10;
const signalKeys: Record<number, SignalName> = {
  [control("C")]: "SIGINT",
  [control("\\")]: "SIGQUIT",
  [control("Z")]: "SIGTSTP",
};

/**
 * What stands between a keyboard and a program (Linux's N_TTY): in canonical mode lines are edited before they can be
 * read; keys are echoed; some send signals; newlines go out as CR LF.
 */
export class LineDiscipline {
  termios: Termios = { ...cooked };
  readonly readable = new WaitQueue();
  outputStopped = false;
  /** What can be read; in canonical mode each a line, an empty one being the end of file. */
  #ready: Uint8Array[] = [];
  /** The line that is being typed. */
  #line: number[] = [];
  readonly #ports: { echo(bytes: Uint8Array): void; signal(signal: SignalName): void };

  constructor(ports: { echo(bytes: Uint8Array): void; signal(signal: SignalName): void }) {
    this.#ports = ports;
  }

  get hasInput(): boolean {
    return this.#ready.length > 0;
  }

  /** What has been typed, as a program reads it; undefined when it has to wait. */
  read(size: number): Uint8Array | undefined {
    if (this.#ready.length === 0) return undefined;
    if (!this.termios.canonical) this.#ready = [concat(this.#ready)];
    const first = this.#ready[0]!;
    if (first.length <= size) {
      this.#ready.shift();
      return first;
    }
    this.#ready[0] = first.subarray(size);
    return first.subarray(0, size);
  }

  /** Puts a program's output on its way to the screen; returns how many of its bytes there was room for. */
  process(bytes: Uint8Array, output: ByteQueue): number {
    if (!this.termios.nlToCrNl || !bytes.includes(newline)) return output.put(bytes);
    const processed: number[] = [];
    let taken = 0;
    for (const byte of bytes) {
      if (processed.length + 2 > output.room) break;
      if (byte === newline) processed.push(13);
      processed.push(byte);
      taken++;
    }
    output.put(Uint8Array.from(processed));
    return taken;
  }

  /** Keys arrive. */
  type(bytes: Uint8Array): void {
    if (!this.termios.canonical && !this.termios.signals && !this.termios.crToNl && !this.termios.echo) {
      if (bytes.length > 0) this.#ready.push(bytes.slice());
    } else {
      for (const byte of bytes) this.#key(byte);
    }
    if (this.#ready.length > 0) this.readable.wake();
  }

  change(change: Partial<Termios>): void {
    this.termios = { ...this.termios, ...change };
    if (!this.termios.canonical && this.#line.length > 0) {
      this.#ready.push(Uint8Array.from(this.#line));
      this.#line = [];
      this.readable.wake();
    }
  }

  #key(typed: number): void {
    const { termios } = this;
    let byte = typed;
    const signal = termios.signals ? signalKeys[byte] : undefined;
    if (signal) {
      this.#ready = [];
      this.#line = [];
      this.#echo(byte);
      this.#ports.signal(signal);
      return;
    }
    if (termios.flowControl && (byte === control("S") || byte === control("Q"))) {
      this.outputStopped = byte === control("S");
      return;
    }
    if (byte === 13 && termios.crToNl) byte = newline;
    if (!termios.canonical) {
      this.#ready.push(Uint8Array.of(byte));
      this.#echo(byte);
      return;
    }
    this.#edit(byte);
  }

  #edit(byte: number): void {
    if (byte === erase) this.#eraseCharacter();
    else if (byte === control("U")) while (this.#line.length > 0) this.#eraseCharacter();
    else if (byte === control("W")) this.#eraseWord();
    else if (byte === control("D")) this.#endLine();
    else {
      this.#line.push(byte);
      this.#echo(byte);
      if (byte === newline) this.#endLine();
    }
  }

  #endLine(): void {
    this.#ready.push(Uint8Array.from(this.#line));
    this.#line = [];
  }

  #eraseCharacter(): void {
    if (this.#line.length === 0) return;
    let byte = this.#line.pop()!;
    while ((byte & 0xc0) === 0x80 && this.#line.length > 0) byte = this.#line.pop()!;
    if (!this.termios.echo) return;
    const columns = byte < 32 && byte !== 9 ? 2 : 1;
    for (let column = 0; column < columns; column++) this.#ports.echo(Uint8Array.of(8, 32, 8));
  }

  #eraseWord(): void {
    const last = () => this.#line[this.#line.length - 1];
    while (last() === 32) this.#eraseCharacter();
    while (last() !== undefined && last() !== 32) this.#eraseCharacter();
  }

  #echo(byte: number): void {
    if (!this.termios.echo) return;
    if (byte === newline)
      this.#ports.echo(this.termios.nlToCrNl ? Uint8Array.of(13, newline) : Uint8Array.of(newline));
    else if (byte < 32 && byte !== 9) this.#ports.echo(Uint8Array.of(94, byte + 64));
    else this.#ports.echo(Uint8Array.of(byte));
  }
}
