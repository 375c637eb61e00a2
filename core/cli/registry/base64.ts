const standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Base64 with padding; `urlSafe` writes "-" and "_" for "+" and "/" (RFC 4648, section 5). */
export function encodeBase64(bytes: Uint8Array, urlSafe = false): string {
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    const group = (a << 16) | ((b ?? 0) << 8) | (c ?? 0);
    encoded += standard[group >> 18]! + standard[(group >> 12) & 63]!;
    encoded += b === undefined ? "=" : standard[(group >> 6) & 63]!;
    encoded += c === undefined ? "=" : standard[group & 63]!;
  }
  return urlSafe ? encoded.replaceAll("+", "-").replaceAll("/", "_") : encoded;
}

/** Undoes encodeBase64, the plain alphabet alone; undefined for what is not base64. */
export function decodeBase64(encoded: string): Uint8Array | undefined {
  if (encoded.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) return undefined;
  const digits = encoded.replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    held = ((held << 6) | standard.indexOf(digit)) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
