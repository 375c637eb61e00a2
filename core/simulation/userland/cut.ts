import { decodeText, encodeText } from "../shell/characters.ts";
import { LineReader } from "./lines.ts";
import type { UserProgram } from "./user-program.ts";

type Range = [from: number, to: number];

export const cut: UserProgram = {
  names: ["cut"],
  usage: "{-b|c LIST | -f LIST [-d SEP] [-s]} [-D] [-O SEP] [FILE]...",
  summary: "Print selected fields from FILEs to stdout",
  *main(io) {
    const options = yield* io.options({
      short: io.busybox ? "b:c:f:d:O:snDz" : "b:c:f:d:snz",
      long: {
        bytes: "b:",
        characters: "c:",
        fields: "f:",
        delimiter: "d:",
        "only-delimited": "s",
        "output-delimiter": "O:",
        complement: "complement",
      },
    });
    const kinds = ["b", "c", "f"].filter((key) => options.has(key));
    const kind = kinds[0];
    if (kind === undefined) {
      if (io.busybox) {
        yield* io.complain("expected a list of bytes, characters, or fields");
        return 1;
      }
      yield* io.complain("you must specify a list of bytes, characters, or fields");
      return yield* io.usage();
    }
    const text = options.get(kind)!;
    const ranges = parseRanges(text);
    if (!ranges)
      return yield* io.fail(
        io.busybox
          ? `invalid range ${text}-`
          : /^[\d,-]*$/.test(text)
            ? text.includes("0")
              ? `${kind === "f" ? "fields are" : "byte/character positions are"} numbered from 1\nTry '${io.name} --help' for more information.`
              : `invalid range with no endpoint: -\nTry '${io.name} --help' for more information.`
            : `invalid ${kind === "f" ? "field" : "byte/character"} value ‘${text}’\nTry '${io.name} --help' for more information.`,
      );
    const delimiter = options.get("d") ?? "\t";
    if ([...delimiter].length > 1)
      return yield* io.fail(
        io.busybox
          ? "bad delimiter"
          : `the delimiter must be a single character\nTry '${io.name} --help' for more information.`,
      );
    const joint = options.get("O") ?? (kind === "f" ? delimiter : "");
    const complement = options.has("complement");
    const chosen = (count: number) => {
      const places: number[] = [];
      for (let at = 1; at <= count; at++) {
        if (ranges.some(([from, to]) => at >= from && at <= to) !== complement) places.push(at - 1);
      }
      return places;
    };
    const cutLine = (line: string): string | undefined => {
      if (kind === "f") {
        const fields = line.split(delimiter);
        if (fields.length === 1) return options.has("s") ? undefined : line;
        return chosen(fields.length)
          .map((at) => fields[at])
          .join(joint);
      }
      // GNU's -c counts bytes too.
      if (kind === "c" && io.busybox) {
        const characters = [...line];
        return chosen(characters.length)
          .map((at) => characters[at])
          .join(joint);
      }
      const bytes = encodeText(line);
      return decodeText(new Uint8Array(chosen(bytes.length).map((at) => bytes[at]!)));
    };
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      const fd = yield* io.openInput(path);
      if (fd === undefined) continue;
      const reader = new LineReader(io, fd);
      for (let lines = yield* reader.next(); lines; lines = yield* reader.next()) {
        for (const line of lines) {
          const result = cutLine(line);
          if (result !== undefined) yield* io.print(result + "\n");
        }
      }
      yield* io.closeInput(fd);
    }
    return io.status;
  },
};

function parseRanges(text: string): Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(",")) {
    const match = /^(\d*)(-?)(\d*)$/.exec(part);
    if (!match || part === "" || part === "-") return undefined;
    const from = match[1] === "" ? 1 : Number(match[1]);
    const to = match[2] === "" ? from : match[3] === "" ? Infinity : Number(match[3]);
    if (from < 1 || to < from) return undefined;
    ranges.push([from, to]);
  }
  return ranges;
}
