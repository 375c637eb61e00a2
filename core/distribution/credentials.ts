import { text, utf8 } from "../platform/bytes.ts";

/** Who asks a registry: the API's AuthConfig. */
export interface RegistryAuth {
  username?: string;
  password?: string;
  /** Base64 of "user:password". */
  auth?: string;
  email?: string;
  serveraddress?: string;
  identitytoken?: string;
  registrytoken?: string;
}

/** Reads the header X-Registry-Auth (base64, of either alphabet); what is malformed is nobody, as Docker has it. */
export function decodeRegistryAuth(header: string | undefined): RegistryAuth {
  if (!header) return {};
  try {
    const parsed = JSON.parse(text(decodeBase64(header))) as unknown;
    if (typeof parsed !== "object" || parsed === null) return {};
    const auth: Record<string, string> = {};
    for (const [name, value] of Object.entries(parsed))
      if (typeof value === "string") auth[name.toLowerCase()] = value;
    return auth;
  } catch {
    return {};
  }
}

/** Name and password; undefined without. */
export function basicCredentials(auth: RegistryAuth): { username: string; password: string } | undefined {
  if (auth.username) return { username: auth.username, password: auth.password ?? "" };
  if (!auth.auth) return undefined;
  const decoded = text(decodeBase64(auth.auth));
  const colon = decoded.indexOf(":");
  return colon < 0 ? undefined : { username: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function encodeBase64(value: string | Uint8Array): string {
  const bytes = typeof value === "string" ? utf8(value) : value;
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [a = 0, b, c] = bytes.subarray(at, at + 3);
    encoded += alphabet[a >> 2]! + alphabet[((a & 3) << 4) | ((b ?? 0) >> 4)]!;
    encoded += b === undefined ? "=" : alphabet[((b & 15) << 2) | ((c ?? 0) >> 6)]!;
    encoded += c === undefined ? "=" : alphabet[c & 63]!;
  }
  return encoded;
}

/** Of the standard or the URL alphabet, padded or not. Throws an Error. */
export function decodeBase64(encoded: string): Uint8Array {
  const digits = encoded.replace(/-/g, "+").replace(/_/g, "/").replace(/=+$/, "");
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const digit of digits) {
    const value = alphabet.indexOf(digit);
    if (value < 0) throw new Error("illegal base64 data");
    held = ((held << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (held >> bits) & 0xff;
    }
  }
  return bytes;
}
