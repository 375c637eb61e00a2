import { readFile, readToEnd, writeFile } from "../kernel/io.ts";
import { decodeText, encodeText } from "../shell/characters.ts";
import { splitLines } from "./lines.ts";
import type { Invocation } from "./invocation.ts";
import type { Steps, UserProgram } from "./user-program.ts";

interface Key {
  from: number;
  fromCharacter: number;
  to: number;
  toCharacter: number;
  flags: string;
}

export const sort: UserProgram = {
  names: ["sort"],
  usage: "[-nrugMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...",
  summary: "Sort lines of text",
  *main(io) {
    const options = yield* io.options(
      {
        short: "nrughMcszbdfiVCo:k:t:S:T:R",
        long: {
          numeric: "n",
          "numeric-sort": "n",
          reverse: "r",
          unique: "u",
          "general-numeric-sort": "g",
          "human-numeric-sort": "h",
          "month-sort": "M",
          check: "c",
          stable: "s",
          "zero-terminated": "z",
          "ignore-case": "f",
          "version-sort": "V",
          output: "o:",
          key: "k:",
          "field-separator": "t:",
          "ignore-leading-blanks": "b",
          "dictionary-order": "d",
          "random-sort": "R",
        },
      },
      2,
    );
    const separator = options.has("z") ? "\0" : "\n";
    const lines: string[] = [];
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      const text = yield* io.busybox ? io.readText(path, 2, true) : readOrFail(io, path);
      if (text === undefined) return 2;
      lines.push(
        ...(separator === "\n"
          ? splitLines(text)
          : text.split("\0").filter((line, at, all) => line !== "" || at < all.length - 1)),
      );
    }
    const global =
      "nghMVfdib"
        .split("")
        .filter((flag) => options.has(flag))
        .join("") + (options.has("r") ? "r" : "");
    const delimiter = options.get("t");
    const keys: Key[] = [];
    for (const text of options.all("k")) {
      const key = parseKey(text, global);
      if (!key)
        return yield* io.fail(
          io.busybox
            ? `bad field specification`
            : `invalid number at field start: invalid count at start of ‘${text}’`,
          io.busybox ? 1 : 2,
        );
      keys.push(key);
    }
    if (keys.length === 0)
      keys.push({ from: 1, fromCharacter: 1, to: Infinity, toCharacter: Infinity, flags: global });
    const whole = keys.length === 1 && keys[0]!.to === Infinity && options.all("k").length === 0;
    const byKeys = (left: string, right: string) => {
      for (const key of keys) {
        const a = whole ? left : extract(left, key, delimiter);
        const b = whole ? right : extract(right, key, delimiter);
        const order = compare(a, b, key.flags);
        if (order !== 0) return key.flags.includes("r") ? -order : order;
      }
      return 0;
    };
    const full = (left: string, right: string) => {
      const order = byKeys(left, right);
      if (order !== 0 || options.has("s", "u")) return order;
      const last = byCodePoint(left, right);
      return options.has("r") ? -last : last;
    };
    if (options.has("c", "C")) {
      for (let at = 1; at < lines.length; at++) {
        const order = full(lines[at - 1]!, lines[at]!);
        if (order < 0 || (order === 0 && !options.has("u"))) continue;
        if (options.has("c"))
          yield* io.complain(`${options.operands[0] ?? "-"}:${at + 1}: disorder: ${lines[at]}`);
        return 1;
      }
      return 0;
    }
    lines.sort(full);
    const kept = options.has("u")
      ? lines.filter((line, at) => at === 0 || byKeys(lines[at - 1]!, line) !== 0)
      : lines;
    const output = kept.map((line) => line + separator).join("");
    const target = options.get("o");
    if (target === undefined) yield* io.print(output);
    else yield* writeFile(target, encodeText(output));
    return io.status;
  },
};

function* readOrFail(io: Invocation, path: string): Steps<string | undefined> {
  try {
    return decodeText(yield* path === "-" ? readToEnd(0) : readFile(path));
  } catch (error) {
    yield* io.complainOf(error, `cannot read: ${path}`, 2);
    return undefined;
  }
}

function parseKey(text: string, global: string): Key | undefined {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text);
  if (!match || match[1] === "0") return undefined;
  const flags = (match[3] ?? "") + (match[6] ?? "");
  return {
    from: Number(match[1]),
    fromCharacter: Number(match[2] ?? 1),
    to: match[4] === undefined ? Infinity : Number(match[4]),
    toCharacter: match[5] === undefined || match[5] === "0" ? Infinity : Number(match[5]),
    flags: flags === "" ? global : flags,
  };
}

/** The part of a line that a key names. Without -t a field takes the blanks before it along. */
function extract(line: string, key: Key, delimiter: string | undefined): string {
  const fields = delimiter === undefined ? (line.match(/[ \t]*[^ \t]+/g) ?? []) : line.split(delimiter);
  const joint = delimiter ?? "";
  const trim = (text: string) => (key.flags.includes("b") ? text.replace(/^[ \t]+/, "") : text);
  if (key.to === Infinity) return trim(fields.slice(key.from - 1).join(joint)).slice(key.fromCharacter - 1);
  const chosen = fields.slice(key.from - 1, key.to);
  if (chosen.length === 0) return "";
  if (key.toCharacter !== Infinity && chosen.length === key.to - key.from + 1)
    chosen[chosen.length - 1] = trim(chosen.at(-1)!).slice(0, key.toCharacter);
  return trim(chosen.join(joint)).slice(key.fromCharacter - 1);
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

function compare(left: string, right: string, flags: string): number {
  if (flags.includes("n")) return leadingNumber(left) - leadingNumber(right);
  if (flags.includes("g")) return (parseFloat(left) || 0) - (parseFloat(right) || 0);
  if (flags.includes("h")) return humanNumber(left) - humanNumber(right);
  if (flags.includes("M")) return monthNumber(left) - monthNumber(right);
  if (flags.includes("V")) return versionCompare(left, right);
  const fold = (text: string) => {
    let folded = flags.includes("d") ? text.replace(/[^\p{L}\p{N} \t]/gu, "") : text;
    if (flags.includes("b")) folded = folded.replace(/^[ \t]+/, "");
    return flags.includes("f") ? folded.toUpperCase() : folded;
  };
  return byCodePoint(fold(left), fold(right));
}

function leadingNumber(text: string): number {
  return Number(/^\s*(-?\d*\.?\d*)/.exec(text)![1]) || 0;
}

function humanNumber(text: string): number {
  const match = /^\s*(-?\d*\.?\d*)([KMGTPEk]?)/.exec(text)!;
  return (Number(match[1]) || 0) * 1024 ** " KMGTPE".indexOf(match[2]!.toUpperCase() || " ");
}

function monthNumber(text: string): number {
  return monthNames.indexOf(text.trim().slice(0, 3).toUpperCase());
}

function versionCompare(left: string, right: string): number {
  const [a, b] = [left.split(/(\d+)/), right.split(/(\d+)/)];
  for (let at = 0; at < Math.max(a.length, b.length); at++) {
    const [x = "", y = ""] = [a[at], b[at]];
    const order = at % 2 === 1 ? Number(x) - Number(y) : byCodePoint(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

/** The order of the bytes of UTF-8, which is that of code points. */
export function byCodePoint(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
