import type { Terminal } from "@xterm/xterm";

/** Everything a terminal shows, scrolled-off lines included, up to the cursor; lines that it wrapped are joined again. */
export function printedOn(terminal: Terminal): string {
  const { active } = terminal.buffer;
  const last = active.baseY + active.cursorY;
  let text = "";
  for (let at = 0; at <= last; at++) {
    const line = active.getLine(at);
    const wrapped = active.getLine(at + 1)?.isWrapped === true;
    if (at === last) text += line?.translateToString(false, 0, active.cursorX) ?? "";
    else text += (line?.translateToString(!wrapped) ?? "") + (wrapped ? "" : "\n");
  }
  return text;
}
