import { parseIp } from "../go/ip.ts";

/** A range of addresses: how many bits its prefix has, and their value. */
interface Range {
  bits: 32 | 128;
  prefix: number;
  network: bigint;
}

/** Whether `address`, an address or a range's first one, lies in `subnet`. Throws Go's texts for ranges that are none. */
export function subnetContains(subnet: string, address: string): boolean {
  let range: Range;
  try {
    range = parseCidr(subnet).range;
  } catch (error) {
    throw new Error(`invalid subnet: ${(error as Error).message}`);
  }
  const ip = address.includes("/") ? parseCidr(address).ip : ipNumber(address);
  if (!ip || ip.bits !== range.bits) return false;
  return ip.number >> BigInt(range.bits - range.prefix) === range.network;
}

/** Reads "10.0.0.0/24". Throws Go's text. */
export function parseCidr(text: string): { ip: { number: bigint; bits: 32 | 128 }; range: Range } {
  const [, address = "", digits = ""] = /^([^/]*)\/(\d+)$/.exec(text) ?? [];
  const ip = ipNumber(address);
  const prefix = Number(digits);
  if (!ip || prefix > ip.bits) throw new Error(`invalid CIDR address: ${text}`);
  return { ip, range: { bits: ip.bits, prefix, network: ip.number >> BigInt(ip.bits - prefix) } };
}

function ipNumber(text: string): { number: bigint; bits: 32 | 128 } | undefined {
  const canonical = parseIp(text);
  if (canonical === undefined) return undefined;
  if (canonical.includes(".")) {
    return { number: canonical.split(".").reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
  }
  const [left = [], right = []] = canonical
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...left, ...new Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return { number: groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n), bits: 128 };
}
