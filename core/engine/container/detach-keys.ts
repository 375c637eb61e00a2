import { invalidParameter } from "../../errors/errors.ts";

const byDefault = [16, 17];
const named: Readonly<Record<string, number>> = {
  "ctrl-@": 0,
  "ctrl-[": 27,
  "ctrl-\\": 28,
  "ctrl-]": 29,
  "ctrl-^": 30,
  "ctrl-_": 31,
  DEL: 127,
};

/** "ctrl-p,ctrl-q" as the bytes that keys send; "" gives Docker's own. Throws invalidParameter "Invalid detach keys (x) provided". */
export function parseDetachKeys(keys: string): number[] {
  if (keys === "") return byDefault;
  return keys.split(",").map((key) => {
    if (key.length === 1) return key.charCodeAt(0);
    const letter = /^ctrl-([a-zA-Z])$/.exec(key)?.[1];
    const code = letter ? letter.toLowerCase().charCodeAt(0) - 96 : named[key];
    if (code === undefined) throw invalidParameter(`Invalid detach keys (${keys}) provided`);
    return code;
  });
}

/** Watches what is typed for the detach keys; they are held back until it is clear that they are not meant. */
export class DetachKeys {
  #matched = 0;
  readonly #keys: readonly number[];

  constructor(keys: readonly number[]) {
    this.#keys = keys;
  }

  /** What of `bytes` is to be sent on, and whether the keys have been typed. */
  filter(bytes: Uint8Array): { pass: Uint8Array; detached: boolean } {
    const pass: number[] = [];
    for (const byte of bytes) {
      if (byte === this.#keys[this.#matched]) {
        this.#matched++;
        if (this.#matched === this.#keys.length) return { pass: Uint8Array.from(pass), detached: true };
        continue;
      }
      pass.push(...this.#keys.slice(0, this.#matched));
      this.#matched = byte === this.#keys[0] ? 1 : 0;
      if (this.#matched === 0) pass.push(byte);
    }
    return { pass: Uint8Array.from(pass), detached: false };
  }
}
