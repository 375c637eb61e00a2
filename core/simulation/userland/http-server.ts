import { Errno } from "../../files/filesystem.ts";
import { concat } from "../../platform/bytes.ts";
import { sys } from "../kernel/syscalls.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import type { Steps } from "./user-program.ts";

/** A request as a server of the simulated world reads it. */
export interface HttpServerRequest {
  method: string;
  path: string;
  /** "1.1" */
  version: string;
  /** Names in lower case. */
  headers: Map<string, string>;
  body: Uint8Array;
  /** The first line as it came. */
  line: string;
}

/** Reads one request from a connection; undefined when it ends before, or when it is none. */
export function* readRequest(fd: number): Steps<HttpServerRequest | undefined> {
  let bytes: Uint8Array = new Uint8Array();
  let end: number;
  for (;;) {
    end = endOfHead(bytes);
    if (end >= 0) break;
    const block = yield* readSome(fd);
    if (block.length === 0 || bytes.length > 65536) return undefined;
    bytes = concat([bytes, block]);
  }
  const [line = "", ...lines] = decodeText(bytes.subarray(0, end)).trimEnd().split(/\r?\n/);
  const match = /^(\S+) (\S+)(?: HTTP\/(\d\.\d))?$/.exec(line);
  if (!match) return undefined;
  const headers = new Map<string, string>();
  for (const each of lines) {
    const colon = each.indexOf(":");
    if (colon > 0) headers.set(each.slice(0, colon).toLowerCase(), each.slice(colon + 1).trim());
  }
  let body: Uint8Array = bytes.slice(end);
  const length = Number(headers.get("content-length") ?? 0);
  while (body.length < length) {
    const block = yield* readSome(fd);
    if (block.length === 0) break;
    body = concat([body, block]);
  }
  return { method: match[1]!, path: match[2]!, version: match[3] ?? "1.0", headers, body, line };
}

function* readSome(fd: number): Steps<Uint8Array> {
  try {
    return yield* sys.read(fd, 65536);
  } catch (error) {
    if (error instanceof Errno && error.code === "ECONNRESET") return new Uint8Array();
    throw error;
  }
}

function endOfHead(bytes: Uint8Array): number {
  for (let at = 0; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 10) continue;
    if (bytes[at + 1] === 10) return at + 2;
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3;
  }
  return -1;
}

/** Writes an answer's head and a body of text (which a HEAD request does not get). */
export function* sendAnswer(
  fd: number,
  request: Pick<HttpServerRequest, "method">,
  status: number,
  reason: string,
  headers: readonly [name: string, value: string][],
  body: string,
): Steps<void> {
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n");
  yield* sys.write(fd, encodeText(head + (request.method === "HEAD" ? "" : body)));
}
