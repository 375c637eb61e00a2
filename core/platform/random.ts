/** Random bytes, as core may know them: seeded in the simulated world, the machine's in the real one. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Makes a random 64-digit hexadecimal identifier, as Docker gives to containers, networks and execs. */
export function randomId(random: Random): string {
  for (;;) {
    const id = hex(random.bytes(32));
    // Docker draws again when the short form could be read as a number (it is used as a host name).
    if (!/^\d+$/.test(id.slice(0, 12))) return id;
  }
}

/** Lower-case hexadecimal digits of `bytes`. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** A whole number in [0, below), unbiased enough for names and ports. `below` is at most 2^31. */
export function randomBelow(random: Random, below: number): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = random.bytes(6);
  return (((a * 256 + b) * 256 + c) * 2 ** 24 + (d * 256 + e) * 256 + f) % below;
}
