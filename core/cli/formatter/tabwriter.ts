import { displayWidth } from "./width.ts";

export interface TabLayout {
  /** The least width of a column, its padding included. */
  minimum: number;
  /** Spaces added to the widest cell of a column. */
  padding: number;
}

/** The layout of Docker's tables. */
export const tableLayout: TabLayout = { minimum: 10, padding: 3 };

/**
 * Aligns text cut into cells by tabs, as Go's text/tabwriter does: cells of the same column in lines that follow
 * each other get the same width. What follows a line's last tab is not aligned.
 */
export function alignTabs(text: string, layout: TabLayout): string {
  const lines = text.split("\n").map((line) => line.split("\t"));
  const widths: number[] = [];
  let out = "";

  const write = (from: number, to: number) => {
    for (const cells of lines.slice(from, to)) {
      out += cells
        .map((cell, i) => (i < widths.length ? cell + " ".repeat(widths[i]! - displayWidth(cell)) : cell))
        .join("");
      out += "\n";
    }
  };

  /** Lays out the lines from `from` to `to`, which have the first `widths.length` columns in common. */
  const format = (from: number, to: number) => {
    const column = widths.length;
    const hasCell = (line: number) => column < lines[line]!.length - 1;
    let start = from;
    for (let line = from; line < to; line++) {
      if (!hasCell(line)) continue;
      write(start, line);
      start = line;
      let width = layout.minimum;
      for (; line < to && hasCell(line); line++)
        width = Math.max(width, displayWidth(lines[line]![column]!) + layout.padding);
      widths.push(width);
      format(start, line);
      widths.pop();
      start = line;
    }
    write(start, to);
  };

  format(0, lines.length);
  return out.slice(0, -1);
}
