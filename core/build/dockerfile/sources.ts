import type { CopyOperation } from "../graph.ts";
import { chomped, heredocOf } from "./heredoc.ts";
import type { InstructionLine } from "./lines.ts";

export const needsTwo = (keyword: string) =>
  new Error(
    `${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`,
  );

/** The sources and the destination of COPY and ADD; heredocs among the sources come as contents. */
export function sourcesAndDestination(
  line: InstructionLine,
  keyword: string,
): Pick<CopyOperation, "sources" | "contents" | "destination"> {
  const destination = line.args.at(-1)!;
  if (heredocOf(destination)) throw new Error(`${keyword} cannot accept a heredoc as a destination`);
  const operation: Pick<CopyOperation, "sources" | "contents" | "destination"> = {
    sources: [],
    contents: [],
    destination: { word: destination },
  };
  for (const source of line.args.slice(0, -1)) {
    const announced = heredocOf(source);
    if (!announced) {
      operation.sources.push({ word: source });
      continue;
    }
    const content = line.heredocs.findLast((heredoc) => heredoc.name === announced.name)?.content ?? "";
    operation.contents.push({
      name: announced.name,
      content: announced.chomp ? chomped(content) : content,
      expand: announced.expand,
    });
  }
  return operation;
}
