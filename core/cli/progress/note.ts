import type { Output } from "../output.ts";

/** What stands before a remark. */
export const plainInfoHeader = " Info -> ";
/** The same in colours. */
export const fancyInfoHeader = "\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo → \x1b[0m\x1b[0m";

/** A remark set apart from other output: in colours on a terminal. */
export function noteText(note: string, out: Output): string {
  const onTerminal = out.terminal !== undefined;
  const header = onTerminal ? fancyInfoHeader : plainInfoHeader;
  const width = onTerminal ? "i Info → ".length : plainInfoHeader.length;
  const marked = onTerminal ? note.replaceAll("--platform", "\x1b[1m--platform\x1b[0m") : note;
  const lines = marked.split("\n").map((line, i) => {
    const shown = onTerminal ? `\x1b[3m${line}\x1b[0m` : line;
    return `${i > 0 ? " ".repeat(width) : ""}${shown}\n`;
  });
  return `\n${header}${lines.join("")}`;
}
