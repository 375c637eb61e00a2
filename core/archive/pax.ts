import { concat, utf8 } from "../platform/bytes.ts";
import { invalidHeader } from "./headers.ts";

/**
 * The records of a PAX extended header: `length key=value\n`. Values are kept byte for byte (a character each), since
 * those of extended attributes are not text.
 */
export function parsePaxRecords(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    if (space < 0 || space - at > 10) throw invalidHeader();
    const digits = latin1(bytes.subarray(at, space));
    const end = at + Number(digits);
    if (!/^\d+$/.test(digits) || end > bytes.length || end <= space + 1 || bytes[end - 1] !== 0x0a)
      throw invalidHeader();
    const equals = bytes.indexOf(0x3d, space);
    if (equals <= space + 1 || equals >= end) throw invalidHeader();
    const key = latin1(bytes.subarray(space + 1, equals));
    const value = latin1(bytes.subarray(equals + 1, end - 1));
    const isName = key === "path" || key === "linkpath" || key === "uname" || key === "gname";
    if (key.includes("\0") || (isName && value.includes("\0"))) throw invalidHeader();
    records.set(key, value);
    at = end;
  }
  return records;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

export function paxInteger(value: string): number {
  const parsed = Number(value);
  if (!/^-?\d+$/.test(value) || !Number.isSafeInteger(parsed)) throw invalidHeader();
  return parsed;
}

/** Seconds with a fraction, in nanoseconds. */
export function paxTime(value: string): bigint {
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(value);
  if (!match) throw invalidHeader();
  const [, sign, seconds = "0", fraction = ""] = match;
  const nanoseconds = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  return sign ? -nanoseconds : nanoseconds;
}

/** One record; its length counts its own digits. */
export function paxRecord(key: string, value: string | Uint8Array): Uint8Array {
  const body = concat([utf8(` ${key}=`), typeof value === "string" ? utf8(value) : value, utf8("\n")]);
  let length = body.length;
  for (;;) {
    const whole = body.length + String(length).length;
    if (whole === length) break;
    length = whole;
  }
  return concat([utf8(String(length)), body]);
}
