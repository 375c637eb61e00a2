import { readAll } from "./head.ts";
import { concat } from "../../platform/bytes.ts";
import type { Invocation } from "./invocation.ts";
import { parseSize } from "./sizes.ts";
import type { Steps, UserProgram } from "./user-program.ts";

function* input(io: Invocation, paths: readonly string[]): Steps<Uint8Array> {
  if (paths.length === 0) return yield* readAll(io, 0);
  const parts: Uint8Array[] = [];
  for (const path of paths) {
    const bytes = yield* io.readInput(path, 1, true);
    if (bytes) parts.push(bytes);
  }
  return concat(parts);
}

const named: Record<number, string> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

export const od: UserProgram = {
  names: ["od"],
  usage: "[-abcdfhilovxs] [-t TYPE] [-A RADIX] [-N SIZE] [-j OFFSET] [-w WIDTH] [FILE]...",
  summary: "Print FILEs (or stdin) unambiguously, as octal bytes by default",
  *main(io) {
    const options = yield* io.options({
      short: "abcdfhilovxsA:t:N:j:w:S:",
      long: {
        "address-radix": "A:",
        format: "t:",
        "read-bytes": "N:",
        "skip-bytes": "j:",
        "output-duplicates": "v",
      },
    });
    let bytes = yield* input(io, options.operands);
    bytes = bytes.subarray(parseSize(options.get("j") ?? "0") ?? 0);
    if (options.has("N")) bytes = bytes.subarray(0, parseSize(options.get("N")!) ?? bytes.length);
    const types = options.list.flatMap(({ key, value }) =>
      key === "t"
        ? (value.match(/[acdoux]\d*z?/g) ?? [])
        : ({
            c: ["c"],
            a: ["a"],
            b: ["o1"],
            x: ["x2"],
            h: ["x2"],
            d: ["u2"],
            o: ["o2"],
            i: ["d4"],
            l: ["d8"],
            s: ["d2"],
          }[key] ?? []),
    );
    if (types.length === 0) types.push("o2");
    const radix = options.get("A") ?? "o";
    const address = (at: number) =>
      radix === "n"
        ? ""
        : radix === "x"
          ? at.toString(16).padStart(6, "0")
          : radix === "d"
            ? String(at).padStart(7, "0")
            : at.toString(8).padStart(7, "0");
    const width = Number(options.get("w") ?? 16);
    let before = "";
    let starred = false;
    for (let at = 0; at < bytes.length; at += width) {
      const row = bytes.subarray(at, at + width);
      const key = String(row);
      if (key === before && row.length === width && !options.has("v")) {
        if (!starred) yield* io.print("*\n");
        starred = true;
        continue;
      }
      before = key;
      starred = false;
      for (const [index, type] of types.entries())
        yield* io.print(
          (index === 0 ? address(at) : radix === "n" ? "" : " ".repeat(address(at).length)) +
            rowText(row, type) +
            "\n",
        );
    }
    if (radix !== "n") yield* io.print(address(bytes.length) + "\n");
    return io.status;
  },
};

function rowText(row: Uint8Array, type: string): string {
  const kind = type[0]!;
  if (kind === "c" || kind === "a")
    return [...row]
      .map((byte) =>
        (
          named[byte] ??
          (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"))
        ).padStart(4),
      )
      .join("");
  const size = Number(/\d+/.exec(type)?.[0] ?? 4);
  const digits = {
    x: size * 2,
    o: Math.ceil((size * 8) / 3),
    d: [0, 4, 6, 0, 11, 0, 0, 0, 20][size]!,
    u: [0, 3, 5, 0, 10, 0, 0, 0, 20][size]!,
  }[kind]!;
  let text = "";
  for (let at = 0; at < row.length; at += size) {
    let value = 0n;
    for (let byte = Math.min(size, row.length - at) - 1; byte >= 0; byte--)
      value = value * 256n + BigInt(row[at + byte]!);
    if (kind === "d") value = BigInt.asIntN(size * 8, value);
    const shown =
      kind === "x"
        ? value.toString(16).padStart(digits, "0")
        : kind === "o"
          ? value.toString(8).padStart(digits, "0")
          : String(value).padStart(digits);
    text += " " + shown;
  }
  return text;
}

export const hexdump: UserProgram = {
  names: ["hexdump", "hd"],
  usage: "[-bcdoxCv] [-e FMT] [-f FMT_FILE] [-n LEN] [-s OFS] [FILE]...",
  summary: "Display FILEs (or stdin) in a user specified format",
  *main(io) {
    const options = yield* io.options({
      short: "bcdoxCve:f:n:s:",
      long: { canonical: "C", length: "n:", skip: "s:" },
    });
    const skip = parseSize(options.get("s") ?? "0") ?? 0;
    let bytes = (yield* input(io, options.operands)).subarray(skip);
    if (options.has("n")) bytes = bytes.subarray(0, parseSize(options.get("n")!) ?? bytes.length);
    const canonical = options.has("C") || io.applet === "hd";
    const address = (at: number) => at.toString(16).padStart(canonical ? 8 : 7, "0");
    let before = "";
    let starred = false;
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16);
      const key = String(row);
      if (key === before && row.length === 16 && !options.has("v")) {
        if (!starred) yield* io.print("*\n");
        starred = true;
        continue;
      }
      before = key;
      starred = false;
      if (canonical) {
        const hex = [...row].map((byte) => byte.toString(16).padStart(2, "0"));
        const left = hex.slice(0, 8).join(" ").padEnd(23);
        const right = hex.slice(8).join(" ").padEnd(23);
        yield* io.print(
          `${address(at + skip)}  ${left}  ${right}  |${[...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("")}|\n`,
        );
      } else {
        let text = "";
        for (let each = 0; each < 16; each += 2)
          text +=
            each < row.length
              ? " " + (row[each]! + (row[each + 1] ?? 0) * 256).toString(16).padStart(4, "0")
              : "     ";
        yield* io.print(address(at + skip) + text.trimEnd().padEnd(text.length) + "\n");
      }
    }
    if (bytes.length > 0) yield* io.print(address(bytes.length + skip) + "\n");
    return io.status;
  },
};
