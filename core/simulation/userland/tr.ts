import { decodeBytes, encodeText } from "../shell/characters.ts";
import type { UserProgram } from "./user-program.ts";

export const tr: UserProgram = {
  names: ["tr"],
  usage: "[-cds] STRING1 [STRING2]",
  summary: "Translate, squeeze, or delete characters from stdin, writing to stdout",
  *main(io) {
    const options = yield* io.options({
      short: "cCdst",
      long: { complement: "c", delete: "d", "squeeze-repeats": "s", "truncate-set1": "t" },
      stopAtOperand: true,
    });
    const [first, second] = options.operands;
    const remove = options.has("d");
    const squeeze = options.has("s");
    if (first === undefined || (second === undefined && !remove && !squeeze)) {
      if (io.busybox) return yield* io.usage();
      yield* io.complain(
        first === undefined
          ? "missing operand"
          : `missing operand after ‘${first}’\nTwo strings must be given when translating.`,
      );
      return yield* io.usage();
    }
    let from = expandSet(decodeBytes(encodeText(first)));
    const to = second === undefined ? undefined : expandSet(decodeBytes(encodeText(second)), from.length);
    if (options.has("c", "C")) {
      const given = new Set(from);
      from = [];
      for (let code = 0; code < 256; code++) if (!given.has(code)) from.push(code);
    }
    const map = Array.from({ length: 256 }, (_, code) => code);
    const deleted = new Set<number>(remove ? from : []);
    if (to && !remove) {
      if (to.length === 0 && !options.has("t")) {
        if (!io.busybox) return yield* io.fail("when not truncating set1, string2 must be non-empty");
      } else
        for (const [at, code] of from.entries()) {
          if (at < to.length || !options.has("t")) map[code] = to[Math.min(at, to.length - 1)]!;
        }
    }
    const squeezed = new Set<number>(!squeeze ? [] : (to ?? from));
    let last = -1;
    for (let block = yield* io.read(0); block; block = yield* io.read(0)) {
      const output = new Uint8Array(block.length);
      let length = 0;
      for (const byte of block) {
        if (deleted.has(byte)) continue;
        const code = map[byte]!;
        if (code === last && squeezed.has(code)) continue;
        output[length++] = last = code;
      }
      yield* io.write(output.subarray(0, length));
    }
    return 0;
  },
};

const classes: Record<string, (code: number) => boolean> = {
  alpha: (code) => /[A-Za-z]/.test(String.fromCharCode(code)),
  digit: (code) => code >= 48 && code <= 57,
  alnum: (code) => /[A-Za-z0-9]/.test(String.fromCharCode(code)),
  upper: (code) => code >= 65 && code <= 90,
  lower: (code) => code >= 97 && code <= 122,
  space: (code) => code === 32 || (code >= 9 && code <= 13),
  blank: (code) => code === 32 || code === 9,
  punct: (code) => code > 32 && code < 127 && !/[A-Za-z0-9]/.test(String.fromCharCode(code)),
  cntrl: (code) => code < 32 || code === 127,
  print: (code) => code >= 32 && code < 127,
  graph: (code) => code > 32 && code < 127,
  xdigit: (code) => /[0-9A-Fa-f]/.test(String.fromCharCode(code)),
};

const escapes: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };

/** The codes of a set such as "a-z[:digit:]\n"; "[x*]" fills up to `size`. */
function expandSet(text: string, size = 0): number[] {
  const codes: number[] = [];
  let at = 0;
  const one = (): number => {
    if (text[at] === "\\" && at + 1 < text.length) {
      const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1));
      if (octal) {
        at += 1 + octal[0].length;
        return parseInt(octal[0], 8) & 255;
      }
      at += 2;
      return escapes[text[at - 1]!] ?? text.charCodeAt(at - 1);
    }
    return text.charCodeAt(at++);
  };
  while (at < text.length) {
    const named = /^\[:(\w+):\]/.exec(text.slice(at));
    const belongs = named && classes[named[1]!];
    if (belongs) {
      for (let code = 0; code < 256; code++) if (belongs(code)) codes.push(code);
      at += named[0].length;
      continue;
    }
    const equal = /^\[=(.)=\]/.exec(text.slice(at));
    if (equal) {
      codes.push(equal[1]!.charCodeAt(0));
      at += equal[0].length;
      continue;
    }
    const repeat = /^\[(\\?[^])\*(\d*)\]/.exec(text.slice(at));
    if (repeat) {
      at++;
      const code = one();
      const count =
        repeat[2] === "" || Number(repeat[2]) === 0
          ? Math.max(size - codes.length, 0)
          : parseInt(repeat[2]!, repeat[2]!.startsWith("0") ? 8 : 10);
      for (let each = 0; each < count; each++) codes.push(code);
      at = text.indexOf("]", at) + 1;
      continue;
    }
    const start = one();
    if (text[at] === "-" && at + 1 < text.length) {
      at++;
      const end = one();
      for (let code = start; code <= end; code++) codes.push(code);
    } else codes.push(start);
  }
  return codes;
}
