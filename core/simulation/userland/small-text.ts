import { sys } from "../kernel/syscalls.ts";
import { decodeText } from "../shell/characters.ts";
import { base64 as encodeBase64 } from "./curl.ts";
import { readAll } from "./head.ts";
import { splitLines } from "./lines.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps, UserProgram } from "./user-program.ts";

function* inputLines(io: Invocation, paths: readonly string[]): Steps<string[]> {
  const all: string[] = [];
  for (const path of paths.length > 0 ? paths : ["-"])
    all.push(...splitLines((yield* io.readText(path, 1, true)) ?? ""));
  return all;
}

export const tac: UserProgram = {
  names: ["tac"],
  usage: "[FILE]...",
  summary: "Concatenate FILEs and print them in reverse",
  *main(io) {
    const options = yield* io.options({ short: "" });
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      for (const line of (yield* inputLines(io, [path])).reverse()) yield* io.print(line + "\n");
    }
    return io.status;
  },
};

export const rev: UserProgram = {
  names: ["rev"],
  usage: "[FILE]...",
  summary: "Reverse lines of FILEs",
  *main(io) {
    for (const line of yield* inputLines(io, io.args)) yield* io.print([...line].reverse().join("") + "\n");
    return io.status;
  },
};

export const nl: UserProgram = {
  names: ["nl"],
  usage: "[OPTIONS] [FILE]...",
  summary: "Write FILEs to standard output with line numbers added",
  *main(io) {
    const options = yield* io.options({ short: "b:w:s:v:i:", long: { "body-numbering": "b:" } });
    let number = Number(options.get("v") ?? 1);
    const width = Number(options.get("w") ?? 6);
    const separator = options.get("s") ?? "\t";
    for (const line of yield* inputLines(io, options.operands)) {
      if (line === "" && options.get("b") !== "a")
        yield* io.print(" ".repeat(width + separator.length) + "\n");
      else yield* io.print(String(number++).padStart(width) + separator + line + "\n");
    }
    return io.status;
  },
};

export const paste: UserProgram = {
  names: ["paste"],
  usage: "[-d LIST] [-s] [FILE]...",
  summary: "Paste lines from each input file together using TAB",
  *main(io) {
    const options = yield* io.options({ short: "d:s", long: { delimiters: "d:", serial: "s" } });
    const delimiters = [...(options.get("d") ?? "\t").replace(/\\n/g, "\n").replace(/\\t/g, "\t")];
    const columns: string[][] = [];
    for (const path of options.operands.length > 0 ? options.operands : ["-"])
      columns.push(yield* inputLines(io, [path]));
    const rows = options.has("s")
      ? columns
      : Array.from({ length: Math.max(0, ...columns.map((column) => column.length)) }, (_, at) =>
          columns.map((column) => column[at] ?? ""),
        );
    for (const row of rows)
      yield* io.print(
        row
          .map((cell, at) => cell + (at < row.length - 1 ? delimiters[at % delimiters.length] : ""))
          .join("") + "\n",
      );
    return io.status;
  },
};

export const comm: UserProgram = {
  names: ["comm"],
  usage: "[-123] FILE1 FILE2",
  summary: "Compare FILE1 with FILE2 line by line",
  *main(io) {
    const options = yield* io.options({ short: "123" });
    const [a, b] = [
      yield* inputLines(io, [options.operands[0] ?? "-"]),
      yield* inputLines(io, [options.operands[1] ?? "-"]),
    ];
    const tab = (column: number) =>
      "\t".repeat(["1", "2"].filter((each) => Number(each) < column && !options.has(each)).length);
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      const column =
        j >= b.length || (i < a.length && a[i]! < b[j]!) ? 1 : i >= a.length || a[i]! > b[j]! ? 2 : 3;
      const line = column === 2 ? b[j]! : a[i]!;
      if (column !== 2) i++;
      if (column !== 1) j++;
      if (!options.has(String(column))) yield* io.print(tab(column) + line + "\n");
    }
    return io.status;
  },
};

export const fold: UserProgram = {
  names: ["fold"],
  usage: "[-bs] [-w WIDTH] [FILE]...",
  summary: "Wrap input lines in FILEs (or stdin), writing to stdout",
  *main(io) {
    const options = yield* io.options({ short: "bsw:", number: "w", long: { width: "w:", spaces: "s" } });
    const width = Number(options.get("w") ?? 80);
    for (const line of yield* inputLines(io, options.operands)) {
      let rest = line;
      while ([...rest].length > width) {
        let cut = [...rest].slice(0, width).join("").length;
        const blank = rest.slice(0, cut).lastIndexOf(" ");
        if (options.has("s") && blank > 0) cut = blank + 1;
        yield* io.print(rest.slice(0, cut) + "\n");
        rest = rest.slice(cut);
      }
      yield* io.print(rest + "\n");
    }
    return io.status;
  },
};

export const base64: UserProgram = {
  names: ["base64"],
  usage: "[-d] [-w COL] [FILE]",
  summary: "Base64 encode or decode FILE to standard output",
  *main(io) {
    const options = yield* io.options({ short: "dw:i", long: { decode: "d", wrap: "w:" } });
    const path = options.operands[0] ?? "-";
    const bytes = path === "-" ? yield* readAll(io, 0) : yield* io.readInput(path);
    if (!bytes) return 1;
    if (!options.has("d")) {
      const width = Number(options.get("w") ?? 76);
      const text = encodeBase64(bytes);
      const lines = width === 0 ? [text] : (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []);
      yield* io.print(lines.join("\n") + (width === 0 || text === "" ? "" : "\n"));
      return 0;
    }
    const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const result: number[] = [];
    let [word, bits] = [0, 0];
    for (const character of decodeText(bytes).replace(/\s/g, "").replace(/=+$/, "")) {
      const value = alphabet.indexOf(character);
      if (value < 0) {
        yield* io.write(new Uint8Array(result));
        return yield* io.fail(io.busybox ? "truncated input" : "invalid input");
      }
      word = ((word << 6) | value) & 0xffffff;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        result.push((word >> bits) & 255);
      }
    }
    yield* io.write(new Uint8Array(result));
    return 0;
  },
};

export const shuf: UserProgram = {
  names: ["shuf"],
  usage: "[-n NUM] [-o FILE] [-z] [FILE | -e [ARG...] | -i L-H]",
  summary: "Randomly permute lines",
  *main(io) {
    const options = yield* io.options({ short: "n:ei:z" });
    const range = /^(\d+)-(\d+)$/.exec(options.get("i") ?? "");
    const lines = range
      ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, at) =>
          String(Number(range[1]) + at),
        )
      : options.has("e")
        ? [...options.operands]
        : yield* inputLines(io, options.operands);
    for (let at = lines.length - 1; at > 0; at--) {
      const bytes = yield* sys.getrandom(4);
      const other = ((bytes[0]! << 16) | (bytes[1]! << 8) | bytes[2]!) % (at + 1);
      [lines[at], lines[other]] = [lines[other]!, lines[at]!];
    }
    for (const line of lines.slice(0, Number(options.get("n") ?? Infinity))) yield* io.print(line + "\n");
    return 0;
  },
};
