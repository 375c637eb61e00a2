import { decodeText } from "../shell/characters.ts";
import { displayWidth } from "../shell/width.ts";
import type { UserProgram } from "./user-program.ts";

const keys = ["l", "w", "m", "c", "L"] as const;
type Counts = Record<(typeof keys)[number], number>;

export const wc: UserProgram = {
  names: ["wc"],
  usage: "[-cmlwL] [FILE]...",
  summary: "Count lines, words, and bytes for FILEs (or stdin)",
  *main(io) {
    const options = yield* io.options({
      short: "cmlwL",
      long: { bytes: "c", chars: "m", lines: "l", words: "w", "max-line-length": "L" },
    });
    const wanted = keys.filter((key) => options.has(key));
    const shown: readonly (keyof Counts)[] = wanted.length > 0 ? wanted : ["l", "w", "c"];
    const rows: { counts: Counts; name: string }[] = [];
    const total: Counts = { l: 0, w: 0, m: 0, c: 0, L: 0 };
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    for (const path of paths) {
      const bytes = yield* io.readInput(path, 1, true);
      if (!bytes) continue;
      const counts = count(bytes, shown.includes("m") || shown.includes("L"));
      for (const key of keys)
        total[key] = key === "L" ? Math.max(total.L, counts.L) : total[key] + counts[key];
      rows.push({ counts, name: options.operands.length > 0 ? path : "" });
    }
    if (paths.length > 1) rows.push({ counts: total, name: "total" });
    const single = shown.length === 1;
    let width = single && (rows.length < 2 || io.busybox) ? 1 : 7;
    if (io.busybox) width = single ? 1 : 9;
    else if (rows.length > 0 && options.operands.length > 0 && !options.operands.includes("-")) {
      // GNU makes the columns as wide as the sum of the files' sizes.
      width = single && paths.length === 1 ? 1 : String(total.c).length;
    } else if (single && paths.length === 1) width = 1;
    for (const { counts, name } of rows) {
      const cells = shown.map((key) => String(counts[key]).padStart(width));
      yield* io.print(cells.join(" ") + (name === "" ? "" : ` ${name}`) + "\n");
    }
    return io.status;
  },
};

function count(bytes: Uint8Array, characters: boolean): Counts {
  const counts: Counts = { l: 0, w: 0, m: 0, c: bytes.length, L: 0 };
  let inWord = false;
  for (const byte of bytes) {
    if (byte === 10) counts.l++;
    const blank = byte === 32 || (byte >= 9 && byte <= 13);
    if (!blank && !inWord) counts.w++;
    inWord = !blank;
  }
  if (characters) {
    const text = decodeText(bytes);
    counts.m = [...text].length;
    for (const line of text.split("\n")) counts.L = Math.max(counts.L, displayWidth(line));
  }
  return counts;
}
