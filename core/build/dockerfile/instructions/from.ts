import { goQuote } from "../../gotext.ts";
import { readFlags } from "../flags.ts";
import { blankSeparated } from "../forms.ts";
import type { Instruction } from "../instruction.ts";
import { trimSpace } from "../space.ts";

/** FROM [--platform=PLATFORM] IMAGE [AS NAME]: begins a stage. */
export const from: Instruction = {
  keyword: "FROM",
  form: blankSeparated,
  parse(line) {
    const name = stageName(line.args);
    const platform = readFlags(line.flags, { platform: "string" }).string("platform");
    return {
      kind: "from",
      stage: {
        name,
        base: { word: line.args[0]! },
        platform: platform === "" ? undefined : { word: platform },
        source: trimSpace(line.text),
        line: line.line,
        steps: [],
      },
    };
  },
};

function stageName(args: string[]): string {
  if (args.length === 3 && args[1]!.toLowerCase() === "as") {
    const name = args[2]!.toLowerCase();
    if (/^[a-z][a-z0-9-_.]*$/.test(name)) return name;
    throw new Error(
      `invalid name for build stage: ${goQuote(args[2]!)}, name can't start with a number or contain symbols`,
    );
  }
  if (args.length !== 1) throw new Error("FROM requires either one or three arguments");
  return "";
}
