import { concat, type ByteSource } from "../platform/bytes.ts";

/** The lines before a message's body, for HTTP/1.1 (RFC 9112). */
export interface MessageHead {
  /** "GET /v2/ HTTP/1.1" or "HTTP/1.1 200 OK". */
  start: string;
  /** Values by lower-case name; several of one name are joined with ", ". */
  headers: Record<string, string>;
}

/** Thrown for what is no HTTP message. */
export class MalformedMessage extends Error {
  override name = "MalformedMessage";
}

const headLimit = 64 * 1024;

/** A source that can be read by pieces of one's own choice; what is left stays for the next reader. */
export class BufferedSource implements ByteSource {
  readonly #source: ByteSource;
  #left: Uint8Array = new Uint8Array(0);

  constructor(source: ByteSource) {
    this.#source = source;
  }

  async read(limit = Infinity): Promise<Uint8Array | null> {
    if (this.#left.length === 0) {
      const chunk = await this.#source.read();
      if (!chunk) return null;
      this.#left = chunk;
    }
    const bytes = this.#left.subarray(0, limit);
    this.#left = this.#left.subarray(bytes.length);
    return bytes;
  }

  cancel(reason?: string): void {
    this.#left = new Uint8Array(0);
    this.#source.cancel(reason);
  }

  /** Bytes up to and without `end`, as latin-1 text; null when the source is at its end before the first byte. */
  async readUntil(end: string, limit: number): Promise<string | null> {
    let bytes = await this.read();
    if (!bytes) return null;
    for (let searched = 0; ;) {
      const at = find(bytes, end, searched);
      if (at >= 0) {
        // Nothing is copied: a body's chunks are found one after the other in what has come.
        this.#left = bytes.subarray(at + end.length);
        return latin1(bytes.subarray(0, at));
      }
      if (bytes.length > limit) throw new MalformedMessage("message head too large");
      searched = Math.max(0, bytes.length - end.length + 1);
      const more = await this.read();
      if (!more) throw new MalformedMessage("unexpected EOF");
      bytes = concat([bytes, more]);
    }
  }
}

/** Where `end` (characters of one byte) is in `bytes`, not before `from`; -1 when it is not there. */
function find(bytes: Uint8Array, end: string, from: number): number {
  const first = end.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let length = 1;
    while (length < end.length && bytes[at + length] === end.charCodeAt(length)) length++;
    if (length === end.length) return at;
  }
  return -1;
}

/** Reads a head; null when the other side closed instead of saying more. */
export async function readHead(source: BufferedSource): Promise<MessageHead | null> {
  const text = await source.readUntil("\r\n\r\n", headLimit);
  if (text === null) return null;
  const [start = "", ...lines] = text.replace(/^(\r\n)+/, "").split("\r\n");
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const field = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (!field) throw new MalformedMessage(`malformed header line ${JSON.stringify(line.slice(0, 80))}`);
    const name = field[1]!.toLowerCase();
    headers[name] = headers[name] === undefined ? field[2]! : `${headers[name]}, ${field[2]}`;
  }
  return { start, headers };
}

/** A head as bytes. Header values with line breaks are refused. */
export function writeHead({ start, headers }: MessageHead): Uint8Array {
  let text = `${start}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (/[\r\n\0]/.test(name + value))
      throw new MalformedMessage(`a line break in header ${JSON.stringify(name)}`);
    text += `${name}: ${value}\r\n`;
  }
  return Uint8Array.from(`${text}\r\n`, (character) => character.charCodeAt(0) & 255);
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
