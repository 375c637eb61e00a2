import { sys } from "../kernel/syscalls.ts";
import { decodeText } from "./characters.ts";
import { evaluateSequence, syntaxFailure } from "./evaluate.ts";
import { parserFor } from "./parser-options.ts";
import type { Shell, Steps } from "./shell.ts";
import { ShellSource } from "./source.ts";
import { IncompleteCommand, ShellSyntaxError } from "./syntax.ts";

/** Bytes that are read at a time; what a shell has read its commands do not see. */
const blockSize = 8192;

/** Runs the commands that come on standard input, each as soon as it is complete. */
export function* readCommands(shell: Shell): Steps<number> {
  let text = "";
  let partial: Uint8Array = new Uint8Array();
  let ended = false;
  let line = 1;
  while (true) {
    const source = new ShellSource(text, ended, line);
    try {
      const parser = parserFor(shell, source);
      const sequence = parser.parseLine();
      if (!sequence) return shell.status;
      text = text.slice(text.length - parser.unread);
      line = source.line;
      if (!shell.options.has("noexec")) yield* evaluateSequence(shell, sequence);
      continue;
    } catch (error) {
      if (error instanceof ShellSyntaxError) throw yield* syntaxFailure(shell, error);
      if (!(error instanceof IncompleteCommand)) throw error;
    }
    const block = yield* sys.read(0, blockSize);
    if (block.length === 0) {
      ended = true;
      text += decodeText(partial);
      continue;
    }
    // A character may have been cut in two: only whole lines are decoded, what is left waits.
    const bytes = joined(partial, block);
    const end = bytes.lastIndexOf(10) + 1;
    text += decodeText(bytes.subarray(0, end));
    partial = bytes.slice(end);
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  if (left.length === 0) return right;
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left);
  bytes.set(right, left.length);
  return bytes;
}
