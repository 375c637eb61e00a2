import { hex, type Random } from "../platform/random.ts";

/** A hardware address drawn at random: locally administered, for one machine. */
export function randomMac(random: Random): string {
  const bytes = random.bytes(6);
  bytes[0] = (bytes[0]! & 0xfe) | 0x02;
  return hex(bytes).replace(/(..)(?=.)/g, "$1:");
}

/** True for "02:42:ac:11:00:02". */
export function isMac(text: string): boolean {
  return /^([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}$/.test(text);
}
