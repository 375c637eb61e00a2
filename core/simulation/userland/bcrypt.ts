import { utf8 } from "../../platform/bytes.ts";

/** Whether a password is the one that a line of a htpasswd file ("$2y$05$…") was made of. False for what is no bcrypt. */
export function bcryptMatches(password: string, hash: string): boolean {
  const match = /^\$2[abxy]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})$/.exec(hash);
  if (!match) return false;
  const [, cost = "", salt = "", sum = ""] = match;
  // 4 to 31 is what bcrypt allows; what is above 16 would take minutes, and no registry's users wait for that.
  if (Number(cost) < 4 || Number(cost) > 16) return false;
  return encode(bcrypt(utf8(password), decode(salt), Number(cost))) === sum;
}

/** 23 bytes: a text encrypted 64 times by a Blowfish whose key was scheduled 2^cost times. */
function bcrypt(password: Uint8Array, salt: Uint8Array, cost: number): Uint8Array {
  // The NUL at its end is a part of the key, of which no more than 72 bytes count.
  const key = new Uint8Array(Math.min(password.length + 1, 72));
  key.set(password.subarray(0, key.length));
  const cipher = new Blowfish();
  cipher.schedule(key, salt);
  const none = new Uint8Array(16);
  for (let round = 0; round < 2 ** cost; round++) {
    cipher.schedule(key, none);
    cipher.schedule(salt, none);
  }
  const block = utf8("OrpheanBeholderScryDoubt");
  const view = new DataView(block.buffer, block.byteOffset, block.length);
  for (let at = 0; at < 24; at += 8) {
    let pair: [number, number] = [view.getUint32(at), view.getUint32(at + 4)];
    for (let round = 0; round < 64; round++) pair = cipher.encrypt(...pair);
    view.setUint32(at, pair[0]);
    view.setUint32(at + 4, pair[1]);
  }
  return block.subarray(0, 23);
}

/** The cipher, which begins with the digits of pi. */
class Blowfish {
  readonly #subkeys: Uint32Array;
  readonly #boxes: Uint32Array;

  constructor() {
    const words = piWords();
    this.#subkeys = words.slice(0, 18);
    this.#boxes = words.slice(18);
  }

  encrypt(left: number, right: number): [number, number] {
    const keys = this.#subkeys;
    const boxes = this.#boxes;
    for (let round = 0; round < 16; round++) {
      left ^= keys[round]!;
      const sum =
        (boxes[left >>> 24]! + boxes[256 + ((left >>> 16) & 255)]!) ^ boxes[512 + ((left >>> 8) & 255)]!;
      right ^= sum + boxes[768 + (left & 255)]!;
      [left, right] = [right, left];
    }
    return [(right ^ keys[17]!) >>> 0, (left ^ keys[16]!) >>> 0];
  }

  /** Mixes a key in, and a salt of 16 bytes. */
  schedule(key: Uint8Array, salt: Uint8Array): void {
    const word = (bytes: Uint8Array, at: number) => {
      let value = 0;
      for (let index = 0; index < 4; index++) value = (value << 8) | bytes[(at * 4 + index) % bytes.length]!;
      return value;
    };
    for (let at = 0; at < 18; at++) this.#subkeys[at]! ^= word(key, at);
    let [left, right] = [0, 0];
    let turn = 0;
    for (const table of [this.#subkeys, this.#boxes])
      for (let at = 0; at < table.length; at += 2) {
        [left, right] = this.encrypt(left ^ word(salt, turn), right ^ word(salt, turn + 1));
        turn = (turn + 2) % 4;
        table[at] = left;
        table[at + 1] = right;
      }
  }
}

let pi: Uint32Array | undefined;

/** The first 1042 words of pi's fraction, by Machin's formula. */
function piWords(): Uint32Array {
  if (pi) return pi;
  const bits = 1042 * 32;
  const one = 1n << BigInt(bits + 64);
  const arctangent = (inverse: bigint) => {
    let [sum, power, sign] = [0n, one / inverse, 1n];
    for (let odd = 1n; power > 0n; odd += 2n, power /= inverse * inverse, sign = -sign)
      sum += (sign * power) / odd;
    return sum;
  };
  const value = (16n * arctangent(5n) - 4n * arctangent(239n) - 3n * one) >> 64n;
  const digits = value.toString(16).padStart(1042 * 8, "0");
  pi = Uint32Array.from({ length: 1042 }, (_, at) => parseInt(digits.slice(at * 8, at * 8 + 8), 16));
  return pi;
}

const alphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** bcrypt's own base 64, without padding. */
function encode(bytes: Uint8Array): string {
  let text = "";
  let [buffer, held] = [0, 0];
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffff;
    for (held += 8; held >= 6; held -= 6) text += alphabet[(buffer >> (held - 6)) & 63]!;
  }
  return held > 0 ? text + alphabet[(buffer << (6 - held)) & 63]! : text;
}

function decode(text: string): Uint8Array {
  const bytes: number[] = [];
  let [buffer, held] = [0, 0];
  for (const letter of text) {
    buffer = ((buffer << 6) | alphabet.indexOf(letter)) & 0xffff;
    held += 6;
    if (held >= 8) bytes.push((buffer >> (held -= 8)) & 255);
  }
  return Uint8Array.from(bytes);
}
