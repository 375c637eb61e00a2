/** The number of an IPv4 address; undefined for what is none. */
export function parseIPv4(address: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  if (!match) return undefined;
  let number = 0;
  for (const part of match.slice(1)) {
    if (Number(part) > 255) return undefined;
    number = number * 256 + Number(part);
  }
  return number;
}

export function formatIPv4(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
}

/** The eight groups of an IPv6 address; undefined for what is none. */
export function parseIPv6(address: string): number[] | undefined {
  const [head = "", tail, more] = address.split("::");
  if (more !== undefined || !address.includes(":")) return undefined;
  const groups = (text: string) =>
    text === ""
      ? []
      : text.split(":").map((each) => (/^[0-9a-fA-F]{1,4}$/.test(each) ? parseInt(each, 16) : NaN));
  const first = groups(head);
  const last = groups(tail ?? "");
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const all = [...first, ...Array<number>(tail === undefined ? 0 : missing).fill(0), ...last];
  return all.some(Number.isNaN) ? undefined : all;
}

/** An address in the one form in which it is compared: IPv6 in full, IPv4 as it is. */
export function normal(address: string): string {
  if (!address.includes(":")) return address;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  const groups = parseIPv6(address);
  return groups ? groups.map((group) => group.toString(16)).join(":") : address;
}

function bits(address: string): { value: bigint; width: number } | undefined {
  const four = parseIPv4(address);
  if (four !== undefined) return { value: BigInt(four), width: 32 };
  const six = parseIPv6(address);
  if (!six) return undefined;
  return { value: six.reduce((sum, group) => (sum << 16n) | BigInt(group), 0n), width: 128 };
}

/** Whether `address` lies in `subnet` ("172.17.0.0/16"; without a length, that address alone; "default": all). */
export function inSubnet(address: string, subnet: string): boolean {
  if (subnet === "default") return true;
  const [network = "", length] = subnet.split("/");
  const a = bits(normal(address));
  const b = bits(normal(network));
  if (!a || !b || a.width !== b.width) return false;
  const shift = BigInt(a.width - Number(length ?? a.width));
  return a.value >> shift === b.value >> shift;
}

export function prefixLength(subnet: string): number {
  return subnet === "default" ? 0 : Number(subnet.split("/")[1] ?? (subnet.includes(":") ? 128 : 32));
}

/** "172.17.0.2/16" → "172.17.0.0/16". */
export function networkOf(cidr: string): string {
  const [address = "", length = "32"] = cidr.split("/");
  const four = parseIPv4(address);
  if (four !== undefined) {
    const size = 2 ** (32 - Number(length));
    return `${formatIPv4(Math.floor(four / size) * size)}/${length}`;
  }
  const six = bits(address);
  if (!six) return cidr;
  const shift = 128n - BigInt(length);
  const value = (six.value >> shift) << shift;
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16),
  );
  return `${groups.join(":").replace(/(^|:)0(:0)+(:|$)/, "::")}/${length}`;
}

export const isLoopback = (address: string): boolean =>
  inSubnet(address, "127.0.0.0/8") || normal(address) === normal("::1");
export const isAny = (address: string): boolean =>
  address === "0.0.0.0" || address === "::" || address === "";
