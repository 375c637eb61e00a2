/** Go's net.ParseIP: the address as Go prints it again, or undefined for what is no address. */
export function parseIp(input: string): string | undefined {
  if (input.includes(":")) {
    const groups = ipv6Groups(input);
    return groups && printIpv6(groups);
  }
  const parts = input.split(".");
  const valid =
    parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return valid ? input : undefined;
}

function ipv6Groups(input: string): number[] | undefined {
  const halves = input.split("::");
  if (halves.length > 2) return undefined;
  const [left, right] = halves.map(groupsOf);
  if (!left || (halves.length === 2 && !right)) return undefined;
  if (halves.length === 1) return left.length === 8 ? left : undefined;
  const gap = 8 - left.length - right!.length;
  return gap < 1 ? undefined : [...left, ...new Array<number>(gap).fill(0), ...right!];
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const words = text.split(":");
  for (const [at, word] of words.entries()) {
    if (word.includes(".") && at === words.length - 1) {
      if (!parseIp(word)) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = word.split(".").map(Number);
      groups.push(a * 256 + b, c * 256 + d);
    } else if (/^[0-9a-fA-F]{1,4}$/.test(word)) groups.push(parseInt(word, 16));
    else return undefined;
  }
  return groups;
}

function printIpv6(groups: number[]): string {
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high = 0, low = 0] = groups.slice(6);
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
  }
  const hex = groups.map((group) => group.toString(16));
  if (best.at < 0) return hex.join(":");
  return `${hex.slice(0, best.at).join(":")}::${hex.slice(best.at + best.length).join(":")}`;
}

/** Whether Go's net.ParseMAC takes it: six, eight or twenty bytes, with ":" or "-" or in groups of four digits with ".". */
export function isMacAddress(input: string): boolean {
  const byte = "[0-9a-fA-F]{2}";
  const counts = [6, 8, 20];
  return counts.some(
    (count) =>
      new RegExp(`^${byte}(:${byte}){${count - 1}}$|^${byte}(-${byte}){${count - 1}}$`).test(input) ||
      new RegExp(`^[0-9a-fA-F]{4}(\\.[0-9a-fA-F]{4}){${count / 2 - 1}}$`).test(input),
  );
}
