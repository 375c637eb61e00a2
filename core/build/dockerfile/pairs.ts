import type { WordPair } from "../graph.ts";
import { needsSome } from "./instruction.ts";
import type { InstructionLine } from "./lines.ts";

/** The pairs of ENV and LABEL. */
export function pairsOf(line: InstructionLine, keyword: string): WordPair[] {
  if (line.args.length === 0) throw needsSome(keyword);
  const list: WordPair[] = [];
  for (let at = 0; at < line.args.length; at += 2) {
    if (line.args[at] === "") throw new Error(`${keyword} names can not be blank`);
    list.push({ key: { word: line.args[at]! }, value: { word: line.args[at + 1]! } });
  }
  return list;
}
