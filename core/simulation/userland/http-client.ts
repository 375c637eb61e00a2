import { Errno } from "../../files/filesystem.ts";
import { concat } from "../../platform/bytes.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import { resolveName } from "./resolver.ts";
import type { Steps } from "./user-program.ts";

export interface HttpUrl {
  scheme: string;
  host: string;
  port: number;
  path: string;
  user?: string;
}

/** The parts of a URL; http:// when it has no scheme. Undefined for what is none. */
export function parseUrl(text: string): HttpUrl | undefined {
  const match = /^(?:([a-z]+):\/\/)?(?:([^/@]*)@)?(\[[^\]]*\]|[^/:?#]+)(?::(\d+))?([/?][^#]*)?/i.exec(text);
  if (!match) return undefined;
  const scheme = (match[1] ?? "http").toLowerCase();
  const path = match[5] ?? "/";
  const url: HttpUrl = {
    scheme,
    host: match[3]!,
    port: Number(match[4] ?? (scheme === "https" ? 443 : 80)),
    path: path.startsWith("?") ? "/" + path : path,
  };
  if (match[2]) url.user = match[2];
  return url;
}

export interface HttpAnswer {
  version: string;
  status: number;
  reason: string;
  /** As they came, in order. */
  headers: [name: string, value: string][];
  /** Status line and headers as they came, with the empty line. */
  head: string;
  header(name: string): string | undefined;
  /** The next bytes of the body; null at its end. */
  body(): Steps<Uint8Array | null>;
  close(): Steps<void>;
}

/** Why nothing came: the name is unknown, the connection failed, or the answer is no HTTP. */
export class HttpFailure extends Error {
  override name = "HttpFailure";
  readonly kind: "resolve" | "connect" | "empty" | "not http" | "timeout";
  readonly errno: Errno | undefined;
  constructor(kind: HttpFailure["kind"], errno?: Errno) {
    super(kind);
    this.kind = kind;
    this.errno = errno;
  }
}

export interface HttpRequest {
  method: string;
  url: HttpUrl;
  headers: [name: string, value: string][];
  body?: Uint8Array;
  /** Milliseconds for the connection. */
  timeout?: number;
  unixSocket?: string;
}

/** Opens a connection to a host's port; says which address answered. Throws HttpFailure. */
export function* connectTo(
  host: string,
  port: number,
  timeout?: number,
): Steps<{ fd: number; address: string }> {
  const addresses = yield* resolveName(host.replace(/^\[|\]$/g, ""));
  if (addresses.length === 0) throw new HttpFailure("resolve");
  let last: Errno | undefined;
  for (const address of addresses) {
    const fd = yield* sys.socket("inet", "stream");
    try {
      yield* sys.connect(fd, { family: "inet", address, port }, timeout);
      return { fd, address };
    } catch (error) {
      yield* sys.close(fd);
      if (!(error instanceof Errno)) throw error;
      last = error;
    }
  }
  throw new HttpFailure(last?.code === "ETIMEDOUT" ? "timeout" : "connect", last);
}

/** Sends a request on an open connection and reads the head of its answer. Throws HttpFailure. */
export function* exchange(fd: number, request: HttpRequest): Steps<HttpAnswer> {
  const { method, url, headers, body } = request;
  const lines = [`${method} ${url.path} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const head = encodeText(lines.join("\r\n") + "\r\n\r\n");
  yield* sys.write(fd, body ? concat([head, body]) : head);
  return yield* readAnswer(fd, method === "HEAD");
}

function* readAnswer(fd: number, noBody: boolean): Steps<HttpAnswer> {
  let bytes: Uint8Array = new Uint8Array();
  let end = -1;
  while (end < 0) {
    const block = yield* readBlock(fd);
    if (block.length === 0) throw new HttpFailure(bytes.length === 0 ? "empty" : "not http");
    bytes = concat([bytes, block]);
    end = headEnd(bytes);
    if (end < 0 && bytes.length > 1 << 20) throw new HttpFailure("not http");
    if (bytes.length >= 5 && decodeText(bytes.subarray(0, 5)) !== "HTTP/") throw new HttpFailure("not http");
  }
  const headText = decodeText(bytes.subarray(0, end));
  const [statusLine = "", ...rest] = headText.trimEnd().split(/\r?\n/);
  const match = /^HTTP\/(\d\.\d) (\d{3}) ?(.*)$/.exec(statusLine);
  if (!match) throw new HttpFailure("not http");
  const headers = rest
    .filter((line) => line.includes(":"))
    .map((line): [string, string] => [
      line.slice(0, line.indexOf(":")),
      line.slice(line.indexOf(":") + 1).trim(),
    ]);
  const header = (name: string) => headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  const source = new BodySource(fd, bytes.slice(end));
  const status = Number(match[2]);
  if (status === 100) return yield* readAnswer(fd, noBody);
  const length = header("content-length");
  const empty = noBody || status === 204 || status === 304;
  const body = empty
    ? source.none()
    : /chunked/i.test(header("transfer-encoding") ?? "")
      ? source.chunked()
      : length !== undefined
        ? source.exactly(Number(length))
        : source.rest();
  return {
    version: match[1]!,
    status,
    reason: match[3]!,
    headers,
    head: headText,
    header,
    body,
    close: () => sys.close(fd),
  };
}

function headEnd(bytes: Uint8Array): number {
  for (let at = 0; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 10) continue;
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

function* readBlock(fd: number): Steps<Uint8Array> {
  try {
    return yield* sys.read(fd, 65536);
  } catch (error) {
    if (error instanceof Errno && error.code === "ECONNRESET") return new Uint8Array();
    throw error;
  }
}

class BodySource {
  readonly #fd: number;
  #rest: Uint8Array;

  constructor(fd: number, rest: Uint8Array) {
    this.#fd = fd;
    this.#rest = rest;
  }

  *#take(most: number): Steps<Uint8Array> {
    if (this.#rest.length === 0) this.#rest = yield* readBlock(this.#fd);
    const bytes = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(bytes.length);
    return bytes;
  }

  none(): () => Steps<Uint8Array | null> {
    return function* () {
      return null;
    };
  }

  rest(): () => Steps<Uint8Array | null> {
    const take = () => this.#take(Infinity);
    return function* () {
      const bytes = yield* take();
      return bytes.length === 0 ? null : bytes;
    };
  }

  exactly(length: number): () => Steps<Uint8Array | null> {
    let left = length;
    const take = (most: number) => this.#take(most);
    return function* () {
      if (left <= 0) return null;
      const bytes = yield* take(left);
      left -= bytes.length;
      return bytes.length === 0 ? null : bytes;
    };
  }

  chunked(): () => Steps<Uint8Array | null> {
    let left = 0;
    let ended = false;
    const take = (most: number) => this.#take(most);
    const line = function* (): Steps<string> {
      let text = "";
      for (;;) {
        const byte = yield* take(1);
        if (byte.length === 0 || byte[0] === 10) return text.trim();
        text += String.fromCharCode(byte[0]!);
      }
    };
    return function* () {
      if (ended) return null;
      if (left === 0) {
        left = parseInt(yield* line(), 16) || 0;
        if (left === 0) {
          ended = true;
          return null;
        }
      }
      const bytes = yield* take(left);
      left -= bytes.length;
      if (left === 0) yield* line();
      return bytes.length === 0 ? null : bytes;
    };
  }
}
