import { concat, text, type ByteSource } from "../../platform/bytes.ts";

const newline = 10;

/** Reads an HTTP/1.1 response from a connection. */
export class HttpReader {
  readonly #source: ByteSource;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async #more(): Promise<boolean> {
    const chunk = await this.#source.read();
    if (!chunk) return false;
    this.#buffer = this.#buffer.length === 0 ? chunk : concat([this.#buffer, chunk]);
    return true;
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf(newline);
      if (end >= 0) {
        const line = text(this.#buffer.subarray(0, end)).replace(/\r$/, "");
        this.#buffer = this.#buffer.subarray(end + 1);
        return line;
      }
      if (this.#buffer.length > 65536)
        throw new Error("http: server response headers exceeded 65536 bytes; aborted");
      if (!(await this.#more())) throw new Error(this.#buffer.length === 0 ? "EOF" : "unexpected EOF");
    }
  }

  /** Status and headers. */
  async head(): Promise<{ status: number; headers: Record<string, string> }> {
    const start = await this.#line();
    const match = /^HTTP\/1\.[01] (\d{3})/.exec(start);
    if (!match) throw new Error(`malformed HTTP response ${JSON.stringify(start.slice(0, 64))}`);
    const headers: Record<string, string> = {};
    for (;;) {
      const line = await this.#line();
      if (line === "") return { status: Number(match[1]), headers };
      const colon = line.indexOf(":");
      if (colon <= 0) throw new Error(`malformed MIME header line: ${line}`);
      const name = line.slice(0, colon).toLowerCase();
      const value = line.slice(colon + 1).trim();
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
  }

  /** The body, as long as the headers say; `done` is called at its end. */
  body(method: string, status: number, headers: Record<string, string>, done: () => void): ByteSource {
    if (method === "HEAD" || status === 204 || status === 304) return this.#counted(0, done);
    if (headers["transfer-encoding"]?.includes("chunked")) return this.#chunked(done);
    const length = headers["content-length"];
    return this.#counted(length === undefined ? undefined : Number(length), done);
  }

  async #take(most: number): Promise<Uint8Array | null> {
    if (this.#buffer.length === 0 && !(await this.#more())) return null;
    const bytes = this.#buffer.subarray(0, most);
    this.#buffer = this.#buffer.subarray(bytes.length);
    return bytes;
  }

  #counted(length: number | undefined, done: () => void): ByteSource {
    let left = length ?? Infinity;
    const end = once(done);
    if (left === 0) end();
    return {
      read: async () => {
        if (left === 0) return null;
        const bytes = await this.#take(left);
        if (!bytes) {
          end();
          if (length !== undefined) throw new Error("unexpected EOF");
          left = 0;
          return null;
        }
        left -= bytes.length;
        if (left === 0) end();
        return bytes;
      },
      cancel: () => this.#cancel(end),
    };
  }

  #chunked(done: () => void): ByteSource {
    let left = 0;
    let over = false;
    const end = once(done);
    return {
      read: async () => {
        if (over) return null;
        if (left === 0) {
          const size = parseInt(await this.#line(), 16);
          if (Number.isNaN(size)) throw new Error("invalid byte in chunk length");
          if (size === 0) {
            while ((await this.#line()) !== "");
            over = true;
            end();
            return null;
          }
          left = size;
        }
        const bytes = await this.#take(left);
        if (!bytes) throw new Error("unexpected EOF");
        left -= bytes.length;
        if (left === 0) await this.#line();
        return bytes;
      },
      cancel: () => this.#cancel(end),
    };
  }

  #cancel(end: () => void): void {
    this.#source.cancel();
    end();
  }
}

function once(action: () => void): () => void {
  let called = false;
  return () => {
    if (!called) action();
    called = true;
  };
}
