/** An IPv4 or IPv6 block: "172.17.0.0/16". Addresses are numbers of 32 or 128 bits. */
export interface Cidr {
  family: 4 | 6;
  /** The address as written, its host part too. */
  address: bigint;
  /** The first address of the block. */
  base: bigint;
  prefix: number;
}

const bits = (family: 4 | 6) => (family === 4 ? 32 : 128);

/** The address that `text` writes; undefined when it writes none. */
export function parseAddress(text: string): { family: 4 | 6; address: bigint } | undefined {
  if (text.includes(":")) {
    const address = parseAddress6(text);
    return address === undefined ? undefined : { family: 6, address };
  }
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let address = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    address = (address << 8n) | BigInt(part);
  }
  return { family: 4, address };
}

function parseAddress6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const groups = (half: string): string[] | undefined => {
    if (half === "") return [];
    const list = half.split(":");
    const last = list.at(-1)!;
    if (last.includes(".")) {
      const embedded = parseAddress(last);
      if (!embedded || embedded.family !== 4) return undefined;
      list.splice(-1, 1, (embedded.address >> 16n).toString(16), (embedded.address & 0xffffn).toString(16));
    }
    return list.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? list : undefined;
  };
  const head = groups(halves[0]!);
  const tail = halves.length === 2 ? groups(halves[1]!) : [];
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const all = [...head, ...Array<string>(missing).fill("0"), ...tail];
  return all.reduce((address, group) => (address << 16n) | BigInt(`0x${group}`), 0n);
}

export function parseCidr(text: string): Cidr | undefined {
  const [written = "", prefixText = "", ...more] = text.split("/");
  const parsed = parseAddress(written);
  if (!parsed || more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  if (prefix > bits(parsed.family)) return undefined;
  const hostBits = BigInt(bits(parsed.family) - prefix);
  return { ...parsed, base: (parsed.address >> hostBits) << hostBits, prefix };
}

export function formatAddress(family: 4 | 6, address: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, at) => Number((address >> BigInt(112 - at * 16)) & 0xffffn));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(":");
  if (best.at < 0) return hex(groups);
  return `${hex(groups.slice(0, best.at))}::${hex(groups.slice(best.at + best.length))}`;
}

/** "172.17.0.0/16", the host part cut off. */
export function formatCidr({ family, base, prefix }: Cidr): string {
  return `${formatAddress(family, base)}/${prefix}`;
}

/** The last address of the block. */
export function lastAddress({ family, base, prefix }: Cidr): bigint {
  return base + (1n << BigInt(bits(family) - prefix)) - 1n;
}

export function containsAddress(block: Cidr, address: { family: 4 | 6; address: bigint }): boolean {
  return (
    block.family === address.family && address.address >= block.base && address.address <= lastAddress(block)
  );
}

export function overlaps(one: Cidr, other: Cidr): boolean {
  return one.family === other.family && one.base <= lastAddress(other) && other.base <= lastAddress(one);
}
