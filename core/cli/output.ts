import type { ByteSink } from "../platform/bytes.ts";
import { utf8 } from "../platform/bytes.ts";
import type { Terminal } from "./console.ts";

/** One of a command's output streams: texts are written in the order they were given. */
export class Output {
  readonly terminal: Terminal | undefined;
  readonly #sink: ByteSink;
  #last: Promise<void> = Promise.resolve();

  constructor(sink: ByteSink, terminal: Terminal | undefined) {
    this.#sink = sink;
    this.terminal = terminal;
  }

  /** Writes; resolves when there is room for more. Rejects, and so do all later writes, when the reader is gone. */
  write(data: string | Uint8Array): Promise<void> {
    this.#last = this.#last.then(() => this.#sink.write(typeof data === "string" ? utf8(data) : data));
    // Who does not wait for this write learns of the failure at the next one, or from flush.
    this.#last.catch(() => {});
    return this.#last;
  }

  /** Writes `text` and a line feed. */
  line(text = ""): Promise<void> {
    return this.write(text + "\n");
  }

  /** Resolves when all is written. */
  flush(): Promise<void> {
    return this.#last;
  }

  /** Columns of the terminal, or undefined when it is none. */
  get columns(): number | undefined {
    return this.terminal?.size().columns;
  }
}
