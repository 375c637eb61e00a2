import { normal, parseIPv4, parseIPv6 } from "./addresses.ts";

/** What a query asks. */
export interface Question {
  id: number;
  name: string;
  /** 1 A, 28 AAAA, 12 PTR, 255 any. */
  type: number;
  recursionDesired: boolean;
}

export const recordType = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, ANY: 255 } as const;
export const responseCode = {
  ok: 0,
  formatError: 1,
  serverFailure: 2,
  noSuchName: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** Reads a query of one question (RFC 1035); undefined for what is none. */
export function parseQuery(bytes: Uint8Array): Question | undefined {
  if (bytes.length < 17) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint16(2) & 0x8000 || view.getUint16(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    if (at + length > bytes.length) return undefined;
    labels.push(new TextDecoder().decode(bytes.subarray(at, at + length)));
    at += length;
  }
  if (at + 4 > bytes.length) return undefined;
  return {
    id: view.getUint16(0),
    name: labels.join("."),
    type: view.getUint16(at),
    recursionDesired: (view.getUint16(2) & 0x100) !== 0,
  };
}

function encodeName(name: string): number[] {
  const bytes: number[] = [];
  for (const label of name.split(".").filter(Boolean)) {
    const encoded = new TextEncoder().encode(label);
    bytes.push(encoded.length, ...encoded);
  }
  bytes.push(0);
  return bytes;
}

const two = (number: number) => [number >> 8, number & 255];

/** A query for `name`. */
export function encodeQuery(id: number, name: string, type: number): Uint8Array {
  return Uint8Array.from([...two(id), 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...encodeName(name), ...two(type), 0, 1]);
}

/** One answer: an address, or a name for PTR. */
export type Answer = { address: string } | { name: string };

/** The response to `question`; `ttl` seconds (Docker's own is 600). */
export function encodeResponse(
  question: Question,
  answers: readonly Answer[],
  options: { code?: number; ttl?: number; authoritative?: boolean } = {},
): Uint8Array {
  const { code = responseCode.ok, ttl = 600, authoritative = false } = options;
  const flags = 0x8080 | (authoritative ? 0x400 : 0) | (question.recursionDesired ? 0x100 : 0) | code;
  const bytes = [...two(question.id), ...two(flags), 0, 1, ...two(answers.length), 0, 0, 0, 0];
  bytes.push(...encodeName(question.name), ...two(question.type), 0, 1);
  for (const answer of answers) {
    const data = dataOf(answer);
    bytes.push(
      0xc0,
      12,
      ...two(data.type),
      0,
      1,
      (ttl >> 24) & 255,
      (ttl >> 16) & 255,
      (ttl >> 8) & 255,
      ttl & 255,
      ...two(data.bytes.length),
      ...data.bytes,
    );
  }
  return Uint8Array.from(bytes);
}

function dataOf(answer: Answer): { type: number; bytes: number[] } {
  if ("name" in answer) return { type: recordType.PTR, bytes: encodeName(answer.name) };
  const four = parseIPv4(answer.address);
  if (four !== undefined)
    return {
      type: recordType.A,
      bytes: [(four >>> 24) & 255, (four >> 16) & 255, (four >> 8) & 255, four & 255],
    };
  const groups = parseIPv6(answer.address) ?? [];
  return { type: recordType.AAAA, bytes: groups.flatMap(two) };
}

/** The address that a reverse name ("2.0.18.172.in-addr.arpa") asks for; undefined for others. */
export function reversedAddress(name: string): string | undefined {
  const four = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?$/i.exec(name);
  if (four) return `${four[4]}.${four[3]}.${four[2]}.${four[1]}`;
  const six = /^((?:[0-9a-f]\.){32})ip6\.arpa\.?$/i.exec(name);
  if (!six) return undefined;
  const digits = six[1]!.split(".").filter(Boolean).reverse().join("");
  return normal(digits.match(/.{4}/g)!.join(":"));
}
