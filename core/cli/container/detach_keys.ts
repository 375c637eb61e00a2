import type { ByteSource } from "../../platform/bytes.ts";
import { concat } from "../../platform/bytes.ts";

/** Ctrl-P, Ctrl-Q. */
export const defaultDetachKeys = new Uint8Array([16, 17]);

/** The user typed the keys that detach. */
export class Detached extends Error {
  override name = "Detached";
  constructor() {
    super("read escape sequence");
  }
}

const controls = "@abcdefghijklmnopqrstuvwxyz[\\]^_";

/** The bytes of "ctrl-p,ctrl-q" or "ctrl-a,x". Throws for a key that there is not. */
export function parseDetachKeys(keys: string): Uint8Array {
  return new Uint8Array(
    keys.split(",").map((key) => {
      if (key.length === 1) return key.charCodeAt(0);
      if (key === "DEL") return 127;
      const code = /^ctrl-.$/.test(key) ? controls.indexOf(key[5]!) : -1;
      if (code < 0) throw new Error(`Unknown character: '${key}'`);
      return code;
    }),
  );
}

/** What is typed, until the detach keys: then `read` rejects with Detached. Keys that only begin them are held back until more comes. */
export function watchDetachKeys(source: ByteSource, keys: Uint8Array): ByteSource {
  let matched = 0;
  let detached = false;
  return {
    async read() {
      for (;;) {
        if (detached) throw new Detached();
        const chunk = await source.read();
        if (!chunk) return null;
        const passed: Uint8Array[] = [];
        let from = 0;
        for (let at = 0; at < chunk.length; at++) {
          if (chunk[at] === keys[matched]) {
            if (matched === 0) passed.push(chunk.subarray(from, at));
            matched++;
            from = at + 1;
            if (matched < keys.length) continue;
            detached = true;
            break;
          }
          if (matched === 0) continue;
          passed.push(keys.slice(0, matched));
          matched = 0;
          // This byte may begin the sequence anew.
          from = at;
          at--;
        }
        if (!detached && matched === 0) passed.push(chunk.subarray(from));
        const bytes = concat(passed);
        if (bytes.length > 0) return bytes;
      }
    },
    cancel: (reason) => source.cancel(reason),
  };
}
