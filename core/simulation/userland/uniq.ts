import { writeFile } from "../kernel/io.ts";
import { encodeText } from "../shell/characters.ts";
import { splitLines } from "./lines.ts";
import type { UserProgram } from "./user-program.ts";

export const uniq: UserProgram = {
  names: ["uniq"],
  usage: "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]",
  summary: "Discard duplicate lines",
  *main(io) {
    const options = yield* io.options({
      short: "cduizDf:s:w:",
      long: {
        count: "c",
        repeated: "d",
        unique: "u",
        "ignore-case": "i",
        "all-repeated": "D",
        "skip-fields": "f:",
        "skip-chars": "s:",
        "check-chars": "w:",
      },
    });
    const [input = "-", output] = options.operands;
    const text = yield* io.readText(input);
    if (text === undefined) return 1;
    const fields = Number(options.get("f") ?? 0);
    const skip = Number(options.get("s") ?? 0);
    const width = Number(options.get("w") ?? Infinity);
    const key = (line: string) => {
      let part = line;
      for (let at = 0; at < fields; at++) part = part.replace(/^[ \t]*[^ \t]*/, "");
      part = part.slice(skip, width === Infinity ? undefined : skip + width);
      return options.has("i") ? part.toLowerCase() : part;
    };
    let result = "";
    const lines = splitLines(text);
    for (let at = 0; at < lines.length;) {
      let end = at + 1;
      while (end < lines.length && key(lines[end]!) === key(lines[at]!)) end++;
      const count = end - at;
      if (options.has("D")) {
        if (count > 1)
          result += lines
            .slice(at, end)
            .map((line) => line + "\n")
            .join("");
      } else if (!(options.has("d") && count === 1) && !(options.has("u") && count > 1)) {
        result += (options.has("c") ? `${String(count).padStart(7)} ` : "") + lines[at] + "\n";
      }
      at = end;
    }
    if (output === undefined || output === "-") yield* io.print(result);
    else yield* writeFile(output, encodeText(result));
    return io.status;
  },
};
